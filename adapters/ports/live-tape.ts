import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';

/** Quantity that the public tape of a symbol has printed, as the market-data streams saw it. */
export interface TapeVolume {
  /** In base, every print counted once, our own included. */
  readonly quantity: Decimal;
  /** The first and the last millisecond of exchange time that it counts: whole seconds. */
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The live tape: kept by the market-data worker, read by whoever needs the volume of the last minutes without asking the venue. */
export interface LiveTape {
  /**
   * Volume of `[from, to)` in exchange time, in whole seconds at both ends rounded outwards. A tape that is complete only up to a few seconds before `to`
   * gives the interval of the same length that ends there: what is not known yet is never counted as nothing. `null` while no stream has covered that
   * interval without a gap: then the venue itself must be asked.
   */
  volume(venue: string, symbol: string, from: EpochMs, to: EpochMs): Promise<TapeVolume | null>;
}
