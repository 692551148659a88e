import { accessSync, constants, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheFolder } from './cache-folder.ts';
import { downloadOfficial, type OfficialProgram } from './official-download.ts';
import { takeLock } from './process-lock.ts';
import { installFromPypi } from './pypi-package.ts';

const LOCK_POLL_MS = 200;
const PROGRESS_EVERY_MS = 5_000;

/** A program that can be had over the network in two ways. */
export interface ProgramSource {
  /** Its folder in the cache. */
  readonly name: string;
  readonly official: OfficialProgram;
  readonly pypi: { readonly requirement: string; readonly executable: string };
}

export interface FoundProgram {
  readonly path: string;
  /** Where it came from, for people. */
  readonly source: string;
}

/** A way to the program that did not work, for the error that lists them all. */
export interface FailedAttempt {
  readonly source: string;
  readonly reason: string;
}

export class ProgramNotFound extends Error {
  readonly attempts: readonly FailedAttempt[];
  constructor(name: string, attempts: readonly FailedAttempt[]) {
    const tried = attempts.map(({ source, reason }) => `  ${source}: ${reason}`).join('\n');
    super(`no ${name} could be had:\n${tried}`);
    this.name = 'ProgramNotFound';
    this.attempts = attempts;
  }
}

/** Whether a file is there and may be run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const OFFICIAL_NAME = 'program';

/**
 * The cached copy, else the official download, else the PyPI package; what was fetched is cached for all homes. Starts that need
 * the same program at once wait for one download. Throws `ProgramNotFound` with every attempt and its reason.
 */
export async function cachedOrFetched(
  wanted: ProgramSource,
  say: (line: string) => void,
  download: typeof downloadOfficial = downloadOfficial,
): Promise<FoundProgram> {
  const folder = join(cacheFolder(), wanted.name);
  const cached = inCache(folder, wanted);
  if (cached !== null) return { path: cached, source: 'cache' };
  const release = await waitForLock(`${folder}.lock`);
  try {
    const meanwhile = inCache(folder, wanted);
    return meanwhile === null ? await fetchInto(folder, wanted, say, download) : { path: meanwhile, source: 'cache' };
  } finally {
    release();
  }
}

/** The two places of a cached copy: where the official download and where the PyPI package puts it. */
function inCache(folder: string, wanted: ProgramSource): string | null {
  const places = [join(folder, 'official', OFFICIAL_NAME), join(folder, 'pypi', wanted.pypi.executable)];
  return places.find(isExecutable) ?? null;
}

async function fetchInto(
  folder: string,
  wanted: ProgramSource,
  say: (line: string) => void,
  download: typeof downloadOfficial,
): Promise<FoundProgram> {
  const attempts: FailedAttempt[] = [];
  const ways = [
    {
      source: 'official download',
      into: 'official',
      fetch: async (draft: string) => {
        const fetched = await download(wanted.official, draft, say);
        renameSync(fetched, join(draft, OFFICIAL_NAME));
      },
    },
    {
      source: `PyPI ${wanted.pypi.requirement}`,
      into: 'pypi',
      fetch: (draft: string) => installFromPypi(wanted.pypi.requirement, draft),
    },
  ];
  for (const { source, into, fetch } of ways) {
    try {
      await intoFolder(join(folder, into), `${wanted.name} from ${source}`, fetch, say);
      const path = inCache(folder, wanted);
      if (path === null) throw new Error('the program was not in what arrived');
      return { path, source };
    } catch (error) {
      const reason = (error as Error).message;
      attempts.push({ source, reason });
      say(`${wanted.name}: ${source} failed (${reason})`);
    }
  }
  throw new ProgramNotFound(wanted.name, attempts);
}

/** Fills a folder beside its final place and moves it there when complete, so that a cached copy is never half a program. */
async function intoFolder(
  place: string,
  title: string,
  fill: (draft: string) => Promise<void>,
  say: (line: string) => void,
): Promise<void> {
  mkdirSync(dirname(place), { recursive: true });
  const draft = mkdtempSync(`${place}.`);
  const startedAt = performance.now();
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  say(`getting ${title} …`);
  const ticker = setInterval(() => say(`getting ${title} … ${elapsed()}`), PROGRESS_EVERY_MS);
  try {
    await fill(draft);
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
    say(`got ${title} in ${elapsed()}`);
  } finally {
    clearInterval(ticker);
    rmSync(draft, { recursive: true, force: true });
  }
}

async function waitForLock(file: string): Promise<() => void> {
  for (;;) {
    const attempt = takeLock(file);
    if (attempt.held) return attempt.release;
    await delay(LOCK_POLL_MS);
  }
}
