import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ExtremesChunk,
  RunningMaximum,
  RunningMinimum,
  slidingMaximum,
  slidingMinimum,
} from '../../../domain/indicators/sliding-extremes.ts';

/** Few different values, so that many tie. */
const columns = fc
  .array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 80 })
  .map((values) => Float64Array.from(values));

const windowsOf = (input: Float64Array, period: number): readonly Float64Array[] =>
  Array.from({ length: input.length - period + 1 }, (_, k) => input.subarray(k, k + period));

describe('the extremes of a sliding window', () => {
  it('are those of every window, wherever one begins and ends', () => {
    fc.assert(
      fc.property(columns, fc.nat(), fc.nat(), fc.nat(), (input, a, b, c) => {
        const period = 1 + (a % input.length);
        const from = period - 1 + (b % (input.length - period + 1));
        const to = from + (c % (input.length - from + 1));
        const windows = windowsOf(input, period).slice(from - period + 1, to - period + 1);
        const [highest, lowest] = [new Float64Array(to - from), new Float64Array(to - from)];
        slidingMaximum(input, from, to, period, highest);
        slidingMinimum(input, from, to, period, lowest);
        expect([...highest]).toEqual(windows.map((window) => Math.max(...window)));
        expect([...lowest]).toEqual(windows.map((window) => Math.min(...window)));
      }),
    );
  });

  it('are the same bar by bar', () => {
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 90 }), (input, period) => {
        const [maximum, minimum] = [new RunningMaximum(period), new RunningMinimum(period)];
        input.forEach((value, i) => {
          const window = input.subarray(Math.max(0, i - period + 1), i + 1);
          expect(maximum.next(value)).toBe(Math.max(...window));
          expect(minimum.next(value)).toBe(0 + Math.min(...window));
        });
      }),
    );
  });

  it('come in chunks that hold at least one window', () => {
    const input = Float64Array.from({ length: 9_000 }, (_, i) => Math.sin(i));
    for (const period of [1, 20, 1_024, 1_500]) {
      const chunk = new ExtremesChunk(input, input, period);
      expect(chunk.size).toBeGreaterThanOrEqual(period);
      const from = 5_000;
      chunk.fill(from, from + chunk.size);
      const last = input.subarray(from + chunk.size - period, from + chunk.size);
      expect(chunk.highest[chunk.size - 1]).toBe(Math.max(...last));
      expect(chunk.lowest[chunk.size - 1]).toBe(Math.min(...last));
    }
  });
});
