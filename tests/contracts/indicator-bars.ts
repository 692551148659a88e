import type { InputName } from '../../domain/indicators/indicator.ts';

/** Columns that an indicator can ask for, all of one length. */
export type Bars = Readonly<Record<InputName, Float64Array>>;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function barsOf(length: number, bar: (i: number) => readonly [number, number, number, number, number]): Bars {
  const column = (): Float64Array => new Float64Array(length);
  const bars = { time: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
  for (let i = 0; i < length; i++) {
    const [open, high, low, close, volume] = bar(i);
    // Quarter-hour bars from the evening of a day on, so that sessions end within short series too.
    bars.time[i] = Date.UTC(2024, 7, 8, 20) + i * 900_000;
    bars.open[i] = open;
    bars.high[i] = high;
    bars.low[i] = low;
    bars.close[i] = close;
    bars.volume[i] = volume;
  }
  return bars;
}

/** A random walk in ticks of 0.01 with gaps between bars; some bars have no range, some no volume. */
export function randomWalk(seed: number, length: number): Bars {
  const random = randomNumbers(seed);
  const ticks = (most: number): number => Math.floor(random() * (most + 1));
  let price = 10_000;
  return barsOf(length, () => {
    const open = Math.max(500, price + ticks(40) - 20);
    const close = random() < 0.1 ? open : Math.max(500, open + ticks(200) - 100);
    const still = random() < 0.05;
    const high = Math.max(open, close) + (still ? 0 : ticks(60));
    const low = Math.min(open, close) - (still ? 0 : ticks(60));
    price = close;
    return [open / 100, high / 100, low / 100, close / 100, random() < 0.05 ? 0 : ticks(1_000_000) / 1000];
  });
}

/** One price for ever, that no binary fraction holds exactly, and no trades. */
export function flat(length: number): Bars {
  return barsOf(length, () => [100.1, 100.1, 100.1, 100.1, 0]);
}

/** A walk that stands still for stretches longer than most windows. */
export function walkWithPauses(seed: number, length: number): Bars {
  const walk = randomWalk(seed, length);
  const moving = (i: number): number => (i % 120 < 60 ? i : i - (i % 120) + 59);
  return barsOf(length, (i) => {
    const from = moving(i);
    if (from === i) return [walk.open[i]!, walk.high[i]!, walk.low[i]!, walk.close[i]!, walk.volume[i]!];
    const price = walk.close[from]!;
    return [price, price, price, price, 0];
  });
}

/** Rising by one tick a bar, or falling: what a window of extremes finds hardest. */
export function straight(direction: 1 | -1, length: number): Bars {
  return barsOf(length, (i) => {
    const close = 200 + (direction * i) / 100;
    return [close, close + 0.05, close - 0.05, close, 1 + (i % 3)];
  });
}
