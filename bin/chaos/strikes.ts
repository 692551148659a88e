import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { InvalidInput } from '../stack/failures.ts';
import type { ProcessRecord } from '../stack/stack-record.ts';
import { callAdmin } from '../stack/venue-admin.ts';
import { stackOf } from '../terminal/running-stack.ts';
import type { Strike } from './plan.ts';
import { instancesOf } from './targets.ts';
import type { VenueFault } from './venue-faults.ts';

const POLL_MS = 25;
const AGAIN_AFTER_MS = 100;
/** How long a kill waits for a process that is down already, and a fault for a venue that does not answer. */
const PATIENCE_MS: DurationMs = 20_000;
const UP_AGAIN_WITHIN_MS: DurationMs = 120_000;

/** A process that was killed, and when the one in its place served. */
export interface Kill {
  readonly target: string;
  readonly process: string;
  readonly at: EpochMs;
  /** `null` when nothing came to serve in its place. */
  readonly upAt: EpochMs | null;
  /** Whether it was kept from coming up to the end of the run, so that its twin had to do. */
  readonly forGood: boolean;
}

/** A failure that a venue was set to. */
export interface SetFault {
  readonly venue: string;
  readonly id: string;
  readonly setAt: EpochMs;
}

/** How many failures befell somebody, and how many nobody: their time passed, or their venue was restarted before one was told. */
export interface FaultCounts {
  readonly faults: number;
  readonly faultsMissed: number;
}

/** What became of the strikes of a run. */
export interface StrikeLog {
  readonly kills: readonly Kill[];
  readonly faults: readonly SetFault[];
  /** Strikes that could not be made, in words. */
  readonly problems: readonly string[];
}

export interface StrikeOptions {
  readonly home: string;
  /** From when the instants of the strikes count. */
  readonly startedAt: EpochMs;
  /**
   * Processes that have a twin stay dead: whoever was killed once is killed again as soon as it comes up, until `over`.
   */
  readonly keepDead: boolean;
  /** How long a killed process is kept from coming up. */
  readonly awayMs: DurationMs;
  readonly over: AbortSignal;
  readonly told: (strike: Strike, process: string | null) => void;
}

/** Makes every strike at its instant, and waits until whatever was killed serves again. */
export async function makeStrikes(strikes: readonly Strike[], options: StrikeOptions): Promise<StrikeLog> {
  const kills: Kill[] = [];
  const problems: string[] = [];
  const faults: SetFault[] = [];
  const dead = new Set<string>();
  await Promise.all(
    strikes.map(async (strike) => {
      await delay(Math.max(0, options.startedAt + strike.atMs - Date.now()));
      try {
        if (strike.kind === 'fault') {
          faults.push(await setFault(options.home, strike));
          options.told(strike, null);
          return;
        }
        const victim = await killOne(options.home, strike, dead);
        options.told(strike, victim.name);
        const at = Date.now();
        if (options.keepDead && hasTwin(options.home, strike.target) && dead.size === 0) {
          dead.add(victim.name);
          void keepDown(options.home, victim, options.over);
          kills.push({ target: strike.target, process: victim.name, at, upAt: null, forGood: true });
          return;
        }
        if (options.awayMs > 0) await keepDown(options.home, victim, AbortSignal.timeout(options.awayMs));
        const upAt = await untilUp(options.home, victim);
        kills.push({ target: strike.target, process: victim.name, at, upAt, forGood: false });
        if (upAt === null) problems.push(`${victim.name} did not come back within ${UP_AGAIN_WITHIN_MS / 1_000} s`);
      } catch (error) {
        problems.push((error as Error).message);
      }
    }),
  );
  return { kills: kills.toSorted((a, b) => a.at - b.at), faults, problems };
}

async function setFault(home: string, strike: Extract<Strike, { kind: 'fault' }>): Promise<SetFault> {
  const { venues } = stackOf(home);
  const venue = venues[strike.venue % venues.length];
  if (venue === undefined) throw new Error(`the stack in ${home} simulates no venue`);
  const set = await patiently(() => callAdmin(venue, 'POST', '/faults', strike.fault satisfies VenueFault));
  return { venue: venue.id, ...(set as Omit<SetFault, 'venue'>) };
}

interface FaultsView {
  readonly faults: readonly StruckFault[];
  readonly past: readonly StruckFault[];
}

interface StruckFault {
  readonly id: string;
  readonly setAt: EpochMs;
  readonly struck: number;
}

/** Asks the venues how many of these failures befell a request or a stream. What a venue knew before it was killed is gone: that counts as missed. */
export async function countFaults(home: string, set: readonly SetFault[]): Promise<FaultCounts> {
  const struck = new Set<string>();
  for (const venue of stackOf(home).venues) {
    const { faults, past } = (await patiently(() => callAdmin(venue, 'GET', '/faults'))) as FaultsView;
    for (const fault of [...faults, ...past]) if (fault.struck > 0) struck.add(keyOf({ ...fault, venue: venue.id }));
  }
  const faults = set.filter((fault) => struck.has(keyOf(fault))).length;
  return { faults, faultsMissed: set.length - faults };
}

/** A restarted venue counts its ids anew. */
function keyOf({ venue, id, setAt }: SetFault): string {
  return JSON.stringify([venue, id, setAt]);
}

/** Takes all faults of all venues away, those that hold requests included. */
export async function clearFaults(home: string): Promise<void> {
  for (const venue of stackOf(home).venues) await patiently(() => callAdmin(venue, 'DELETE', '/faults'));
}

/** Asks again and again for 20 s. What is refused is thrown at once. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof InvalidInput || performance.now() > deadline) throw error;
      await delay(AGAIN_AFTER_MS);
    }
  }
}

/** `kill -9`. A process that is down already is killed while it comes up. */
async function killOne(
  home: string,
  { target, instance }: Extract<Strike, { kind: 'kill' }>,
  dead: ReadonlySet<string>,
): Promise<{ name: string; pid: number }> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const living = instancesOf(stackOf(home), target).filter(({ name }) => !dead.has(name));
    const victim = living[instance % Math.max(1, living.length)];
    if (victim === undefined) throw new Error(`the stack in ${home} runs no process "${target}"`);
    if (victim.pid !== null && killed(victim.pid)) return { name: victim.name, pid: victim.pid };
    if (performance.now() > deadline) throw new Error(`"${victim.name}" was down for ${PATIENCE_MS / 1_000} s`);
    await delay(POLL_MS);
  }
}

function killed(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    // It ended by itself just now.
    return false;
  }
}

async function untilUp(home: string, victim: { name: string; pid: number }): Promise<EpochMs | null> {
  const deadline = performance.now() + UP_AGAIN_WITHIN_MS;
  while (performance.now() < deadline) {
    const now = processOf(home, victim.name);
    if (now?.ready === true && now.pid !== victim.pid) return Date.now();
    await delay(POLL_MS);
  }
  return null;
}

function hasTwin(home: string, target: string): boolean {
  return instancesOf(stackOf(home), target).length > 1;
}

/** Kills whatever comes up in the place of a process, until `over`. */
async function keepDown(home: string, victim: { name: string; pid: number }, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const now = processOf(home, victim.name);
    if (now !== undefined && now.pid !== null && now.pid !== victim.pid) killed(now.pid);
    await delay(POLL_MS);
  }
}

function processOf(home: string, name: string): ProcessRecord | undefined {
  return stackOf(home).processes.find((each) => each.name === name);
}
