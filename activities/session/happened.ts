import type { Candles } from '../../domain/market/candles.ts';
import { type EpochMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { mayOpen } from '../../domain/session/hours/trading-hours.ts';
import type { SessionEvent } from '../../domain/session/journal.ts';
import { type PriceSpan, reachedBy } from '../../domain/session/reached.ts';
import type { SessionDependencies } from './dependencies.ts';
import { hasMarketTime, type Seen } from './look.ts';

/** A price that is older tells nothing of the market now. */
const PRICE_AGE_MS = 60_000;

/** What has happened since the journal was written: trades and ends of orders, watched prices that were reached, the end of trading hours. */
export async function happened(deps: SessionDependencies, seen: Seen): Promise<readonly SessionEvent[]> {
  const reached = await reachedPrices(deps, seen);
  return [...seen.intake.events, ...reached, ...leavings(deps, seen)];
}

async function reachedPrices(deps: SessionDependencies, seen: Seen): Promise<readonly SessionEvent[]> {
  const { record, journal } = seen;
  // One whose price was reached stays on the list until the next step.
  const known = new Set(
    journal.flatMap(({ after, event }) => (event.kind === 'reached' && after === record.lastBar ? [event.order] : [])),
  );
  const watched = record.watched.filter(({ order }) => !known.has(order));
  if (watched.length === 0) return [];
  const spans = new Map<string, PriceSpan>();
  for (const symbol of new Set(watched.map((order) => order.symbol))) {
    const span = await priceOf(deps, seen, symbol);
    const bar = barSpan(seen, symbol);
    if (span !== null || bar !== null) spans.set(symbol, widest(span, bar));
  }
  return reachedBy(watched, (symbol) => spans.get(symbol) ?? null);
}

async function priceOf(deps: SessionDependencies, { record }: Seen, symbol: string): Promise<PriceSpan | null> {
  const price = await deps.prices.last(record.spec.venue, symbol);
  if (price === null || price.last === null) return null;
  const isOld = deps.clock.now() - price.receivedAt > PRICE_AGE_MS;
  if (isOld && !(await hasMarketTime(deps, record))) return null;
  return { high: price.last, low: price.last };
}

/**
 * What the next bar to be handled has seen, where all of it came after the position was taken: a bar in which something was traded tells nothing of
 * what came before and what after.
 */
function barSpan({ record, journal, intake, candles, due }: Seen, symbol: string): PriceSpan | null {
  const next = due[0]?.time;
  if (next === undefined || intake.events.some(({ kind }) => kind === 'execution')) return null;
  const last = journal.findLast(({ event }) => event.kind === 'execution');
  if (last !== undefined && last.after === record.lastBar) return null;
  const own = candles?.find((each) => each.symbol === symbol);
  const i = own === undefined ? -1 : indexOf(own, next);
  return own === undefined || i < 0 ? null : { high: own.high[i]!, low: own.low[i]! };
}

function indexOf({ time, length }: Candles, at: EpochMs): number {
  for (let i = length - 1; i >= 0 && time[i]! >= at; i--) if (time[i] === at) return i;
  return -1;
}

function widest(a: PriceSpan | null, b: PriceSpan | null): PriceSpan {
  if (a === null || b === null) return (a ?? b)!;
  return { high: Math.max(Number(a.high), Number(b.high)), low: Math.min(Number(a.low), Number(b.low)) };
}

/**
 * Leaves what is held when trading hours have ended, and once more in each later bar when that did not succeed; the same for a session that is being
 * stopped so.
 */
function leavings(deps: SessionDependencies, { record, journal }: Seen): readonly SessionEvent[] {
  const { spec, books, lastBar, status, stopMode } = record;
  const holds = books !== null && books.positions.some(({ units }) => units > 0);
  if (!holds || lastBar === null) return [];
  const isStopping = status === 'stopping' && stopMode === 'flatten';
  const isClosed =
    spec.atClose === 'flatten' && !mayOpen(spec.hours, deps.findZone, lastBar + timeframeMs(spec.timeframe));
  if (!isStopping && !isClosed) return [];
  const hasLeft = journal.some(({ after, event }) => event.kind === 'flatten' && after === lastBar);
  return hasLeft ? [] : [{ kind: 'flatten', reason: isStopping ? 'stop' : 'HOURS' }];
}
