import type { DurationMs } from '../../../domain/market/decimal.ts';

/** Fields of answers that hold an instant. */
const INSTANTS = new Set([
  'serverTime',
  'time',
  'updateTime',
  'transactTime',
  'workingTime',
  'openTime',
  'closeTime',
  'T',
]);
/** Where a candle, which comes as a plain array, has its opening and its closing time. */
const CANDLE_INSTANTS = [0, 6];
const CANDLE_LENGTH = 12;

/** An answer as a venue gives it whose clock is off by `skewMs`: every instant in it is. */
export function skewed(json: unknown, skewMs: DurationMs): unknown {
  if (skewMs === 0 || typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) {
    const isCandle = json.length === CANDLE_LENGTH && typeof json[0] === 'number';
    return json.map((item, index) => {
      return isCandle && CANDLE_INSTANTS.includes(index) ? (item as number) + skewMs : skewed(item, skewMs);
    });
  }
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      return [name, INSTANTS.has(name) && typeof value === 'number' ? value + skewMs : skewed(value, skewMs)];
    }),
  );
}
