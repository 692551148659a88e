import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLayout } from '../bin/stack/home-layout.ts';
import { ApiClient, apiAddress } from '../bin/terminal/client.ts';
import { projectRoot } from '../bin/terminal/home.ts';

/** A stack of its own, with nothing else to do. */
export interface BenchStack {
  readonly client: ApiClient;
  readonly databaseUrl: string;
}

/** Starts a stack in a new home, gives it to `work`, and takes it away with all that it stored. */
export async function withStack<Result>(
  threads: number,
  say: (line: string) => void,
  work: (stack: BenchStack) => Promise<Result>,
): Promise<Result> {
  const home = await mkdtemp(join(tmpdir(), 'tradewind-bench-stack-'));
  // PostgreSQL, which runs as a user of its own under root, passes through it.
  chmodSync(home, 0o711);
  try {
    say('starting a stack');
    await tradewind(['up', '--detach', '--home', home], { TRADEWIND_COMPUTE_THREADS: String(threads) });
    const layout = homeLayout(home);
    const databaseUrl = (await readFile(layout.databaseUrlFile, 'utf8')).trim();
    // Its own API, whatever other one the environment names.
    return await work({ client: new ApiClient(apiAddress(home, {})), databaseUrl });
  } finally {
    await tradewind(['down', '--home', home], {}).catch((error: Error) => say(error.message));
    await rm(home, { recursive: true, force: true });
  }
}

async function tradewind(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const program = join(projectRoot(), 'bin', 'tradewind.mjs');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`tradewind ${args[0]!} ended with ${code}`);
}
