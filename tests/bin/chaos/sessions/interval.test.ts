import { describe, expect, it } from '@jest/globals';
import { firstOf, lengthOf, without } from '../../../../bin/chaos/sessions/interval.ts';

const of = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([from, until]) => ({ from, until }));

describe('intervals', () => {
  it.each([
    ['nothing', of(), of([10, 20])],
    ['what lies beside', of([0, 10], [20, 30]), of([10, 20])],
    ['a piece of the middle', of([13, 15]), of([10, 13], [15, 20])],
    ['both ends', of([18, 25], [5, 12]), of([12, 18])],
    ['pieces that overlap', of([11, 15], [12, 13], [14, 16]), of([10, 11], [16, 20])],
    ['all of it', of([10, 20]), of()],
    ['more than all of it', of([0, 40], [12, 13]), of()],
  ])('without %s', (_, others, left) => {
    expect(without(of([10, 20]), others)).toEqual(left);
  });

  it('without others, each by itself and in order', () => {
    expect(without(of([30, 40], [0, 10]), of([5, 35]))).toEqual(of([0, 5], [35, 40]));
  });

  it('have a length, and a first part of it', () => {
    const two = of([0, 10], [20, 30]);
    expect(lengthOf(two)).toBe(20);
    expect(firstOf(two, 4)).toEqual(of([0, 4]));
    expect(firstOf(two, 13)).toEqual(of([0, 10], [20, 23]));
    expect(firstOf(two, 50)).toEqual(two);
    expect(firstOf(two, 10)).toEqual(of([0, 10]));
  });
});
