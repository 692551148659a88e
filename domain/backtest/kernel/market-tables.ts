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
  /** Extremes by block of `BLOCK_BARS` bars; `null` for so few combinations that finding them costs more than it spares. */
  readonly blocks: BlockExtremes | null;
  /** Bars at whose close a return ends, rising. */
  readonly dayEnds: Int32Array;
  /** Where every bar from this one on ends a return; -1 where not. */
  readonly firstOfEveryBar: number;
  readonly dayCloses: Float64Array;
  /** Block `b` has the returns `blockEnds[b-1]` to `blockEnds[b]` (not included). */
  readonly blockEnds: Int32Array;
}

export interface BlockExtremes {
  readonly closeMax: Float64Array;
  readonly closeMin: Float64Array;
  readonly highMax: Float64Array;
  readonly lowMin: Float64Array;
}

/**
 * @param dayEnds as `returnEnds` gives them for the same bars.
 * @param withBlocks whether there are combinations enough for extremes of blocks.
 */
export function marketTables(
  candles: Candles,
  start: number,
  end: number,
  dayEnds: Int32Array,
  withBlocks: boolean,
): MarketTables {
  const { open, high, low, close } = candles;
  const days = dayEnds.length;
  const isEveryBar = days > 0 && dayEnds[days - 1]! - dayEnds[0]! === days - 1;
  const blockEnds = new Int32Array(RETURN_BLOCKS);
  for (let b = 0; b < RETURN_BLOCKS; b++) blockEnds[b] = Math.floor(((b + 1) * days) / RETURN_BLOCKS);
  return {
    open,
    high,
    low,
    close,
    start,
    end,
    blocks: withBlocks ? blockExtremes(candles) : null,
    dayEnds,
    firstOfEveryBar: isEveryBar ? dayEnds[0]! : -1,
    dayCloses: isEveryBar
      ? close.subarray(dayEnds[0], dayEnds[0]! + days)
      : Float64Array.from(dayEnds, (bar) => close[bar]!),
    blockEnds,
  };
}

/** Number of the first return that ends at bar `to` or later, looked for from return `day` on. */
export function returnsBefore({ dayEnds, firstOfEveryBar }: MarketTables, day: number, to: number): number {
  if (firstOfEveryBar >= 0) return Math.max(day, Math.min(dayEnds.length, to - firstOfEveryBar));
  let next = day;
  while (next < dayEnds.length && dayEnds[next]! < to) next++;
  return next;
}

function blockExtremes({ high, low, close, length }: Candles): BlockExtremes {
  const column = (): Float64Array => new Float64Array(Math.ceil(length / BLOCK_BARS));
  const extremes = { closeMax: column(), closeMin: column(), highMax: column(), lowMin: column() };
  const { closeMax, closeMin, highMax, lowMin } = extremes;
  for (let b = 0, i = 0; i < length; b++) {
    const end = Math.min(length, i + BLOCK_BARS);
    let [top, bottom, highest, lowest] = [close[i]!, close[i]!, high[i]!, low[i]!];
    for (; i < end; i++) {
      if (close[i]! > top) top = close[i]!;
      else if (close[i]! < bottom) bottom = close[i]!;
      if (high[i]! > highest) highest = high[i]!;
      if (low[i]! < lowest) lowest = low[i]!;
    }
    closeMax[b] = top;
    closeMin[b] = bottom;
    highMax[b] = highest;
    lowMin[b] = lowest;
  }
  return extremes;
}
