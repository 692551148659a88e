import { type EmaForm, RunningEma } from './running-ema.ts';

/** Averages of averages: each smooths the values of the one before, from that one's first value on. */
export type EmaChain = readonly RunningEma[];

export function emaChain(stages: number, period: number, form: EmaForm = 'step'): EmaChain {
  return Array.from({ length: stages }, () => new RunningEma(period, form));
}

/** Bars before the last stage has its first value. */
export function chainLookback(stages: number, period: number): number {
  return stages * (period - 1);
}

/** Feeds one value. True once every stage has a value of its own. */
export function feedChain(chain: EmaChain, input: number): boolean {
  let value = input;
  for (const stage of chain) {
    value = stage.next(value);
    if (!stage.warm) return false;
  }
  return true;
}

/**
 * Feeds the chain the bars `first .. first + lookback` of `input`, with which its last stage gets its first value. False, and
 * nothing done, when the column is shorter.
 */
export function warmUpChain(chain: EmaChain, input: Float64Array, first: number, lookback: number): boolean {
  const end = first + lookback;
  if (end >= input.length) return false;
  for (let i = first; i <= end; i++) feedChain(chain, input[i]!);
  return true;
}
