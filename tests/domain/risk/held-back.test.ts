import { describe, expect, it } from '@jest/globals';
import { heldBack } from '../../../domain/risk/held-back.ts';

describe('what is held back of a free balance', () => {
  it.each([
    // Nothing rests: all that is reserved.
    ['450', '0', '0', '450'],
    // What the venue locks it has taken out of `free` itself.
    ['0', '450', '450', '0'],
    // A fee of 10 bps that it does not lock: 450.45 - 450.
    ['0', '450.45', '450', '0.45'],
    // It shows the order and has not locked it yet.
    ['0', '450', '0', '450'],
    // A person's order locks more than ours do: nothing of that is free in the first place.
    ['20', '450', '900', '20'],
    ['20', '100', '60', '60'],
  ])('is %s that it may not have heard of, with %s resting and %s locked: %s', (reserved, resting, locked, held) => {
    expect(heldBack(reserved, resting, locked)).toBe(held);
  });

  it('frees nothing by a number below zero', () => {
    expect(() => heldBack('-1', '0', '0')).toThrow('reserved -1 is below zero');
    expect(() => heldBack('0', '0', '-1')).toThrow('locked -1 is below zero');
  });
});
