import { isSameCandle, type RunningCandle } from '../../adapters/ports/running-candles.ts';
import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { happenedSince } from '../../domain/session/journal.ts';
import type { WatchedOrder } from '../../domain/session/order.ts';
import type { PriceSpan } from '../../domain/session/reached.ts';
import type { SessionDependencies } from './dependencies.ts';
import type { Seen } from './seen.ts';
import type { SessionMemory } from './session-memory.ts';

/**
 * Whether an order's price is sought in the candle that is open: that of a target on a venue that replays candles, where the last price is the candle's
 * open, and its extremes are known no earlier than what they did to orders. Where prices go by the clock they tell it themselves.
 */
export function isSoughtInCandle(hasOwnTime: boolean, { held, kind }: Pick<WatchedOrder, 'held' | 'kind'>): boolean {
  return hasOwnTime && held === 'session' && kind === 'limit';
}

/** Symbols of which a session looks in the open candle. */
export function soughtSymbols({ watched }: Pick<SessionRecord, 'watched'>, hasOwnTime: boolean): readonly string[] {
  const sought = watched.filter((order) => isSoughtInCandle(hasOwnTime, order));
  return [...new Set(sought.map(({ symbol }) => symbol))];
}

/** The open candles that a session looks in, by symbol. */
export async function openCandles(
  { running }: Pick<SessionDependencies, 'running'>,
  record: SessionRecord,
  hasOwnTime: boolean,
): Promise<ReadonlyMap<string, RunningCandle>> {
  const { venue, timeframe } = record.spec;
  const found = new Map<string, RunningCandle>();
  for (const symbol of soughtSymbols(record, hasOwnTime)) {
    const candle = await running.find({ venue, symbol, timeframe });
    if (candle !== null) found.set(symbol, candle);
  }
  return found;
}

/**
 * Where the market has been in the open candle since the trade of a target was entered, as a backtest has it: in the bar of the entry only where that was
 * at the open, or by a stop that the target lies behind, unless the bar has been to the stop loss too. `null` where it may have been there before.
 */
export function rangeSinceEntry(seen: Seen, order: WatchedOrder): PriceSpan | null {
  const { record, candles, open } = seen;
  const { lastBar, spec } = record;
  const candle = open.get(order.symbol);
  if (candle === undefined || lastBar === null || !(candle.volume > 0)) return null;
  const isHandled = candle.time < lastBar + timeframeMs(spec.timeframe);
  const closed = candles?.find(({ symbol }) => symbol === order.symbol);
  const isBehind = closed !== undefined && closed.length > 0 && closed.time[closed.length - 1]! > lastBar;
  if (isHandled || isBehind) return null;
  // On other terms than before the bar: it may have been entered since.
  if (order.bar === lastBar && !isKnownBehindEntry(seen, order.symbol, candle)) return null;
  return { high: candle.high, low: candle.low };
}

/** Whether all that was bought in the bar in progress was bought at its open, or below all that came after. */
function isKnownBehindEntry(
  { record, journal, intake, placed }: Seen,
  symbol: string,
  { low }: RunningCandle,
): boolean {
  const events = [...happenedSince(journal, record.lastBar).map(({ event }) => event), ...intake.events];
  return events.every((event) => {
    if (event.kind !== 'execution') return true;
    const by = placed.find(({ order, version }) => order === event.order && version === event.version);
    if (by === undefined) return false;
    if (by.symbol !== symbol || by.side === 'sell' || by.kind === 'marketable') return true;
    return by.kind === 'stop' && !record.watched.some((each) => isReachedStop(each, symbol, low));
  });
}

function isReachedStop({ symbol, purpose, stop }: WatchedOrder, of: string, low: number): boolean {
  return symbol === of && purpose === 'stop-loss' && stop !== null && Number(stop) >= low;
}

/** Notes how much of the open candle this look has acted upon: whoever replays candles waits for it. */
export async function noteSeen(
  deps: SessionDependencies,
  memory: SessionMemory,
  { record, open }: Seen,
): Promise<void> {
  const [candle] = open.values();
  if (candle === undefined || !(candle.volume > 0) || isSameCandle(candle, memory.candleSeen)) return;
  await deps.store.saw(record.id, candle);
  memory.candleSeen = candle;
}
