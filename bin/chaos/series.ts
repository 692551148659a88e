import type { DurationMs } from '../../domain/market/decimal.ts';
import { openConnections } from './connections.ts';
import { addCounts, type InterventionCounts } from './interventions.ts';
import { stackOf } from '../terminal/running-stack.ts';
import type { Judgement } from './judge.ts';
import { type ChaosPlan, graceOf, planRun } from './plan.ts';
import { type Recovery, recoveryFinding, type Spread, spreadOf } from './recovery.ts';
import { type ChaosFailure, type RunOptions, type RunOutcome, runOnce } from './run.ts';
import { type SessionsOutcome, type SessionsResult, SessionsAtWork } from './sessions/sessions-at-work.ts';
import { untilReady } from './until-ready.ts';

const SLOWEST = 10;

/** What a series of runs came to; names and fields are stable. */
export interface ChaosResult {
  readonly runs: number;
  readonly seed: number;
  readonly kills: number;
  /** Failures of venues that befell a request or a stream. */
  readonly faults: number;
  /** Failures that were set and befell nobody, as far as the venues know. */
  readonly faultsMissed: number;
  /** What people did to executions meanwhile. */
  readonly interventions: InterventionCounts;
  readonly duplicates: number;
  readonly lost: number;
  readonly doubleCounted: number;
  readonly inexact: number;
  readonly overfilled: number;
  readonly leftOpen: number;
  readonly ofNobody: number;
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
  /** `null` when none traded. Their orders are judged as executions are, and count in the fields above, but for `executions` and `statuses`. */
  readonly sessions: SessionsResult | null;
  readonly failures: readonly ChaosFailure[];
  readonly seconds: number;
  readonly home: string;
}

export interface SeriesOptions extends Omit<RunOptions, 'seed' | 'nonce' | 'sessions'> {
  readonly runs: number;
  /** What 95 in 100 recoveries may take; `null` for no bound. */
  readonly recoveryWithinMs: DurationMs | null;
}

/** Runs `1` to `runs` of a plan, one after the other, on the stack of a home. */
export async function runSeries(plan: ChaosPlan, options: SeriesOptions): Promise<ChaosResult> {
  const { home, runs, say } = options;
  const began = performance.now();
  const nonce = `${plan.seed}-${Date.now().toString(36)}`;
  await untilReady(home);
  const connections = await openConnections(stackOf(home));
  const outcomes: RunOutcome[] = [];
  let sessions: SessionsAtWork | null = null;
  let ended: SessionsOutcome | null = null;
  try {
    if (plan.sessions > 0) sessions = await SessionsAtWork.start(home, plan, nonce);
    for (let run = 1; run <= runs; run += 1) {
      const outcome = await runOnce(planRun(plan, run), connections, {
        ...options,
        seed: plan.seed,
        nonce,
        sessions,
      });
      outcomes.push(outcome);
      for (const failure of outcome.failures) say(failureInWords(failure));
      say(runInWords(outcome));
    }
    if (sessions !== null) {
      say('the sessions come to rest and are ended');
      ended = await sessions.end(connections, graceOf(plan));
    }
  } finally {
    sessions?.close();
    await connections.close();
  }
  return withBound(
    resultOf(plan, outcomes, ended, { home, seconds: (performance.now() - began) / 1_000 }),
    options.recoveryWithinMs,
  );
}

/** The result with a failure where recoveries took longer than they may. */
export function withBound(result: ChaosResult, recoveryWithinMs: DurationMs | null): ChaosResult {
  const finding = recoveryFinding(result.recoveryMs, recoveryWithinMs);
  if (finding === null) return result;
  return { ...result, failures: [...result.failures, { run: null, seed: result.seed, ...finding }] };
}

/** Whether nothing went wrong that must not go wrong. */
export function isClean(result: ChaosResult): boolean {
  const { failures, duplicates, lost, doubleCounted, inexact, overfilled, leftOpen, ofNobody, ...rest } = result;
  const wrong = duplicates + lost + doubleCounted + inexact + overfilled + leftOpen + ofNobody;
  return failures.length + wrong + rest.unfinished + rest.intrusions === 0;
}

function resultOf(
  plan: ChaosPlan,
  outcomes: readonly RunOutcome[],
  ended: SessionsOutcome | null,
  { home, seconds }: { readonly home: string; readonly seconds: number },
): ChaosResult {
  const total = (of: (outcome: RunOutcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const judged = [...outcomes, ...(ended === null ? [] : [ended.judgement])];
  const sum = (of: (one: Omit<Judgement, 'findings'>) => number) => judged.reduce((all, one) => all + of(one), 0);
  const failures = [
    ...outcomes.flatMap((outcome) => outcome.failures),
    ...(ended?.findings ?? []).map((finding): ChaosFailure => ({ run: null, seed: plan.seed, ...finding })),
  ];
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
    faultsMissed: total(({ faultsMissed }) => faultsMissed),
    interventions: addCounts(outcomes.map(({ interventions }) => interventions)),
    duplicates: sum(({ duplicates }) => duplicates),
    lost: sum(({ lost }) => lost),
    doubleCounted: sum(({ doubleCounted }) => doubleCounted),
    inexact: sum(({ inexact }) => inexact),
    overfilled: sum(({ overfilled }) => overfilled),
    leftOpen: sum(({ leftOpen }) => leftOpen),
    ofNobody: sum(({ ofNobody }) => ofNobody),
    unfinished: failures.filter(({ kind }) => kind === 'unfinished').length,
    intrusions: sum(({ intrusions }) => intrusions),
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
    sessions: ended?.result ?? null,
    failures,
    seconds: Math.round(seconds),
    home,
  };
}

function runInWords({ run, kills, faults, faultsMissed, statuses, failures, seconds }: RunOutcome): string {
  const ended = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
  const ends = ended.length === 0 ? 'no executions' : ended.join(', ');
  const verdict = failures.length === 0 ? 'books exact' : `${failures.length} FAILURES`;
  return `run ${run}: ${kills.length} kills, ${faults} faults${faultsMissed === 0 ? '' : ` (${faultsMissed} missed)`}; ${ends}; ${verdict}; ${seconds.toFixed(0)} s`;
}

/** A failure with what is needed to find it again. */
export function failureInWords({ run, seed, kind, executionId, detail }: ChaosFailure): string {
  return `FAILED ${run === null ? 'all runs' : `run ${run}`} of seed ${seed}: ${kind}${executionId === null ? '' : ` (${executionId})`}: ${detail}`;
}
