import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';

/** All prints of one whole second of exchange time. */
export interface TapeSecond {
  /** Seconds since 1970. */
  readonly second: number;
  readonly quantity: Decimal;
  readonly prints: number;
  /** Prices of its highest and lowest print. */
  readonly high: Decimal;
  readonly low: Decimal;
}

/** The stretch of the tape, in exchange time, of which every print is stored. */
export interface TapeCoverage {
  readonly completeFrom: EpochMs;
  readonly completeUntil: EpochMs;
  /** Where whoever goes on must begin to read: the first print of the second that was not over. */
  readonly nextId: number;
}

/** Where the live tape is kept. Writers pass the number of their session and get `StreamsSuperseded` once it is over. */
export interface TapeStore {
  coverage(venue: string, symbol: string): Promise<TapeCoverage | null>;
  /** Adds seconds and moves the coverage, in one transaction. A second that is stored with more prints stays as it is. */
  save(
    venue: string,
    session: number,
    symbol: string,
    seconds: readonly TapeSecond[],
    coverage: TapeCoverage,
  ): Promise<void>;
  /** Forgets seconds before that instant. */
  prune(venue: string, before: EpochMs): Promise<void>;
}
