import type { Decided, DecideRequest } from '../../adapters/ports/session-decider.ts';
import type { SessionRecord, SessionStep } from '../../adapters/ports/session-store.ts';
import { BacktestFailure } from '../../domain/backtest/failure.ts';
import type { Problem } from '../../domain/execution/commands.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { withHeldExits } from '../../domain/session/held-exits.ts';
import type { JournalEntry, SessionEvent } from '../../domain/session/journal.ts';
import type { PlacedOrder } from '../../domain/session/order.ts';
import { blockByStops, refusedStops } from '../../domain/session/refused-stops.ts';
import type { SessionStatus } from '../../domain/session/status.ts';
import { CANDLES_LATE } from './candle-trouble.ts';
import type { SessionDependencies } from './dependencies.ts';
import { happened } from './happened.ts';
import type { Seen } from './seen.ts';
import type { SessionMemory } from './session-memory.ts';
import { asNow, executionOf, unchanged } from './step-parts.ts';
import { stepWithoutBooks } from './stop-without-books.ts';

/** Closed trades that may still change: an exit in pieces goes on with the row of its first. */
const TRADES_AGAIN = 20;

/** Takes one step of a session and writes it down; `null` when there is nothing to do. Throws `SessionMoved` when somebody else was faster. */
export async function takeStep(
  deps: SessionDependencies,
  memory: SessionMemory,
  seen: Seen,
): Promise<SessionStep | null> {
  if (isLeftWithoutBooks(memory, seen)) return written(deps, memory, stepWithoutBooks(deps, memory, seen));
  const events = await happened(deps, memory, seen);
  if (!isNeeded(memory, seen, events)) return null;
  return written(deps, memory, await reckon(deps, memory, seen, events));
}

async function written(
  { store }: SessionDependencies,
  memory: SessionMemory,
  step: SessionStep | null,
): Promise<SessionStep | null> {
  if (step === null) return null;
  await store.step(step);
  memory.reckoned = step.expectedVersion + 1;
  return step;
}

/** A session that is being stopped needs no books for that where it cannot have any. */
function isLeftWithoutBooks(memory: SessionMemory, { record, candles }: Seen): boolean {
  return (
    record.status === 'stopping' && (memory.hasNoBooks || (candles === null && record.block?.reason === 'CANDLES'))
  );
}

/**
 * Whether a look takes in what has happened: not while candles are missing, nor while the books cannot be folded. Asked after a step, it knows what that has
 * found out about the books. A session that is stopped without books has nothing left to take in.
 */
export function takesIn(memory: SessionMemory, seen: Seen): boolean {
  if (isLeftWithoutBooks(memory, seen)) return true;
  return seen.candles !== null && (memory.broken === null || memory.broken < seen.record.version);
}

function isNeeded(memory: SessionMemory, seen: Seen, events: readonly SessionEvent[]): boolean {
  const { record, intake, due } = seen;
  if (!takesIn(memory, seen)) return false;
  if (events.length + due.length + intake.working.length + intake.taken.length > 0) return true;
  // A block that holds on, whoever has lifted it.
  if (record.block === null && refusedStops(record.watched, record.restsStops).length > 0) return true;
  return !record.settled && memory.reckoned !== record.version;
}

async function reckon(
  deps: SessionDependencies,
  memory: SessionMemory,
  seen: Seen,
  events: readonly SessionEvent[],
): Promise<SessionStep | null> {
  const request = requestOf(seen, events);
  try {
    return stepOf(deps, seen, events, await deps.decider.decide(request), request);
  } catch (error) {
    if (!(error instanceof BacktestFailure)) throw error;
    const { code, detail } = error.problem;
    return inTrouble(deps, memory, seen, events, request, { code, detail });
  }
}

function requestOf(
  { record, journal, placed, intake, candles, due }: Seen,
  events: readonly SessionEvent[],
): DecideRequest {
  return {
    session: record,
    candles: candles ?? [],
    journal: withNew(journal, events, record.lastBar),
    handledUpTo: record.lastBar,
    bars: due,
    placed: placed.map((order) => asNow(order, intake)),
    ordersWanted: !(record.status === 'stopping' && record.stopMode === 'cancel'),
    knownTrades: Math.max(0, (record.books?.closedTrades ?? 0) - TRADES_AGAIN),
  };
}

function withNew(
  journal: readonly JournalEntry[],
  events: readonly SessionEvent[],
  after: EpochMs | null,
): readonly JournalEntry[] {
  const seq = journal.at(-1)?.seq ?? 0;
  return events.length === 0
    ? journal
    : [...journal, ...events.map((event, i) => ({ seq: seq + i + 1, after, event }))];
}

/**
 * A strategy that failed is not asked again before a person says so: the session pauses, and nothing is opened. What protects its positions goes on; bars
 * are handled without asking.
 */
async function inTrouble(
  deps: SessionDependencies,
  memory: SessionMemory,
  seen: Seen,
  events: readonly SessionEvent[],
  request: DecideRequest,
  problem: Problem,
): Promise<SessionStep | null> {
  const { record } = seen;
  const status: SessionStatus = record.status === 'stopping' ? 'stopping' : 'paused';
  const standing = { status, block: { reason: 'STRATEGY' as const, problem, since: deps.clock.now() }, problem };
  const unasked = { ...request, bars: [] };
  try {
    const decided = await deps.decider.decide(unasked);
    return { ...stepOf(deps, { ...seen, due: [] }, events, decided, unasked), ...standing };
  } catch (error) {
    if (!(error instanceof BacktestFailure)) throw error;
    // Not even what it was asked before can be asked again: its file is gone, say. What protects its positions stays as it is.
    if (record.status === 'stopping') {
      memory.hasNoBooks = true;
      const step = stepWithoutBooks(deps, memory, seen);
      return { ...(step ?? unchanged(record)), block: standing.block, problem };
    }
    memory.broken = record.version + 1;
    if (record.block?.reason === 'STRATEGY') {
      memory.broken = record.version;
      return null;
    }
    return { ...unchanged(record), ...standing, cancelRequested: waitingEntries(request.placed) };
  }
}

/** Entries at the venue, which would open a position that nobody looks after. */
function waitingEntries(placed: readonly PlacedOrder[]): readonly string[] {
  return placed.flatMap(({ purpose, state, cancelRequested, executionId }) =>
    purpose === 'entry' && state !== 'ended' && !cancelRequested ? [executionId] : [],
  );
}

function stepOf(
  deps: SessionDependencies,
  { record, intake, due, hasOwnTime }: Seen,
  events: readonly SessionEvent[],
  decided: Decided,
  { placed, journal }: DecideRequest,
): SessionStep {
  const { lastBar } = record;
  const isOver = record.status === 'stopping' && isDone(record, decided, placed);
  return {
    ...unchanged(record),
    events: [...events.map((event) => ({ after: lastBar, event })), ...barEvents(lastBar, due)],
    decisions: decided.decisions,
    equity: decided.equity,
    lastBar: due.at(-1)?.time ?? lastBar,
    bars: record.bars + due.length,
    trades: decided.trades,
    orders: decided.plan.start.map((wanted) => ({ wanted, execution: executionOf(deps, record, hasOwnTime, wanted) })),
    cancelRequested: decided.plan.cancel.filter((executionId) => !intake.complete.includes(executionId)),
    working: intake.working,
    ended: intake.ended,
    taken: intake.taken,
    settled: decided.plan.settled,
    status: isOver ? 'stopped' : record.status,
    books: isOver ? withHeldExits(decided.books, placed) : decided.books,
    block: blockByStops({ ...record, ...decided, placed, journal, now: deps.clock.now() }),
    problem: due.length > 0 && record.problem?.code === CANDLES_LATE ? null : record.problem,
    watched: watchedOf(record, decided, deps.clock.now()),
  };
}

/**
 * Besides what the session holds itself, stops at the venue that sell: the market may jump over them. What is watched on the same terms goes on being
 * watched since then.
 */
function watchedOf({ watched }: SessionRecord, { wanted }: Decided, now: EpochMs): SessionStep['watched'] {
  return wanted
    .filter(({ held, kind, side }) => held === 'session' || (kind === 'stop' && side === 'sell'))
    .map((order) => {
      const known = watched.find((each) => each.order === order.order && each.version === order.version);
      return { ...order, since: known?.since ?? now };
    });
}

/** Bars that were handled otherwise than by asking; each lies after the one before it. */
function barEvents(lastBar: EpochMs | null, due: Seen['due']): SessionStep['events'] {
  return due.flatMap(({ time, mode, reason }, i) => {
    if (mode === 'ask' || reason === null) return [];
    return [{ after: due[i - 1]?.time ?? lastBar, event: { kind: 'bar' as const, time, mode, reason } }];
  });
}

/** Whether a session that is being stopped has become what its mode says. */
function isDone({ stopMode }: SessionRecord, { plan, books }: Decided, placed: readonly PlacedOrder[]): boolean {
  if (!plan.settled || plan.start.length > 0 || plan.cancel.length > 0) return false;
  // What an exit at market, or a target that is tried, trades belongs to the session.
  if (stopMode === 'keep') return placed.every(({ kind, state }) => kind !== 'marketable' || state === 'ended');
  if (placed.some(({ state }) => state !== 'ended')) return false;
  return stopMode === 'cancel' || books.positions.every(({ units }) => units === 0);
}
