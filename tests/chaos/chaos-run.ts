import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ChaosResult } from '../../bin/chaos/series.ts';
import { newHome } from '../helpers/stack.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STACK = fileURLToPath(new URL('./stack-with-mutant.ts', import.meta.url));
const FOLLOW_PARENT = pathToFileURL(join(ROOT, 'dist', 'bin', 'stack', 'follow-parent.js')).href;

/** A strategy whose trades do not hang on the market. */
export const ALWAYS_IN = fileURLToPath(new URL('./always-in.mjs', import.meta.url));

export interface ChaosRun {
  readonly code: number | null;
  readonly result: ChaosResult;
  /** What it told people meanwhile. */
  readonly said: string;
}

/** `tradewind chaos --json` with these arguments on the stack of a home. Throws with what it said when it gives no result. */
export async function chaos(home: string, ...args: readonly string[]): Promise<ChaosRun> {
  const { code, stdout, stderr } = await ended(
    spawn(process.execPath, [join(ROOT, 'bin', 'tradewind.mjs'), 'chaos', '--json', '--home', home, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  let result: ChaosResult;
  try {
    result = JSON.parse(stdout) as ChaosResult;
  } catch {
    throw new Error(`chaos gave no result (exit code ${code}):\n${stdout}${stderr}`);
  }
  return { code, result, said: stderr };
}

export interface MutantStack {
  readonly mutant: string;
  /** The kind of worker that it is in the place of. */
  readonly of?: string;
  readonly workers?: number;
  /** A kind of worker that it does without. */
  readonly without?: string;
}

/** Runs `use` on a stack whose workers of a kind, the venue workers unless told, are all replaced by a wrong one, then takes it down. */
export async function withMutant<T>(
  { mutant, of = 'venue', workers = 1, without }: MutantStack,
  use: (home: string) => Promise<T>,
): Promise<T> {
  const home = newHome();
  const args = ['--import', FOLLOW_PARENT, '--import', 'tsx', STACK, '--home', home, '--mutant', mutant, '--of', of];
  // Its stdin is a pipe from this process: a test run that is killed leaves no stack behind.
  const lacking = without === undefined ? [] : ['--without', without];
  const child = spawn(process.execPath, [...args, '--workers', String(workers), ...lacking], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const over = ended(child);
  try {
    const ready = new Promise<true>((resolve) => child.stdout.once('data', () => resolve(true)));
    const first = await Promise.race([ready, over]);
    if (first !== true) throw new Error(`the stack with ${mutant} did not come up:\n${first.stderr}`);
    return await use(home);
  } finally {
    child.kill('SIGTERM');
    await over;
    rmSync(home, { recursive: true, force: true });
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
