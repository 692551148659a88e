import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';

/** Quantity that the public tape of a symbol has printed, as the market-data streams saw it. */
export interface TapeVolume {
  /** In base, every print counted once, our own included. */
  readonly quantity: Decimal;
  /** Exchange time up to which the tape is known to be complete. */
  readonly completeUntil: EpochMs;
}

/** The live tape: kept by the market-data worker, read by whoever needs the volume of the last minutes without asking the venue. */
export interface LiveTape {
  /**
   * Volume with `from < at <= to` in exchange time, in whole seconds at both ends rounded outwards; `null` while no stream has covered that interval without a gap:
   * then the venue itself must be asked.
   */
  volume(venue: string, symbol: string, from: EpochMs, to: EpochMs): Promise<TapeVolume | null>;
}
