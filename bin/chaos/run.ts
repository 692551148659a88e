import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { stackOf } from '../terminal/running-stack.ts';
import type { ChaosConnections } from './connections.ts';
import {
  addCounts,
  haltAndResume,
  intervene,
  type InterventionCounts,
  liftHalts,
  NO_INTERVENTIONS,
} from './interventions.ts';
import { type AwaitedExecution, type Finding, judge, type Judgement, markLedgers } from './judge.ts';
import { type ChaosMarket, openMarkets } from './markets.ts';
import { type RunPlan, type Strike, strikeInWords } from './plan.ts';
import type { SessionsAtWork } from './sessions/sessions-at-work.ts';
import { acceptedUnheard, marketOf, type RunningExecution, startPlanned, untilOver } from './start-executions.ts';
import { clearFaults, countFaults, type Kill, makeStrikes } from './strikes.ts';
import { untilReady } from './until-ready.ts';

/** Something that must not be, with what is needed to find it again. */
export interface ChaosFailure extends Finding {
  /** `null` for something about all runs together. */
  readonly run: number | null;
  readonly seed: number;
}

/** What one run came to. */
export interface RunOutcome extends Omit<Judgement, 'findings'> {
  readonly run: number;
  readonly kills: readonly Kill[];
  readonly faults: number;
  readonly faultsMissed: number;
  readonly interventions: InterventionCounts;
  readonly unfinished: number;
  readonly failures: readonly ChaosFailure[];
  readonly seconds: number;
}

export interface RunOptions {
  readonly home: string;
  readonly seed: number;
  readonly keepDead: boolean;
  readonly awayMs: DurationMs;
  /** Tells one use of a seed from another, so that executions are new ones. */
  readonly nonce: string;
  /** `null` when none trade. */
  readonly sessions: SessionsAtWork | null;
  readonly say: (line: string) => void;
}

/** One run: starts its executions, makes its strikes, waits for the end of all, and holds each against its venue's ledger. */
export async function runOnce(plan: RunPlan, connections: ChaosConnections, options: RunOptions): Promise<RunOutcome> {
  const { home, seed, say, sessions } = options;
  const began = performance.now();
  await untilReady(home);
  await clearFaults(home);
  await liftHalts(home);
  const markets = await openMarkets(stackOf(home));
  const before = await markLedgers(home);
  const startedAt = Date.now();
  const over = new AbortController();
  const told = (strike: Strike, victim: string | null) =>
    say(`run ${plan.run}: ${inSeconds(strike.atMs)}: ${victim === null ? strikeInWords(strike) : `kill ${victim}`}`);
  const striking = makeStrikes(plan.strikes, {
    home,
    startedAt,
    keepDead: options.keepDead,
    awayMs: options.awayMs,
    over: over.signal,
    told,
  });
  const halting = haltAndResume(home, startedAt, plan.halt).then(
    (counts) => ({ counts, problem: null }),
    (error: Error) => ({
      counts: NO_INTERVENTIONS,
      problem: `trading could not be halted and resumed: ${error.message}`,
    }),
  );
  const meddling = (sessions?.meddle(plan, startedAt) ?? Promise.resolve(NO_INTERVENTIONS)).then(
    (counts) => ({ counts, problem: null }),
    (error: Error) => ({
      counts: NO_INTERVENTIONS,
      problem: `sessions could not be meddled with: ${error.message}`,
    }),
  );
  const [work, strikes, ...people] = await Promise.all([
    workThrough(home, plan, markets, (index) => `chaos-${options.nonce}-${plan.run}-${index}`),
    striking,
    halting,
    meddling,
    delay(plan.lastsMs, NOBODY),
  ]);
  sessions?.note(strikes.kills);
  over.abort();
  await untilReady(home);
  const faults = await countFaults(home, strikes.faults);
  await clearFaults(home);
  const heard = work.awaited.map(({ execution }) => execution);
  const unheard = await acceptedUnheard(home, startedAt, heard);
  const awaited = [...work.awaited, ...(await untilAllOver(home, unheard, plan.graceMs))];

  const { findings, ...judgement } = await judge(
    home,
    connections,
    plan.graceMs,
    awaited,
    strikes.kills,
    before,
    sessions === null ? undefined : (ledger) => sessions.ownClientOrderIds(ledger),
  );
  const problems = [...strikes.problems, ...work.problems, ...people.flatMap(({ problem }) => problem ?? [])].map(
    (detail): Finding => ({ executionId: null, kind: 'stack', detail }),
  );
  const failures = [...work.refused, ...problems, ...findings].map((finding) => ({ run: plan.run, seed, ...finding }));
  return {
    run: plan.run,
    kills: strikes.kills,
    ...faults,
    interventions: addCounts([...work.interventions, ...people.map(({ counts }) => counts)]),
    ...judgement,
    unfinished: failures.filter(({ kind }) => kind === 'unfinished').length,
    failures,
    seconds: (performance.now() - began) / 1_000,
  };
}

const NOBODY = { counts: NO_INTERVENTIONS, problem: null };

interface Work {
  readonly awaited: readonly AwaitedExecution[];
  readonly refused: readonly Finding[];
  readonly interventions: readonly InterventionCounts[];
  /** Interventions that could not be made, in words. */
  readonly problems: readonly string[];
}

/** Starts all executions at once, meddles with those that it is planned for, and waits for the end of each. */
async function workThrough(
  home: string,
  { executions, graceMs }: RunPlan,
  markets: readonly ChaosMarket[],
  keyOf: (index: number) => string,
): Promise<Work> {
  const interventions: InterventionCounts[] = [];
  const problems: string[] = [];
  const outcomes = await Promise.allSettled(
    executions.map(async (each, index) => {
      const execution = await startPlanned(home, each, markets, keyOf(index));
      const [view] = await Promise.all([
        untilOver(home, execution.id, execution.endsAt + graceMs),
        intervene(home, execution, each, marketOf(each, markets)).then(
          (counts) => interventions.push(counts),
          (error: Error) => problems.push(`${execution.id} could not be meddled with: ${error.message}`),
        ),
      ]);
      return { execution, view };
    }),
  );
  const refused = outcomes.flatMap((outcome): Finding[] =>
    outcome.status === 'rejected' ? [notStarted(outcome)] : [],
  );
  const awaited = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  return { awaited, refused, interventions, problems };
}

/** Waits for the end of each. */
export function untilAllOver(
  home: string,
  executions: readonly RunningExecution[],
  graceMs: DurationMs,
): Promise<readonly AwaitedExecution[]> {
  return Promise.all(
    executions.map(async (execution) => ({
      execution,
      view: await untilOver(home, execution.id, execution.endsAt + graceMs),
    })),
  );
}

function notStarted({ reason }: PromiseRejectedResult): Finding {
  const detail = `an execution could not be started: ${(reason as Error).message}`;
  return { executionId: null, kind: 'unfinished', detail };
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
