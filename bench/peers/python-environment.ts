import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../bin/stack/cache-folder.ts';
import { takeLock } from '../../bin/stack/process-lock.ts';

const LOCK_POLL_MS = 200;
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The program that runs the cases of the peers. */
export const SERVE_PEERS = fileURLToPath(new URL('serve.py', import.meta.url));

/**
 * A Python that has the peers: the one that `TRADEWIND_BENCH_PYTHON` names, else that of an environment of our own in the cache
 * folder, made on first use and named by what is in it. Throws when there is no Python or no network, with the reason.
 */
export async function peerPython(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env['TRADEWIND_BENCH_PYTHON'];
  if (named) return named;
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(env), 'bench-peers', hash);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  const release = await waitForLock(`${folder}.lock`);
  try {
    if (!existsSync(python)) await install(folder, say);
  } finally {
    release();
  }
  return python;
}

/** Into a draft that is renamed once complete, so that what is there is never half an environment. */
async function install(folder: string, say: (line: string) => void): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}.`);
  try {
    say('installing the programs to compare with (once; takes a minute or two) …');
    await python('python3', ['-m', 'venv', draft]);
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--only-binary', ':all:'];
    await python(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, '--requirement', REQUIREMENTS]);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function python(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error(`there is no ${program}`)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(complaint.trim().split('\n').at(-1) || `${program} ended with ${code}`));
    });
  });
}

async function waitForLock(file: string): Promise<() => void> {
  for (;;) {
    const attempt = takeLock(file);
    if (attempt.held) return attempt.release;
    await delay(LOCK_POLL_MS);
  }
}
