import type { SessionStep } from '../../adapters/ports/session-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { bookedUpTo, pendingAdjustments } from '../../domain/session/adjustment.ts';
import { withHeldExits } from '../../domain/session/held-exits.ts';
import { stopWithoutBooks, withAdjustments, withTrades } from '../../domain/session/stop-without-books.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { Seen } from './seen.ts';
import type { SessionMemory } from './session-memory.ts';
import { asNow, executionOf, unchanged } from './step-parts.ts';

/** Between two exits of one position, where the first did not sell all. */
const AGAIN_AFTER_MS: DurationMs = 5_000;

/**
 * A step of a session that is being stopped and whose books cannot be folded, since its strategy is gone or its candles are: orders are taken back and
 * accounted for, and positions are those of the record, with what a person has put right. `null` when there is nothing to do now.
 */
export function stepWithoutBooks(deps: SessionDependencies, memory: SessionMemory, seen: Seen): SessionStep | null {
  const { record, journal, intake, hasOwnTime } = seen;
  const { lastBar, stopMode, instruments } = record;
  const placed = seen.placed.map((order) => asNow(order, intake));
  const before = unchanged(record);
  // While no books can be made no step has booked what a person has put right meanwhile.
  const adjusted = pendingAdjustments(journal, bookedUpTo(record.books, record.seq));
  const known = withTrades(withAdjustments(before.books, adjusted), intake.events, placed);
  const books = { ...known, bookedUpTo: record.seq + intake.events.length };
  const events = intake.events.map((event) => ({ after: lastBar, event }));
  const told = [...journal, ...events.map((entry, i) => ({ seq: record.seq + i + 1, ...entry }))];
  const mode = stopMode ?? 'keep';
  const plan = stopWithoutBooks({ mode, ...books, instruments, placed, journal: told });
  const now = deps.clock.now();
  const start = plan.start.filter(
    ({ order, version }) => version === 1 || now - memory.firstSeen(`${order}.${version}`, now) >= AGAIN_AFTER_MS,
  );
  const cancel = plan.cancel.filter((executionId) => !intake.complete.includes(executionId));
  const changes =
    adjusted.length + events.length + intake.working.length + intake.taken.length + start.length + cancel.length;
  if (changes === 0 && !plan.isDone) return null;
  return {
    ...before,
    events,
    books: plan.isDone ? withHeldExits(books, placed) : books,
    orders: start.map((wanted) => ({ wanted, execution: executionOf(deps, record, hasOwnTime, wanted) })),
    cancelRequested: cancel,
    working: intake.working,
    ended: intake.ended,
    taken: intake.taken,
    settled: plan.isDone,
    status: plan.isDone ? 'stopped' : record.status,
    watched: [],
  };
}
