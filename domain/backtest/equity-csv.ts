/** Header of the CSV of equity: open time of the bar, equity at its close, and how far it lies below its peak as a ratio. */
export const EQUITY_HEADER = 'time,equity,drawdown';

const LINES_AT_ONCE = 4_096;

/** Writes an equity curve that comes in stretches as lines of CSV, in pieces. The starting capital counts as the first peak. */
export function equityLines(initialCash: number): (times: Float64Array, equity: Float64Array) => Generator<string> {
  let peak = initialCash;
  return function* (times, equity) {
    for (let from = 0; from < times.length; from += LINES_AT_ONCE) {
      const to = Math.min(times.length, from + LINES_AT_ONCE);
      let piece = '';
      for (let i = from; i < to; i++) {
        const value = equity[i]!;
        if (value > peak) peak = value;
        piece += `${new Date(times[i]!).toISOString()},${value},${1 - value / peak}\n`;
      }
      yield piece;
    }
  };
}
