import type { Candles } from '../../market/candles.ts';

/** Part of the bars of one symbol: `from` included, `to` not. */
export interface BarRange {
  readonly candles: Candles;
  readonly from: number;
  readonly to: number;
}

/** Open times of all bars of some symbols, each once, rising. */
export function jointTimes(ranges: readonly BarRange[]): Float64Array {
  const [only] = ranges;
  if (ranges.length === 1) return only!.candles.time.slice(only!.from, only!.to);
  const next = ranges.map(({ from }) => from);
  let room = 0;
  for (const { from, to } of ranges) room += Math.max(0, to - from);
  const times = new Float64Array(room);
  let count = 0;
  for (;;) {
    let time = Number.POSITIVE_INFINITY;
    for (let r = 0; r < ranges.length; r++) {
      const { candles, to } = ranges[r]!;
      if (next[r]! < to && candles.time[next[r]!]! < time) time = candles.time[next[r]!]!;
    }
    if (time === Number.POSITIVE_INFINITY) return times.slice(0, count);
    times[count++] = time;
    for (let r = 0; r < ranges.length; r++) {
      const { candles, to } = ranges[r]!;
      if (next[r]! < to && candles.time[next[r]!] === time) next[r]!++;
    }
  }
}
