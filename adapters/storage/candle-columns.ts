import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { CandleStream } from '../ports/closed-candles.ts';
import { epochMs } from './rows.ts';

/** A row of `closed_candles`. */
export interface CandleRow {
  readonly open_at: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Rows in order of time as columns. */
export function candleColumns({ symbol, timeframe }: CandleStream, rows: readonly CandleRow[]): Candles {
  const builder = new CandleBuilder(symbol, timeframe, rows.length);
  for (const row of rows) builder.add(epochMs(row.open_at), row.open, row.high, row.low, row.close, row.volume);
  return builder.take();
}
