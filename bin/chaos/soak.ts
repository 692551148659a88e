import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { openConnections } from './connections.ts';
import { Dice } from './dice.ts';
import { addCounts, intervene, type InterventionCounts, liftHalts } from './interventions.ts';
import { type AwaitedExecution, type Finding, judge, type Judgement, markLedgers } from './judge.ts';
import { openMarkets } from './markets.ts';
import {
  type MemoryBound,
  memoryFindings,
  type MemorySample,
  type MemoryTrend,
  memoryTrends,
  sampleMemory,
} from './memory.ts';
import { type ChaosPlan, graceOf, inRole, planExecution, planSingleStrike, strikeInWords } from './plan.ts';
import { recoveryFinding, type Spread, spreadOf } from './recovery.ts';
import { untilAllOver } from './run.ts';
import { acceptedUnheard, marketOf, startPlanned, untilOver } from './start-executions.ts';
import { clearFaults, countFaults, makeStrikes } from './strikes.ts';
import { untilReady } from './until-ready.ts';

const SAMPLE_EVERY_MS: DurationMs = 5_000;

export interface SoakOptions {
  readonly home: string;
  readonly forMs: DurationMs;
  /** Time between two strikes. */
  readonly everyMs: DurationMs;
  readonly memory: MemoryBound;
  /** What 95 in 100 recoveries may take; `null` for no bound. */
  readonly recoveryWithinMs: DurationMs | null;
  readonly say: (line: string) => void;
}

/** What a soak came to. */
export interface SoakResult extends Omit<Judgement, 'findings' | 'recoveries'> {
  readonly seed: number;
  readonly seconds: number;
  readonly kills: number;
  readonly faults: number;
  readonly faultsMissed: number;
  readonly interventions: InterventionCounts;
  readonly executions: number;
  readonly unfinished: number;
  readonly recoveryMs: Spread;
  readonly memory: readonly MemoryTrend[];
  readonly failures: readonly Finding[];
  readonly home: string;
}

/**
 * Keeps the planned number of executions running, strikes at regular times, and watches the memory of every process. At the end every execution
 * is held against its venue's ledger.
 */
export async function soak(plan: ChaosPlan, options: SoakOptions): Promise<SoakResult> {
  const { home, forMs, everyMs, say } = options;
  await untilReady(home);
  await clearFaults(home);
  await liftHalts(home);
  const before = await markLedgers(home);
  const connections = await openConnections(stackOf(home));
  const began = Date.now();
  const over = new AbortController();
  try {
    const strikes = Array.from({ length: Math.max(0, Math.ceil(forMs / everyMs) - 1) }, (_, index) =>
      planSingleStrike(plan, index, (index + 1) * everyMs),
    );
    const sampling = watchMemory(home, over.signal);
    const working = Promise.all(
      Array.from({ length: plan.executions }, (_, slot) => workInTurn(plan, home, slot, began + forMs)),
    );
    const log = await makeStrikes(strikes, {
      home,
      startedAt: began,
      keepDead: false,
      awayMs: 0,
      over: over.signal,
      told: (strike, victim) =>
        say(`${minutes(strike.atMs)}: ${victim === null ? strikeInWords(strike) : `kill ${victim}`}`),
    });
    const lanes = await working;
    over.abort();
    const samples = await sampling;
    await untilReady(home);
    const faults = await countFaults(home, log.faults);
    await clearFaults(home);
    const heard = lanes.flatMap((lane) => lane.awaited);
    const unheard = await acceptedUnheard(
      home,
      began,
      heard.map(({ execution }) => execution),
    );
    const awaited = [...heard, ...(await untilAllOver(home, unheard, graceOf(plan)))];
    const judged = await judge(home, connections, graceOf(plan), awaited, log.kills, before);
    const { findings, recoveries, ...judgement } = judged;
    const memory = memoryTrends(samples);
    const recoveryMs = spreadOf(recoveries.filter(({ unresolved }) => !unresolved).map(({ ms }) => ms));
    const late = recoveryFinding(recoveryMs, options.recoveryWithinMs);
    const failures = [
      ...lanes.flatMap((lane) => lane.refused),
      ...log.problems.map((detail): Finding => ({ executionId: null, kind: 'stack', detail })),
      ...findings,
      ...memoryFindings(memory, options.memory),
      ...(late === null ? [] : [late]),
    ];
    return {
      seed: plan.seed,
      seconds: Math.round((Date.now() - began) / 1_000),
      kills: log.kills.length,
      ...faults,
      interventions: addCounts(lanes.flatMap((lane) => lane.interventions)),
      executions: awaited.length,
      ...judgement,
      unfinished: failures.filter(({ kind }) => kind === 'unfinished').length,
      recoveryMs,
      memory,
      failures,
      home,
    };
  } finally {
    over.abort();
    await connections.close();
  }
}

interface Lane {
  readonly awaited: readonly AwaitedExecution[];
  readonly refused: readonly Finding[];
  readonly interventions: readonly InterventionCounts[];
}

/** One execution after the other until `until`; what is under way then still ends. */
async function workInTurn(plan: ChaosPlan, home: string, slot: number, until: number): Promise<Lane> {
  const awaited: AwaitedExecution[] = [];
  const refused: Finding[] = [];
  const interventions: InterventionCounts[] = [];
  const nonce = Date.now().toString(36);
  for (let turn = 0; Date.now() < until; turn += 1) {
    const dice = new Dice(plan.seed, (slot + 1) * 100_000 + turn);
    // Every slot has its turn at resting, being amended, paused and cancelled.
    const planned = inRole(dice, planExecution(dice, plan, (slot + turn) % 2), (slot + turn) % plan.executions);
    try {
      // A venue that is away now has its markets again in a moment.
      const markets = await openMarkets(stackOf(home)).catch(() => null);
      if (markets === null) {
        await delay(500);
        continue;
      }
      const execution = await startPlanned(home, planned, markets, `soak-${nonce}-${slot}-${turn}`);
      const [view] = await Promise.all([
        untilOver(home, execution.id, execution.endsAt + graceOf(plan)),
        intervene(home, execution, planned, marketOf(planned, markets)).then(
          (counts) => interventions.push(counts),
          (error: Error) => refused.push(notMeddled(execution.id, error)),
        ),
      ]);
      awaited.push({ execution, view });
    } catch (error) {
      const detail = `an execution could not be started: ${(error as Error).message}`;
      refused.push({ executionId: null, kind: 'unfinished', detail });
    }
  }
  return { awaited, refused, interventions };
}

function notMeddled(executionId: string, error: Error): Finding {
  return { executionId, kind: 'stack', detail: `it could not be meddled with: ${error.message}` };
}

async function watchMemory(home: string, over: AbortSignal): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  while (!over.aborted) {
    samples.push(...sampleMemory(stackOf(home), Date.now()));
    await delay(SAMPLE_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return samples;
}

function minutes(ms: DurationMs): string {
  return `${(ms / 60_000).toFixed(1)} min`;
}
