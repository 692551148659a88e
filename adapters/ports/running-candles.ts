import type { EpochMs } from '../../domain/market/decimal.ts';
import type { CandleStream } from './closed-candles.ts';

/** What is known of the candle that is still open. */
export interface RunningCandle {
  /** Opening time. */
  readonly time: EpochMs;
  readonly high: number;
  readonly low: number;
  /** In base; 0 while nothing was traded in it: then its prices are those of before. */
  readonly volume: number;
}

/** The open candles of venues that replay candles. No strategy sees one: they only say which prices the market has been to. */
export interface RunningCandles {
  /** Of the candles that those of the stream are made of; `null` while none is known. */
  find(stream: CandleStream): Promise<RunningCandle | null>;
}

/** One of them, and whose. */
export interface RunningPiece {
  readonly stream: CandleStream;
  readonly candle: RunningCandle;
}

/** Where they are kept. A session of streams that has been followed by another gets `StreamsSuperseded`. */
export interface RunningCandleStore extends RunningCandles {
  /** Takes the place of what was known of the same streams. */
  save(venue: string, session: number, pieces: readonly RunningPiece[]): Promise<void>;
}

/** Whether both tell the same prices of the same candle. */
export function isSameCandle(one: RunningCandle | null, other: RunningCandle | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.time === other.time && one.high === other.high && one.low === other.low && one.volume > 0 === other.volume > 0
  );
}
