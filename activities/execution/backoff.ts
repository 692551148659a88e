import type { DurationMs } from '../../domain/market/decimal.ts';

const STEPS_MS: readonly DurationMs[] = [250, 500, 1_000, 2_000];
const LONGEST_MS: DurationMs = 5_000;

/** Pause before look-up number `round` (from 0): quick at first, since most unknown outcomes are known within a second. */
export function lookUpPause(round: number): DurationMs {
  return STEPS_MS[round] ?? LONGEST_MS;
}
