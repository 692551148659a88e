import { setTimeout as delay } from 'node:timers/promises';
import { readTakeOvers, readTimeline } from '../../adapters/storage/execution-timeline.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Verification } from '../../domain/execution/verification/verify.ts';
import type { ExecutionView } from '../terminal/execution-view.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { readLedger, type VenueLedger, verifyAgainst } from '../terminal/verification.ts';
import type { ChaosConnections } from './connections.ts';
import { openMarkets } from './markets.ts';
import { type Intrusion, intrusionsOf, readAccountWork } from './ownership.ts';
import { type RunPlan, type Strike, strikeInWords } from './plan.ts';
import { recoveriesOf, type Recovery } from './recovery.ts';
import { insist, type RunningExecution, startPlanned, untilOver } from './start-executions.ts';
import { clearFaults, type Kill, makeStrikes } from './strikes.ts';

const POLL_MS = 100;
const READY_WITHIN_MS: DurationMs = 120_000;
/** How long after its planned end an execution may still be at work before it counts as unfinished. */
const GRACE_MS: DurationMs = 120_000;
const ANSWERS_WITHIN_MS: DurationMs = 60_000;

/** Something that must not be, with what is needed to find it again. */
export interface ChaosFailure {
  readonly run: number;
  readonly seed: number;
  readonly executionId: string | null;
  readonly kind: 'duplicate' | 'lost' | 'double-counted' | 'inexact' | 'unfinished' | 'two-owners' | 'stack';
  readonly detail: string;
}

/** What one run came to. */
export interface RunOutcome {
  readonly run: number;
  readonly kills: readonly Kill[];
  readonly faults: number;
  readonly duplicates: number;
  readonly lost: number;
  readonly doubleCounted: number;
  readonly inexact: number;
  readonly unfinished: number;
  readonly intrusions: number;
  readonly recoveries: readonly Recovery[];
  /** How many executions ended in which way. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly failures: readonly ChaosFailure[];
  readonly seconds: number;
}

export interface RunOptions {
  readonly home: string;
  readonly seed: number;
  readonly keepDead: boolean;
  /** Tells one use of a seed from another, so that executions are new ones. */
  readonly nonce: string;
  readonly say: (line: string) => void;
}

/** Waits until every process of the stack serves. Throws after two minutes. */
export async function untilReady(home: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!stackOf(home).ready) {
    if (performance.now() > deadline) {
      const down = stackOf(home).processes.flatMap(({ name, ready }) => (ready ? [] : [name]));
      throw new Error(`the stack in ${home} is not ready: ${down.join(', ')}`);
    }
    await delay(POLL_MS);
  }
}

/** One run: starts its executions, makes its strikes, waits for the end of all, and holds each against its venue's ledger. */
export async function runOnce(plan: RunPlan, connections: ChaosConnections, options: RunOptions): Promise<RunOutcome> {
  const { home, seed, say } = options;
  const began = performance.now();
  const failures: ChaosFailure[] = [];
  const fail = (kind: ChaosFailure['kind'], executionId: string | null, detail: string) => {
    failures.push({ run: plan.run, seed, executionId, kind, detail });
    say(`run ${plan.run}: ${kind}${executionId === null ? '' : ` (${executionId})`}: ${detail}`);
  };
  await untilReady(home);
  await clearFaults(home);
  const markets = await openMarkets(stackOf(home));
  const over = new AbortController();
  const startedAt = Date.now();
  const told = (strike: Strike, victim: string | null) =>
    say(
      `run ${plan.run}: ${(strike.atMs / 1_000).toFixed(1)} s: ${victim === null ? strikeInWords(strike) : `kill ${victim}`}`,
    );
  const striking = makeStrikes(plan.strikes, {
    home,
    startedAt,
    keepDead: options.keepDead,
    over: over.signal,
    told,
  });
  const started = await Promise.allSettled(
    plan.executions.map(async (planned, index) => {
      const market = markets[planned.market % markets.length];
      if (market === undefined) throw new Error('there is no market');
      return startPlanned(home, planned, market, `chaos-${options.nonce}-${plan.run}-${index}`);
    }),
  );
  const executions: RunningExecution[] = [];
  for (const each of started) {
    if (each.status === 'fulfilled') executions.push(each.value);
    else fail('unfinished', null, `an execution could not be started: ${(each.reason as Error).message}`);
  }
  const [strikes, views] = await Promise.all([
    striking,
    Promise.all(executions.map(({ id, endsAt }) => untilOver(home, id, endsAt + GRACE_MS))),
  ]);
  over.abort();
  for (const problem of strikes.problems) fail('stack', null, problem);
  await untilReady(home);
  await clearFaults(home);

  const verifications = await verifyAll(home, executions);
  const ended = executions.map(({ id }, index) => ({ id, view: views[index] ?? null, books: verifications[index] }));
  for (const { id, view, books } of ended) {
    if (view === null) fail('unfinished', id, `it was not over ${GRACE_MS / 1_000} s after its end`);
    if (books !== undefined) for (const [kind, detail] of wrongIn(books, view)) fail(kind, id, detail);
  }
  const ids = executions.map(({ id }) => id);
  const timeline = await readTimeline(connections.database, ids);
  const work = await Promise.all(executions.map(({ workflowId }) => readAccountWork(connections.temporal, workflowId)));
  const intrusions = intrusionsOf(work.flat(), await readTakeOvers(connections.database));
  for (const { id, workflowId } of executions) {
    const [first, ...others] = intrusions.filter((each) => each.workflowId === workflowId);
    if (first !== undefined) fail('two-owners', id, intrusionInWords(first, others.length));
  }
  const count = (kind: ChaosFailure['kind']) => failures.filter((failure) => failure.kind === kind).length;
  const sum = (of: (books: Verification) => number) =>
    verifications.reduce((total, books) => total + (books === undefined ? 0 : of(books)), 0);
  return {
    run: plan.run,
    kills: strikes.kills,
    faults: strikes.faults,
    duplicates: sum(({ duplicates }) => duplicates),
    lost: sum(({ lost }) => lost),
    doubleCounted: sum(({ doubleCounted }) => doubleCounted),
    inexact: verifications.filter((books) => books?.exact === false).length,
    unfinished: count('unfinished'),
    intrusions: intrusions.length,
    recoveries: recoveriesOf(strikes.kills, executions, timeline),
    statuses: countedBy(views.map((view) => view?.status ?? 'unfinished')),
    failures,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** Every execution against its venue's ledger, each ledger read once. */
async function verifyAll(
  home: string,
  executions: readonly RunningExecution[],
): Promise<readonly (Verification | undefined)[]> {
  const ledgers = new Map<string, Promise<VenueLedger>>();
  const ledgerOf = (venue: string) => {
    const ledger = ledgers.get(venue) ?? readLedger(stackOf(home), venue);
    ledgers.set(venue, ledger);
    return ledger;
  };
  const verifications: Verification[] = [];
  for (const { id } of executions) {
    verifications.push(await insist(home, ANSWERS_WITHIN_MS, (client) => verifyAgainst(client, id, ledgerOf)));
  }
  return verifications;
}

/** What is wrong in an execution's books, each thing once; a residual that is still open is no error of an unfinished one. */
function wrongIn(
  books: Verification,
  view: ExecutionView | null,
): readonly (readonly [ChaosFailure['kind'], string])[] {
  const { duplicates, lost, doubleCounted, exact, details } = books;
  const findings = details.findings.join('; ');
  const wrong: (readonly [ChaosFailure['kind'], string])[] = [];
  if (duplicates > 0) wrong.push(['duplicate', findings]);
  if (lost > 0) wrong.push(['lost', findings]);
  if (doubleCounted > 0) wrong.push(['double-counted', findings]);
  if (!exact && view !== null && wrong.length === 0) wrong.push(['inexact', findings]);
  return wrong;
}

function intrusionInWords({ worker, venue, startedAt, owner }: Intrusion, others: number): string {
  const more = others === 0 ? '' : `, and ${others} times more`;
  return `${worker} worked on ${venue} at ${new Date(startedAt).toISOString()}, which ${owner} owned${more}`;
}

function countedBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
