import { type Figure, undefinedBecause } from './figure.ts';
import { mean } from './moments.ts';

/**
 * R squared of the straight line of least squares through the cumulated log returns against the number of the period: 1 for steady
 * growth, near 0 for a curve without direction. Not defined when the capital was lost or never changed.
 */
export function rSquaredOfLogWealth(returns: Float64Array): Figure {
  const n = returns.length;
  const logs = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (returns[i]! <= -1) return undefinedBecause('the whole capital was lost: its logarithm is not defined');
    total += Math.log1p(returns[i]!);
    logs[i] = total;
  }
  const [meanOfIndex, meanOfLogs] = [(n - 1) / 2, mean(logs)];
  let [products, ofIndex, ofLogs] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [i - meanOfIndex, logs[i]! - meanOfLogs];
    products += x * y;
    ofIndex += x * x;
    ofLogs += y * y;
  }
  if (ofLogs === 0) return undefinedBecause('the capital never changed');
  return (products * products) / (ofIndex * ofLogs);
}
