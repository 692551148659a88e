import { allocateCandles, type Candles, closeTime } from '../../market/candles.ts';

/** Candles that more can be written behind, in place. */
export type RoomyCandles = { -readonly [Name in keyof Candles]: Candles[Name] };

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * The same candles with room behind the last for the bar in progress, in which things happen that are written down before it closes. It is
 * thought to open when the last one closes, and to stand at its close. `length` does not count it.
 *
 * @param spare how many candles more `takeIn` may write later
 */
export function roomForOneMore(candles: Candles, spare = 0): RoomyCandles {
  const { symbol, timeframe, length } = candles;
  const roomy: RoomyCandles = { ...allocateCandles(symbol, timeframe, length + spare + 1), length: 0 };
  takeIn(roomy, candles);
  return roomy;
}

/** Whether `takeIn` has room for them, and the bar in progress opens when it was thought to: what has happened in it bears its time. */
export function hasRoomFor({ time, length }: RoomyCandles, grown: Candles): boolean {
  if (grown.length < length || grown.length + 1 > time.length) return false;
  return grown.length === length || length === 0 || grown.time[length] === time[length];
}

/** Writes the candles behind those that are there already, with which the given ones begin. */
export function takeIn(roomy: RoomyCandles, grown: Candles): void {
  const known = roomy.length;
  const { length } = grown;
  for (const name of COLUMNS) roomy[name].set(grown[name].subarray(known, length), known);
  const last = length - 1;
  const close = length === 0 ? Number.NaN : grown.close[last]!;
  roomy.time[length] = length === 0 ? Number.NaN : closeTime(grown, last);
  for (const name of ['open', 'high', 'low', 'close'] as const) roomy[name][length] = close;
  roomy.volume[length] = 0;
  roomy.length = length;
}
