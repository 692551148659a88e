import { describe, expect, it } from '@jest/globals';
import { agrees, compareRows, type Rows } from '../../bench/parity.ts';

const rows = (columns: number, ...values: number[]): Rows => ({ columns, values: Float64Array.from(values) });

describe('parity', () => {
  it('tells the largest difference, relative to the larger number', () => {
    const parity = compareRows(rows(2, 100, 1, 200, 2), rows(2, 100, 1, 200, 2.5), ['a', 'b'], 0.3);
    // 0.5 / 2.5
    expect(parity).toEqual({ rows: 2, maxRelDiff: 0.2 });
    expect(agrees(parity)).toBe(true);
  });

  it('names the first number that is too far away', () => {
    const parity = compareRows(rows(2, 1, 1, 2, 3), rows(2, 1, 1, 2, 4), ['a', 'b'], 1e-9);
    expect(parity.disagreement).toEqual({ row: 1, column: 'b', ours: 3, peer: 4 });
    expect(agrees(parity)).toBe(false);
  });

  it('takes NaN for equal to NaN and to nothing else', () => {
    expect(agrees(compareRows(rows(1, Number.NaN), rows(1, Number.NaN), ['a'], 1e-9))).toBe(true);
    const parity = compareRows(rows(1, Number.NaN), rows(1, 0), ['a'], 1e-9);
    expect(parity.disagreement).toEqual({ row: 0, column: 'a', ours: null, peer: 0 });
    expect(parity.maxRelDiff).toBeNull();
  });

  it('measures what is close to zero by a thousandth of the size of its column', () => {
    // Root mean square 1000 / sqrt(2), a thousandth of it 0.7071: 7.071e-10 / 0.7071.
    const parity = compareRows(rows(1, 1000, 0), rows(1, 1000, 7.071e-10), ['a'], 1e-8);
    expect(parity.maxRelDiff).toBeCloseTo(1e-9, 12);
  });

  it('does not compare results of different length', () => {
    const parity = compareRows(rows(1, 1, 2), rows(1, 1), ['a'], 1e-9);
    expect(parity.reason).toBe('ours has 2 rows of 1 columns, the peer 1 of 1');
    expect(agrees(parity)).toBe(false);
  });
});
