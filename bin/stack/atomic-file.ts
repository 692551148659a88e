import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file so that readers see the old content or the new one, never a part. `mode` is that of the new file. */
export function writeAtomically(file: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, file);
}

/** The same for a value, as indented JSON. */
export function writeJson(file: string, value: unknown, mode = 0o644): void {
  writeAtomically(file, `${JSON.stringify(value, null, 2)}\n`, mode);
}
