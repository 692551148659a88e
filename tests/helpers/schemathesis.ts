import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../bin/stack/cache-folder.ts';
import { FIRST_BYTE_LIMIT_MS } from '../../bin/stack/first-byte.ts';

const execute = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL('../integration/api/requirements.txt', import.meta.url));
const QUIET = ['--quiet', '--no-input', '--disable-pip-version-check', '--root-user-action', 'ignore'];

/** schemathesis, which makes requests from an OpenAPI document and judges the answers: how it is run. */
export interface Schemathesis {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Finds schemathesis in a cache folder of ours, where pip puts it on first use; a folder of its own, so that a system Python that refuses
 * plain installs will do. Throws with pip's last words when it cannot be had.
 */
export async function findSchemathesis(say: (line: string) => void): Promise<Schemathesis> {
  const { stdout: version } = await execute('python3', ['-c', 'import sys; print(sys.version, sys.platform)']);
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(version).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(process.env), 'schemathesis', hash);
  if (!existsSync(folder)) await install(folder, say);
  return {
    program: 'python3',
    args: ['-c', 'import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())'],
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
  };
}

/** Into a draft that is renamed once complete, so that what is there is never half of it. */
async function install(folder: string, say: (line: string) => void): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    say('installing schemathesis (once) …');
    const impatient = ['--timeout', String(FIRST_BYTE_LIMIT_MS / 1000), '--retries', '0'];
    const what = ['--only-binary', ':all:', '--requirement', REQUIREMENTS];
    await execute('python3', ['-m', 'pip', 'install', '--target', draft, ...QUIET, ...impatient, ...what]);
    renameSync(draft, folder);
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    // Another run may have been quicker: then it is there.
    if (!existsSync(folder)) throw new Error(stderr.trim().split('\n').at(-1) || message, { cause: error });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
