import { describe, expect, it } from '@jest/globals';
import { latenessIn } from '../../../bench/executions/slice-lateness.ts';

/** Slices at 1,000, 3,000 and 5,000 ms; and at 2,000, 4,000 and 6,000 ms. */
const executions = [
  { id: 'a', startAt: 1_000, sliceMs: 2_000, slices: 3 },
  { id: 'b', startAt: 2_000, sliceMs: 2_000, slices: 3 },
];

describe('lateness of the slices that were due in a window', () => {
  it('is receipt minus due time, of slices due in [from, to) alone', () => {
    const orders = [
      { executionId: 'a', slice: 1, receivedAt: 1_900 },
      { executionId: 'a', slice: 2, receivedAt: 3_007 },
      { executionId: 'b', slice: 1, receivedAt: 2_020 },
      { executionId: 'b', slice: 2, receivedAt: 4_100 },
    ];
    // 2,000 and 3,000 are inside; 1,000 and 4,000 are not.
    expect(latenessIn(executions, orders, 2_000, 4_000)).toEqual({ due: 2, latenessMs: [7, 20], withoutOrder: 0 });
  });

  it('counts a slice whose order came after the window', () => {
    const orders = [{ executionId: 'a', slice: 2, receivedAt: 9_000 }];
    expect(latenessIn(executions, orders, 3_000, 3_001)).toEqual({ due: 1, latenessMs: [6_000], withoutOrder: 0 });
  });

  it('tells how many slices the exchange has no order of', () => {
    const orders = [{ executionId: 'b', slice: 3, receivedAt: 6_001 }];
    expect(latenessIn(executions, orders, 0, 10_000)).toEqual({ due: 6, latenessMs: [1], withoutOrder: 5 });
  });

  it('takes the first of several orders of a slice, in whatever order they are listed', () => {
    const orders = [
      { executionId: 'a', slice: 1, receivedAt: 1_500 },
      { executionId: 'a', slice: 1, receivedAt: 1_200 },
      { executionId: 'a', slice: 1, receivedAt: 1_800 },
    ];
    expect(latenessIn(executions, orders, 1_000, 1_001).latenessMs).toEqual([200]);
  });
});
