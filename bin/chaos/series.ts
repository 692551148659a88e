import { openConnections } from './connections.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { type ChaosPlan, planRun } from './plan.ts';
import { type Recovery, type Spread, spreadOf } from './recovery.ts';
import { type ChaosFailure, type RunOptions, type RunOutcome, runOnce } from './run.ts';
import { untilReady } from './until-ready.ts';

const SLOWEST = 10;

/** What a series of runs came to; names and fields are stable. */
export interface ChaosResult {
  readonly runs: number;
  readonly seed: number;
  readonly kills: number;
  readonly faults: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly doubleCounted: number;
  readonly inexact: number;
  readonly unfinished: number;
  /** Pieces of work on a venue account by a process that did not own it. */
  readonly intrusions: number;
  readonly executions: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** From "the killed process serves again" to the next progress; without executions that had an order open then. */
  readonly recoveryMs: Spread;
  /** The same for executions that had an order open when the process served again. */
  readonly recoveryUnresolvedMs: Spread;
  /** The ten longest recoveries of all. */
  readonly slowest: readonly (Recovery & { readonly run: number })[];
  readonly recoveryByTarget: Readonly<Record<string, Spread>>;
  /** From the kill to "serves again". */
  readonly upAgainMs: Spread;
  readonly upAgainByTarget: Readonly<Record<string, Spread>>;
  readonly failures: readonly ChaosFailure[];
  readonly seconds: number;
  readonly home: string;
}

export interface SeriesOptions extends Omit<RunOptions, 'seed' | 'nonce'> {
  readonly runs: number;
}

/** Runs `1` to `runs` of a plan, one after the other, on the stack of a home. */
export async function runSeries(plan: ChaosPlan, options: SeriesOptions): Promise<ChaosResult> {
  const { home, runs, say } = options;
  const began = performance.now();
  const nonce = `${plan.seed}-${Date.now().toString(36)}`;
  await untilReady(home);
  const connections = await openConnections(stackOf(home));
  const outcomes: RunOutcome[] = [];
  try {
    for (let run = 1; run <= runs; run += 1) {
      const outcome = await runOnce(planRun(plan, run), connections, { ...options, seed: plan.seed, nonce });
      outcomes.push(outcome);
      for (const failure of outcome.failures) say(failureInWords(failure));
      say(runInWords(outcome));
    }
  } finally {
    await connections.close();
  }
  return resultOf(plan, outcomes, { home, seconds: (performance.now() - began) / 1_000 });
}

/** Whether nothing went wrong that must not go wrong. */
export function isClean({ failures, duplicates, lost, doubleCounted, inexact, unfinished, intrusions }: ChaosResult) {
  return failures.length + duplicates + lost + doubleCounted + inexact + unfinished + intrusions === 0;
}

function resultOf(
  plan: ChaosPlan,
  outcomes: readonly RunOutcome[],
  { home, seconds }: { readonly home: string; readonly seconds: number },
): ChaosResult {
  const total = (of: (outcome: RunOutcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const recoveries = outcomes.flatMap(({ run, recoveries: own }) => own.map((recovery) => ({ ...recovery, run })));
  const kills = outcomes.flatMap((outcome) => outcome.kills);
  const lengths = (chosen: readonly Recovery[]) => spreadOf(chosen.map(({ ms }) => ms));
  const targets = [...new Set(kills.map(({ target }) => target))].toSorted();
  const upAgain = (chosen: typeof kills) =>
    spreadOf(chosen.flatMap(({ at, upAt }) => (upAt === null ? [] : [upAt - at])));
  const statuses: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [status, count] of Object.entries(outcome.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  return {
    runs: outcomes.length,
    seed: plan.seed,
    kills: kills.length,
    faults: total(({ faults }) => faults),
    duplicates: total(({ duplicates }) => duplicates),
    lost: total(({ lost }) => lost),
    doubleCounted: total(({ doubleCounted }) => doubleCounted),
    inexact: total(({ inexact }) => inexact),
    unfinished: total(({ unfinished }) => unfinished),
    intrusions: total(({ intrusions }) => intrusions),
    executions: Object.values(statuses).reduce((sum, count) => sum + count, 0),
    statuses,
    recoveryMs: lengths(recoveries.filter(({ unresolved }) => !unresolved)),
    recoveryUnresolvedMs: lengths(recoveries.filter(({ unresolved }) => unresolved)),
    slowest: recoveries.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST),
    recoveryByTarget: Object.fromEntries(
      targets.map((target) => [target, lengths(recoveries.filter((each) => each.target === target))]),
    ),
    upAgainMs: upAgain(kills),
    upAgainByTarget: Object.fromEntries(
      targets.map((target) => [target, upAgain(kills.filter((each) => each.target === target))]),
    ),
    failures: outcomes.flatMap(({ failures }) => failures),
    seconds: Math.round(seconds),
    home,
  };
}

function runInWords({ run, kills, faults, statuses, failures, seconds }: RunOutcome): string {
  const ends = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
  const verdict = failures.length === 0 ? 'books exact' : `${failures.length} FAILURES`;
  return `run ${run}: ${kills.length} kills, ${faults} faults; ${ends.join(', ')}; ${verdict}; ${seconds.toFixed(0)} s`;
}

/** A failure with what is needed to find it again. */
export function failureInWords({ run, seed, kind, executionId, detail }: ChaosFailure): string {
  return `FAILED run ${run} of seed ${seed}: ${kind}${executionId === null ? '' : ` (${executionId})`}: ${detail}`;
}
