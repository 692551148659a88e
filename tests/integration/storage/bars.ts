import { sha256 } from '../../../adapters/candles/sha256.ts';
import type { CandleBlocks } from '../../../adapters/ports/candle-store.ts';
import { alwaysOpen } from '../../../domain/market/calendar.ts';
import { allocateCandles, type Candles, sliceCandles } from '../../../domain/market/candles.ts';
import { DatasetFactsGatherer } from '../../../domain/market/dataset-facts.ts';

/** 2024-01-01T00:00:00Z. */
export const DAY = Date.UTC(2024, 0, 1);
const MINUTE_MS = 60_000;

/** One-minute bars from `DAY` on with prices that no decimal writes exactly; `seed` makes others. */
export function barsOf(length: number, seed = 1): Candles {
  const bars = allocateCandles('BTC/USDT', '1m', length);
  for (let i = 0; i < length; i += 1) {
    const base = 100 + seed / 3 + (i % 97) / 7;
    bars.time[i] = DAY + i * MINUTE_MS;
    bars.open[i] = base;
    bars.high[i] = base + 1 / 3;
    bars.low[i] = base - 1 / 3;
    bars.close[i] = base + 1 / 7;
    bars.volume[i] = i / 11;
  }
  return bars;
}

/** Bars as the importers hand them over, `size` at a time. */
export async function* blocksOf(bars: Candles, size = 1000): CandleBlocks {
  const facts = new DatasetFactsGatherer(bars.symbol, bars.timeframe, alwaysOpen, sha256());
  for (let from = 0; from < bars.length; from += size) {
    const block = sliceCandles(bars, from, Math.min(bars.length, from + size));
    facts.add(block);
    yield block;
  }
  return { ...facts.finish(), duplicates: 0, hasVolume: true, unusedColumns: [] };
}
