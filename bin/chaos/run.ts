import type { DurationMs } from '../../domain/market/decimal.ts';
import { stackOf } from '../terminal/running-stack.ts';
import type { ChaosConnections } from './connections.ts';
import { type AwaitedExecution, type Finding, judge, type Judgement } from './judge.ts';
import { type ChaosMarket, openMarkets } from './markets.ts';
import { type RunPlan, type Strike, strikeInWords } from './plan.ts';
import { startPlanned, untilOver } from './start-executions.ts';
import { clearFaults, type Kill, makeStrikes } from './strikes.ts';
import { untilReady } from './until-ready.ts';

/** Something that must not be, with what is needed to find it again. */
export interface ChaosFailure extends Finding {
  readonly run: number;
  readonly seed: number;
}

/** What one run came to. */
export interface RunOutcome extends Omit<Judgement, 'findings'> {
  readonly run: number;
  readonly kills: readonly Kill[];
  readonly faults: number;
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
  readonly say: (line: string) => void;
}

/** One run: starts its executions, makes its strikes, waits for the end of all, and holds each against its venue's ledger. */
export async function runOnce(plan: RunPlan, connections: ChaosConnections, options: RunOptions): Promise<RunOutcome> {
  const { home, seed, say } = options;
  const began = performance.now();
  await untilReady(home);
  await clearFaults(home);
  const markets = await openMarkets(stackOf(home));
  const over = new AbortController();
  const told = (strike: Strike, victim: string | null) =>
    say(`run ${plan.run}: ${inSeconds(strike.atMs)}: ${victim === null ? strikeInWords(strike) : `kill ${victim}`}`);
  const striking = makeStrikes(plan.strikes, {
    home,
    startedAt: Date.now(),
    keepDead: options.keepDead,
    awayMs: options.awayMs,
    over: over.signal,
    told,
  });
  const [{ awaited, refused }, strikes] = await Promise.all([
    workThrough(home, plan, markets, (index) => `chaos-${options.nonce}-${plan.run}-${index}`),
    striking,
  ]);
  over.abort();
  await untilReady(home);
  await clearFaults(home);

  const { findings, ...judgement } = await judge(home, connections, plan.graceMs, awaited, strikes.kills);
  const problems = strikes.problems.map((detail): Finding => ({ executionId: null, kind: 'stack', detail }));
  const failures = [...refused, ...problems, ...findings].map((finding) => ({ run: plan.run, seed, ...finding }));
  return {
    run: plan.run,
    kills: strikes.kills,
    faults: strikes.faults,
    ...judgement,
    unfinished: failures.filter(({ kind }) => kind === 'unfinished').length,
    failures,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** Starts all executions at once and waits for the end of each. */
async function workThrough(
  home: string,
  { executions, graceMs }: RunPlan,
  markets: readonly ChaosMarket[],
  keyOf: (index: number) => string,
): Promise<{ readonly awaited: readonly AwaitedExecution[]; readonly refused: readonly Finding[] }> {
  const outcomes = await Promise.allSettled(
    executions.map(async (each, index) => {
      const execution = await startPlanned(home, each, markets, keyOf(index));
      return { execution, view: await untilOver(home, execution.id, execution.endsAt + graceMs) };
    }),
  );
  const refused = outcomes.flatMap((outcome): Finding[] =>
    outcome.status === 'rejected' ? [notStarted(outcome)] : [],
  );
  return { awaited: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])), refused };
}

function notStarted({ reason }: PromiseRejectedResult): Finding {
  const detail = `an execution could not be started: ${(reason as Error).message}`;
  return { executionId: null, kind: 'unfinished', detail };
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
