import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeLayout } from '../bin/stack/home-layout.ts';
import { runningStack, type StackRecord } from '../bin/stack/stack-record.ts';
import { type ApiAddress, ApiClient, apiAddress } from '../bin/terminal/client.ts';
import { projectRoot } from '../bin/terminal/home.ts';

/** A measurement must not write into the database of somebody who trades. */
const NO_OTHER_SERVERS = { DATABASE_URL: '', TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' };

/** A stack of its own, with nothing else to do. */
export interface BenchStack {
  readonly client: ApiClient;
  readonly api: ApiAddress;
  readonly databaseUrl: string;
  /** Addresses and processes as they are now. */
  record(): StackRecord;
}

export interface BenchStackOptions {
  /** Threads of the compute worker. */
  readonly threads?: number;
  /** Simulated venues as `--venues` takes them; the default ones unless given. */
  readonly venues?: readonly object[];
  /** Settings beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a stack in a new home, gives it to `work`, and takes it away with all that it stored. */
export async function withStack<Result>(
  { threads, venues, env = {} }: BenchStackOptions,
  say: (line: string) => void,
  work: (stack: BenchStack) => Promise<Result>,
): Promise<Result> {
  const home = await mkdtemp(join(tmpdir(), 'tradewind-bench-stack-'));
  // PostgreSQL, which runs as a user of its own under root, passes through it.
  chmodSync(home, 0o711);
  try {
    say('starting a stack');
    const venuesFile = join(home, 'bench-venues.json');
    if (venues !== undefined) await writeFile(venuesFile, JSON.stringify(venues));
    const chosen = venues === undefined ? [] : ['--venues', venuesFile];
    const settings = threads === undefined ? env : { ...env, TRADEWIND_COMPUTE_THREADS: String(threads) };
    await tradewind(['up', '--detach', '--home', home, ...chosen], settings);
    const layout = homeLayout(home);
    const databaseUrl = (await readFile(layout.databaseUrlFile, 'utf8')).trim();
    // Its own API, whatever other one the environment names.
    const api = apiAddress(home, {});
    const record = (): StackRecord => {
      const running = runningStack(layout);
      if (running === null) throw new Error('the stack of the measurement has ended');
      return running;
    };
    return await work({ client: new ApiClient(api), api, databaseUrl, record });
  } finally {
    await tradewind(['down', '--home', home], {}).catch((error: Error) => say(error.message));
    await rm(home, { recursive: true, force: true });
  }
}

async function tradewind(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const program = join(projectRoot(), 'bin', 'tradewind.mjs');
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...NO_OTHER_SERVERS, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`tradewind ${args[0]!} ended with ${code}`);
}
