import { spawn } from 'node:child_process';
import { FIRST_BYTE_LIMIT_MS } from './first-byte.ts';

/**
 * Installs one PyPI package, without its dependencies, into `folder`. With `--target` this also works on a system Python that
 * refuses plain installs. Throws when there is no Python with pip, or when pip fails; says why in pip's own last words.
 */
export async function installFromPypi(requirement: string, folder: string): Promise<void> {
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--root-user-action', 'ignore'];
  const impatient = ['--timeout', String(FIRST_BYTE_LIMIT_MS / 1000), '--retries', '0'];
  const args = ['-m', 'pip', 'install', '--no-deps', '--target', folder, ...quiet, ...impatient, requirement];
  const child = spawn('python3', args, { env: process.env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error('there is no python3')));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(lastLine(complaint) || `pip ended with ${code}`)),
    );
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
