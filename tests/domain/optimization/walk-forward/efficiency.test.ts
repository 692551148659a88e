import { describe, expect, it } from '@jest/globals';
import { efficiencyOf } from '../../../../domain/optimization/walk-forward/efficiency.ts';

const earned = (annualReturn: number | null, returns: number) => ({ annualReturn, returns });

describe('the efficiency of a walk-forward', () => {
  it('is what was earned outside over what was earned inside', () => {
    expect(efficiencyOf(earned(0.1, 365), earned(0.4, 365), 365)).toEqual({ efficiency: 0.25, efficiencyReason: null });
    expect(efficiencyOf(earned(-0.1, 365), earned(0.4, 365), 365).efficiency).toBe(-0.25);
  });

  it('is not defined where nothing was earned inside, or nothing chosen', () => {
    for (const inside of [0, -0.2, null]) {
      expect(efficiencyOf(earned(0.1, 365), earned(inside, 365), 365)).toEqual({
        efficiency: null,
        efficiencyReason: expect.stringContaining('earned nothing where it was chosen'),
      });
    }
    expect(efficiencyOf(null, null, 365).efficiencyReason).toBe('nothing was chosen');
  });

  it.each([
    // 29 daily returns cover 30 days, the first of which has none; 28 do not.
    [29, 365, true],
    [28, 365, false],
    // 252 days a year: 20 x 365 / 252 = 28.97 days, 19 are 27.5.
    [20, 252, true],
    [19, 252, false],
    // Weeks: 5 x 365 / 52 = 35 days, 4 are 28.
    [5, 52, true],
    [4, 52, false],
  ])('of %i returns at %i a year is given: %s', (returns, periodsPerYear, isGiven) => {
    for (const [out, within] of [
      [returns, 1_000],
      [1_000, returns],
    ] as const) {
      const { efficiency, efficiencyReason } = efficiencyOf(earned(0.1, out), earned(0.2, within), periodsPerYear);
      expect(efficiency).toBe(isGiven ? 0.5 : null);
      if (!isGiven) expect(efficiencyReason).toMatch(/one side has 2[78] days: it is given from 30/);
    }
  });
});
