import type { EpochMs } from '../../domain/market/decimal.ts';

/** The time, passed in so that tests and the time-skipping server decide what it is. */
export interface Clock {
  now(): EpochMs;
}
