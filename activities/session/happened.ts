import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import { type EpochMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { mayOpen } from '../../domain/session/hours/trading-hours.ts';
import { givenUp } from '../../domain/session/given-up.ts';
import { happenedSince, type JournalEntry, type SessionEvent } from '../../domain/session/journal.ts';
import type { WatchedOrder } from '../../domain/session/order.ts';
import { type PriceSpan, reachedBy } from '../../domain/session/reached.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { Seen } from './seen.ts';
import { isSoughtInCandle, rangeSinceEntry } from './open-candle.ts';
import type { SessionMemory } from './session-memory.ts';

/** A price that is older tells nothing of the market now. */
const PRICE_AGE_MS = 60_000;
/** As far as a session's check lets the venue's clock be from ours. */
const CLOCKS_WITHIN_MS = 1_000;

/** An exit that was given up for the bar is tried again after so long: a bar may be a day. */
const AGAIN_AFTER_MS = 60_000;

/**
 * What has happened since the journal was written: trades and ends of orders, watched prices that were reached, exits that are tried again, the end of
 * trading hours.
 */
export async function happened(
  deps: SessionDependencies,
  memory: SessionMemory,
  seen: Seen,
): Promise<readonly SessionEvent[]> {
  const reached = await reachedPrices(deps, seen);
  // Where bars come as fast as they are decided, the next is not far.
  const again = seen.hasOwnTime ? [] : triesAgain(deps, memory, seen);
  return [...seen.intake.events, ...reached, ...again, ...leavings(deps, seen), ...lapsedEntries(deps, seen)];
}

async function reachedPrices(deps: SessionDependencies, seen: Seen): Promise<readonly SessionEvent[]> {
  const { record, journal, hasOwnTime } = seen;
  if (record.watched.length === 0) return [];
  const known = reachedBefore(journal, record.lastBar);
  const watched = record.watched.filter((order) => !known.has(order.order) && isWatchedNow(seen, order));
  const spans = new Map<WatchedOrder, PriceSpan | null>();
  for (const order of watched) {
    if (isSoughtInCandle(hasOwnTime, order)) {
      spans.set(order, widest(rangeSinceEntry(seen, order), barSpan(seen, order)));
      continue;
    }
    const last = await lastPrice(deps, record, order.symbol, hasOwnTime ? Number.POSITIVE_INFINITY : PRICE_AGE_MS);
    // A market that has come back to a stop at the venue fills it there.
    const isThere = order.held === 'venue';
    const range = isThere || hasOwnTime ? null : await rangeOf(deps, record, order);
    spans.set(order, widest(last, range, isThere ? null : barSpan(seen, order)));
  }
  return reachedBy(watched, (order) => spans.get(order) ?? null);
}

/** Whether its price counts: of a stop at the venue only while it works there. Where candles are replayed a bar fills every stop that it passes. */
export function isWatchedNow(
  { placed, intake, hasOwnTime }: Pick<Seen, 'placed' | 'intake' | 'hasOwnTime'>,
  { order, version, held }: WatchedOrder,
): boolean {
  if (held === 'session') return true;
  const there = placed.find((each) => each.order === order && each.version === version);
  if (there === undefined || hasOwnTime) return false;
  const { state, cancelRequested, executionId } = there;
  return state === 'working' && !cancelRequested && ![...intake.ended, ...intake.complete].includes(executionId);
}

/** One whose price was reached stays on the list until the next step; once what was sent for it has ended it is watched anew. */
function reachedBefore(journal: readonly JournalEntry[], lastBar: EpochMs | null): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const { event } of happenedSince(journal, lastBar)) {
    if (event.kind === 'reached') reached.add(event.order);
    if (event.kind === 'again' || event.kind === 'ended') reached.delete(event.order);
  }
  return reached;
}

async function lastPrice(
  { prices, clock }: SessionDependencies,
  { spec }: Seen['record'],
  symbol: string,
  maxAgeMs: number,
): Promise<PriceSpan | null> {
  const price = await prices.last(spec.venue, symbol);
  if (price === null || price.last === null || clock.now() - price.receivedAt > maxAgeMs) return null;
  return { high: price.last, low: price.last };
}

/** What was traded since the order is watched, in looks that nobody took as well. A clock that is off must not show what was before. */
async function rangeOf(
  { prices }: SessionDependencies,
  { spec }: Seen['record'],
  { symbol, since }: WatchedOrder,
): Promise<PriceSpan | null> {
  return since === undefined ? null : prices.range(spec.venue, symbol, since + CLOCKS_WITHIN_MS);
}

function triesAgain(
  { clock }: SessionDependencies,
  memory: SessionMemory,
  { record, journal, intake }: Seen,
): readonly SessionEvent[] {
  if (record.books?.positions.every(({ units }) => units === 0) !== false) return [];
  const now = clock.now();
  return givenUp(journal, record.lastBar).flatMap(({ order, seq }) => {
    const isMoving = intake.events.some((event) => event.kind === 'ended' && event.order === order);
    if (isMoving || now - memory.firstSeen(`${order} ${seq}`, now) < AGAIN_AFTER_MS) return [];
    return [{ kind: 'again' as const, order }];
  });
}

/**
 * What the next bar to be handled has seen, if that is the newest, where all of it came after the position was taken: a bar in which something was traded,
 * or whose price was reached already, tells nothing of what came before and what after. What older bars have seen counts while the price is still there.
 */
function barSpan(seen: Seen, { order, symbol }: WatchedOrder): PriceSpan | null {
  const { record, journal, intake, candles, due } = seen;
  const next = due[0]?.time;
  if (next === undefined || intake.events.some(({ kind }) => kind === 'execution')) return null;
  const last = journal.findLast(({ event }) => event.kind === 'execution');
  if (last !== undefined && last.after === record.lastBar) return null;
  const own = candles?.find((each) => each.symbol === symbol);
  if (own === undefined || own.length === 0 || own.time[own.length - 1] !== next) return null;
  if (happenedSince(journal, record.lastBar).some(({ event }) => event.kind === 'reached' && event.order === order))
    return null;
  const newest = own.length - 1;
  return { high: own.high[newest]!, low: own.low[newest]! };
}

function widest(...spans: readonly (PriceSpan | null)[]): PriceSpan | null {
  const known = spans.filter((span) => span !== null);
  if (known.length === 0) return null;
  return {
    high: Math.max(...known.map(({ high }) => Number(high))),
    low: Math.min(...known.map(({ low }) => Number(low))),
  };
}

/**
 * Leaves what is held when trading hours have ended, and once more in each later bar when that did not succeed; the same for a session that is being
 * stopped so.
 */
function leavings(deps: SessionDependencies, { record, journal, hasOwnTime }: Seen): readonly SessionEvent[] {
  const { spec, books, lastBar, status, stopMode, block } = record;
  const holds = books !== null && books.positions.some(({ units }) => units > 0);
  if (!holds || lastBar === null) return [];
  const isStopping = status === 'stopping' && stopMode === 'flatten';
  // A person who has paused the session has said what becomes of its positions.
  const isInForce = status === 'running' || block?.reason === 'STRATEGY';
  const isClosed = spec.atClose === 'flatten' && isInForce && isOutsideHours(deps, record, hasOwnTime);
  if (!isStopping && !isClosed) return [];
  const hasLeft = journal.some(({ after, event }) => event.kind === 'flatten' && after === lastBar);
  return hasLeft ? [] : [{ kind: 'flatten', reason: isStopping ? 'stop' : 'HOURS' }];
}

/** Takes back entries that wait from before, as soon as nothing may be opened: they would open a position all the same. */
function lapsedEntries(
  deps: SessionDependencies,
  { record, journal, placed, intake, hasOwnTime }: Seen,
): readonly SessionEvent[] {
  // Bars alone give entries: what was taken back since the last one is all that there was.
  const isDone = happenedSince(journal, record.lastBar).some(
    ({ event: { kind } }) => kind === 'cancel-entries' || kind === 'flatten',
  );
  if (isDone) return [];
  const gone = new Set([...intake.ended, ...intake.complete]);
  const waits =
    placed.some(
      ({ purpose, kind, state, cancelRequested, executionId }) =>
        purpose === 'entry' && kind !== 'marketable' && state !== 'ended' && !cancelRequested && !gone.has(executionId),
    ) || record.watched.some(({ purpose, held }) => purpose === 'entry' && held === 'session');
  if (!waits) return [];
  const { status, block } = record;
  const reason =
    block?.reason ??
    (status === 'running' ? (isOutsideHours(deps, record, hasOwnTime) ? 'HOURS' : null) : status.toUpperCase());
  return reason === null ? [] : [{ kind: 'cancel-entries', reason }];
}

/** Whether trading hours are over now: in the market's time, which on a venue that replays candles is that of the last bar. */
function isOutsideHours({ clock }: SessionDependencies, record: SessionRecord, hasOwnTime: boolean): boolean {
  const { spec, lastBar } = record;
  const now = hasOwnTime ? (lastBar === null ? null : lastBar + timeframeMs(spec.timeframe)) : clock.now();
  return now !== null && !mayOpen(spec.hours, now);
}
