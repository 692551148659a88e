import { readTakeOvers, readTimeline } from '../../adapters/storage/execution-timeline.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Verification } from '../../domain/execution/verification/verify.ts';
import type { ExecutionView } from '../terminal/execution-view.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { readLedger, type VenueLedger, verifyAgainst } from '../terminal/verification.ts';
import type { ChaosConnections } from './connections.ts';
import { type Intrusion, intrusionsOf, readAccountWork } from './ownership.ts';
import { recoveriesOf, type Recovery } from './recovery.ts';
import { insist, type RunningExecution } from './start-executions.ts';
import { type LedgerMark, markOf, ordersOfNobody } from './strangers.ts';
import { type Kill, patiently } from './strikes.ts';

const ANSWERS_WITHIN_MS: DurationMs = 60_000;

export type FailureKind =
  | 'duplicate'
  | 'lost'
  | 'double-counted'
  | 'overfilled'
  | 'left-open'
  | 'inexact'
  | 'nobody'
  | 'unfinished'
  | 'two-owners'
  | 'stack'
  | 'memory'
  | 'recovery'
  | 'doubled-position'
  | 'unprotected'
  | 'unfinished-candle'
  | 'bar-missed';

/** Something that must not be. */
export interface Finding {
  /** Of the execution, or of the session, that it is about. */
  readonly executionId: string | null;
  readonly kind: FailureKind;
  readonly detail: string;
}

/** An execution that was waited for; `view` is `null` when it did not end in time. */
export interface AwaitedExecution {
  readonly execution: RunningExecution;
  readonly view: ExecutionView | null;
}

/** What executions came to, by their venues' own ledgers and by who worked on them when. */
export interface Judgement {
  readonly duplicates: number;
  readonly lost: number;
  readonly doubleCounted: number;
  readonly inexact: number;
  /** Executions for which more has filled than was ordered, or than the schedule had reached. */
  readonly overfilled: number;
  /** Orders of executions that are over which may still trade. */
  readonly leftOpen: number;
  /** Orders at the venues that belong to no execution. */
  readonly ofNobody: number;
  readonly intrusions: number;
  readonly recoveries: readonly Recovery[];
  /** How many executions ended in which way. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** Holds executions against everything that others know of them: the venues' ledgers, Temporal's histories, the owners of the accounts. */
export async function judge(
  home: string,
  connections: ChaosConnections,
  graceMs: DurationMs,
  awaited: readonly AwaitedExecution[],
  kills: readonly Kill[],
  before: LedgerMarks,
  othersIn: OthersIn = () => Promise.resolve(new Set()),
): Promise<Judgement> {
  const executions = awaited.map(({ execution }) => execution);
  const books = await verifyAll(home, executions);
  const nobodys = await findStrangers(home, before, books, othersIn);
  const timeline = await readTimeline(
    connections.database,
    executions.map(({ id }) => id),
  );
  const work = await Promise.all(executions.map(({ workflowId }) => readAccountWork(connections.temporal, workflowId)));
  const intrusions = intrusionsOf(work.flat(), await readTakeOvers(connections.database));
  const found = awaited.flatMap(({ execution, view }, index) => [
    ...(view === null ? [unfinished(execution.id, graceMs)] : []),
    ...wrongIn(execution.id, books[index], view),
    ...intrusionsInto(execution, intrusions),
  ]);
  const sum = (of: (verification: Verification) => number) => books.reduce((total, each) => total + of(each), 0);
  return {
    duplicates: sum(({ duplicates }) => duplicates),
    lost: sum(({ lost }) => lost),
    doubleCounted: sum(({ doubleCounted }) => doubleCounted),
    inexact: books.filter(({ exact }) => !exact).length,
    overfilled: books.filter(isOverfilled).length,
    leftOpen: sum(({ leftOpen }) => leftOpen),
    ofNobody: nobodys.length,
    intrusions: intrusions.length,
    recoveries: recoveriesOf(kills, executions, timeline),
    statuses: countedBy(awaited.map(({ view }) => view?.status ?? 'unfinished')),
    findings: [...found, ...nobodys],
  };
}

/** The orders of each venue at some instant. */
export type LedgerMarks = ReadonlyMap<string, LedgerMark>;

/** Client order ids in a ledger under which others trade by right, as they are known when it has been read. */
export type OthersIn = (ledger: VenueLedger) => Promise<ReadonlySet<string>>;

/** What every simulated venue has accepted so far. */
export async function markLedgers(home: string): Promise<LedgerMarks> {
  const { venues } = stackOf(home);
  return new Map(await Promise.all(venues.map(async ({ id }) => [id, markOf(await ledgerOf(home, id))] as const)));
}

/** A venue that is just coming up answers in a moment. */
function ledgerOf(home: string, venue: string): Promise<VenueLedger> {
  return patiently(() => readLedger(stackOf(home), venue));
}

async function findStrangers(
  home: string,
  before: LedgerMarks,
  books: readonly Verification[],
  othersIn: OthersIn,
): Promise<readonly Finding[]> {
  const own = new Set(books.flatMap(({ details }) => details.ownClientOrderIds));
  const findings: Finding[] = [];
  for (const { id } of stackOf(home).venues) {
    const ledger = await ledgerOf(home, id);
    const known = new Set([...own, ...(await othersIn(ledger))]);
    for (const order of ordersOfNobody(ledger, before.get(id) ?? new Set(), known)) {
      const { orderId, side, symbol, status, filled, clientOrderId } = order;
      const detail = `order ${orderId} at ${id} (${side} ${symbol}, ${status}, filled ${filled}) has the client order id ${clientOrderId}, which belongs to no execution of this run`;
      findings.push({ executionId: null, kind: 'nobody', detail });
    }
  }
  return findings;
}

function isOverfilled({ overfilled, details }: Verification): boolean {
  return overfilled !== '0' || details.ahead.length > 0;
}

/** Every execution against its venue's ledger, each ledger read once. */
async function verifyAll(home: string, executions: readonly RunningExecution[]): Promise<readonly Verification[]> {
  const ledgers = new Map<string, Promise<VenueLedger>>();
  const readOnce = (venue: string) => {
    const ledger = ledgers.get(venue) ?? ledgerOf(home, venue);
    ledgers.set(venue, ledger);
    return ledger;
  };
  const verifications: Verification[] = [];
  for (const { id } of executions) {
    verifications.push(await insist(home, ANSWERS_WITHIN_MS, (client) => verifyAgainst(client, id, readOnce)));
  }
  return verifications;
}

function unfinished(executionId: string, graceMs: DurationMs): Finding {
  return { executionId, kind: 'unfinished', detail: `it was not over ${graceMs / 1_000} s after its planned end` };
}

/** What is wrong in an execution's books, each thing once; where one has not ended, an order on its way is no error. */
function wrongIn(executionId: string, books: Verification | undefined, view: ExecutionView | null): readonly Finding[] {
  if (books === undefined) return [];
  const { duplicates, lost, doubleCounted, leftOpen, exact, details } = books;
  const detail = details.findings.join('; ');
  const kinds: FailureKind[] = [];
  if (duplicates > 0) kinds.push('duplicate');
  if (lost > 0) kinds.push('lost');
  if (doubleCounted > 0) kinds.push('double-counted');
  if (isOverfilled(books)) kinds.push('overfilled');
  if (leftOpen > 0) kinds.push('left-open');
  if (!exact && view !== null && kinds.length === 0) kinds.push('inexact');
  return kinds.map((kind) => ({ executionId, kind, detail }));
}

function intrusionsInto({ id, workflowId }: RunningExecution, intrusions: readonly Intrusion[]): readonly Finding[] {
  const [first, ...others] = intrusions.filter((each) => each.workflowId === workflowId);
  if (first === undefined) return [];
  const { worker, venue, startedAt, owner } = first;
  const more = others.length === 0 ? '' : `, and ${others.length} times more`;
  const detail = `${worker} worked on ${venue} at ${new Date(startedAt).toISOString()}, which ${owner} owned${more}`;
  return [{ executionId: id, kind: 'two-owners', detail }];
}

function countedBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
