import { sma } from './averages/sma.ts';
import type { Indicator } from './indicator.ts';

/** All indicators, by family. To add one: one file, one import and one line here. */
export const indicators: readonly Indicator[] = [
  // Averages
  sma,
  // Momentum
  // Trend
  // Volatility and channels
  // Volume
  // Statistics
  // Candle patterns
];

/** The indicator of that name, spelt as in its `name` (`SMA`), or `undefined`. */
export function findIndicator(name: string): Indicator | undefined {
  return indicators.find((indicator) => indicator.name === name);
}
