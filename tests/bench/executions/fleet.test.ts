import { describe, expect, it } from '@jest/globals';
import { loopInputs } from '../../../bench/executions/bare-run.ts';
import { fleetStarts } from '../../../bench/executions/fleet.ts';

describe('phases', () => {
  it('of a fleet are spread evenly over the interval', () => {
    const starts = fleetStarts({ executions: 4, slices: 9, sliceMs: 120_000, from: 1_000 });
    expect(starts).toEqual([1_000, 31_000, 61_000, 91_000]);
  });

  it('of bare loops come at the rate that the fleet has, to the end and no further', () => {
    // 1,000 loops of 120 s for 120 s and a sixth of that again: 8.33 steps a second.
    const inputs = loopInputs(1_000, 120_000, 0, 140_000);
    const due = inputs.flatMap(({ firstAt, intervalMs, steps }) =>
      Array.from({ length: steps }, (_, k) => firstAt + k * intervalMs),
    );
    const sorted = due.toSorted((a, b) => a - b);
    expect(due).toHaveLength(1_167);
    expect(sorted.at(-1)).toBeLessThan(140_000);
    expect(sorted.slice(1).every((at, k) => at - sorted[k]! === 120)).toBe(true);
  });

  it('of bare loops are one where all are to be due at once', () => {
    expect(loopInputs(3, 5_000, 1_000, 11_001, 'together')).toEqual(
      Array.from({ length: 3 }, () => ({ firstAt: 1_000, intervalMs: 5_000, steps: 3 })),
    );
  });

  it('leaves out loops that would do nothing', () => {
    expect(loopInputs(10, 10_000, 0, 2_500)).toEqual(
      [0, 1_000, 2_000].map((firstAt) => ({ firstAt, intervalMs: 10_000, steps: 1 })),
    );
  });
});
