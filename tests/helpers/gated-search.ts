import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { barsOf, writeBars } from './bars-file.ts';

/** The spec of a search that waits, and what lets it go. */
export interface GatedSearch {
  readonly spec: object;
  open(): void;
}

/**
 * A search of 300 combinations of a user's strategy, of which every second one takes most of a second until a file is there: long enough to be
 * disturbed in the middle, and over soon after it is let go.
 */
export function gatedSearch(folder: string, name: string): GatedSearch {
  const gate = join(folder, `${name}.gate`);
  const file = join(folder, `${name}.mjs`);
  writeFileSync(
    file,
    `import { existsSync } from 'node:fs';
const parameter = (name, max) => ({ kind: 'integer', name, title: name, min: 0, max, default: 1 });
export default { id: '${name}', title: 'Gated', params: [parameter('wait', 1), parameter('go', 400)], prepare: (lines, { wait, go }) => (context) => {
  const { index } = context.bar;
  // Until the gate is open every bar takes a while, and says that it is alive.
  if (wait === 1 && !existsSync(${JSON.stringify(gate)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  if (index % 40 === go % 10) context.buy();
  else if (index % 40 === 20) context.close();
} };\n`,
  );
  const few = writeBars(join(folder, `${name}.csv`), 300);
  const space = { go: { min: 0, max: 149, step: 1 }, wait: { values: [0, 1] } };
  const spec = { data: barsOf(few), strategy: { file }, space, walkForward: null };
  return { spec, open: () => writeFileSync(gate, '') };
}
