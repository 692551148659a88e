import type { Candles } from '../../market/candles.ts';

/** Bars of a block, for which extremes are known: a whole block in which nothing can happen is passed over at once. */
export const BLOCK_BITS = 5;
export const BLOCK_BARS = 1 << BLOCK_BITS;

/** Number of equal parts of the run for which sums of daily returns are kept. */
export const RETURN_BLOCKS = 16;

/** What all combinations on the same bars share. Bars are numbered as in the data. */
export interface MarketTables {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** First bar evaluated, and the end, not included. */
  readonly start: number;
  readonly end: number;
  /** Extremes by block of `BLOCK_BARS` bars. */
  readonly closeMax: Float64Array;
  readonly closeMin: Float64Array;
  readonly highMax: Float64Array;
  readonly lowMin: Float64Array;
  /** Bars at whose close a daily return ends, rising, and one beyond all. */
  readonly dayEnds: Int32Array;
  readonly dayCloses: Float64Array;
  /** Block `b` has the daily returns `blockEnds[b-1]` to `blockEnds[b]` (not included). */
  readonly blockEnds: Int32Array;
}

/** @param dayEnds as `returnEnds` gives them for the same bars. */
export function marketTables(candles: Candles, start: number, end: number, dayEnds: Int32Array): MarketTables {
  const { open, high, low, close } = candles;
  const days = dayEnds.length;
  const ends = new Int32Array(days + 1).fill(0x7fffffff);
  ends.set(dayEnds);
  const dayCloses = new Float64Array(days);
  for (let d = 0; d < days; d++) dayCloses[d] = close[dayEnds[d]!]!;
  const blockEnds = new Int32Array(RETURN_BLOCKS);
  for (let b = 0; b < RETURN_BLOCKS; b++) blockEnds[b] = Math.floor(((b + 1) * days) / RETURN_BLOCKS);
  return {
    open,
    high,
    low,
    close,
    start,
    end,
    closeMax: blockMaxima(close),
    closeMin: blockMinima(close),
    highMax: blockMaxima(high),
    lowMin: blockMinima(low),
    dayEnds: ends,
    dayCloses,
    blockEnds,
  };
}

function blockMaxima(column: Float64Array): Float64Array {
  const blocks = new Float64Array(Math.ceil(column.length / BLOCK_BARS));
  for (let b = 0, i = 0; b < blocks.length; b++) {
    const end = Math.min(column.length, i + BLOCK_BARS);
    let extreme = column[i]!;
    for (; i < end; i++) if (column[i]! > extreme) extreme = column[i]!;
    blocks[b] = extreme;
  }
  return blocks;
}

function blockMinima(column: Float64Array): Float64Array {
  const blocks = new Float64Array(Math.ceil(column.length / BLOCK_BARS));
  for (let b = 0, i = 0; b < blocks.length; b++) {
    const end = Math.min(column.length, i + BLOCK_BARS);
    let extreme = column[i]!;
    for (; i < end; i++) if (column[i]! < extreme) extreme = column[i]!;
    blocks[b] = extreme;
  }
  return blocks;
}
