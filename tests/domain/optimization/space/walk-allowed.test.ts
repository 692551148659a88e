import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Effort, EffortSpent } from '../../../../domain/optimization/space/effort.ts';
import { createSearchSpace, type SpaceSpec } from '../../../../domain/optimization/space/search-space.ts';
import { walkAllowed } from '../../../../domain/optimization/space/walk-allowed.ts';

function spaceOf(spec: SpaceSpec) {
  const made = createSearchSpace(spec);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.space;
}

const range = (count: number) => ({ min: 1, max: count, step: 1 });

describe('a walk through what a space allows', () => {
  // The slow way, combination by combination, says what is right.
  it('meets the combinations that are allowed one by one, each once', () => {
    const constraint = fc.constantFrom('a < b', 'b + c > d', 'd == 2', 'a * 2 == c', 'c != 3', 'a + b + c + d < 9');
    const refusal = fc.constantFrom(
      undefined,
      (p: Record<string, number>) => p['a']! > p['b']!,
      (p: Record<string, number>) => p['c']! % 2 === 0 && p['d']! === 1,
      (p: Record<string, number>) => Object.values({ ...p }).includes(4),
      ({ e = 0, b = 0 }: Record<string, number>) => e === 7 && b === 3,
    );
    fc.assert(
      fc.property(fc.array(constraint, { maxLength: 3 }), refusal, (constraints, refuses) => {
        const space = spaceOf({
          space: { a: range(5), b: range(4), c: { values: [3, 1, 2] }, d: range(5) },
          constraints,
          ...(refuses === undefined ? {} : { refusal: { refuses, fixed: { a: 99, e: 7 } } }),
        });
        const met: number[] = [];
        const { count } = walkAllowed(space, new Effort(), (values, free) => {
          const { positions, at } = { positions: space.size, at: space.valuesAt };
          for (let index = 0; index < positions; index++) {
            if (at(index).every((value, axis) => axis >= free || value === values[axis])) met.push(index);
          }
        });
        const wanted = Array.from({ length: space.size }, (_, i) => i).filter((index) => space.allows(index));
        expect(met.toSorted((a, b) => a - b)).toEqual(wanted);
        expect(count).toBe(wanted.length);
      }),
      { numRuns: 60 },
    );
  });

  it('asks a strategy once for all combinations that differ in what it does not want to know', () => {
    let asked = 0;
    const space = spaceOf({
      space: { fast: range(10), slow: range(20), stop: range(1_000), take: range(100) },
      constraints: [],
      refusal: {
        fixed: {},
        refuses: ({ fast = 0, slow = 0 }) => {
          asked += 1;
          return fast >= slow;
        },
      },
    });
    // Pairs with fast below slow: for fast from 1 to 10 there are 20 - fast.
    expect(walkAllowed(space, new Effort()).count).toBe((200 - 55) * 100_000);
    // Once for each pair, and once for nothing at the root.
    expect(asked).toBe(201);
  });

  it('gets along with a strategy that takes plain objects only', () => {
    const refuses = (params: Record<string, number>): boolean => structuredClone(params)['a']! > 3;
    const space = { a: range(5), b: range(20) };
    const refusal = { refuses, fixed: {} };
    expect(walkAllowed(spaceOf({ space, constraints: [], refusal }), new Effort()).count).toBe(60);
    const throws = {
      refuses: () => {
        throw new Error('mine');
      },
      fixed: {},
    };
    expect(() => walkAllowed(spaceOf({ space, constraints: [], refusal: throws }), new Effort())).toThrow('mine');
  });

  it('cuts off what the first axes exclude', () => {
    const space = spaceOf({ space: { a: range(10_000), b: range(10_000) }, constraints: ['a == 5', 'b == a * 2'] });
    // The root, 10,000 values of a, and 10,000 of b under one of them.
    expect(walkAllowed(space, new Effort(20_001)).count).toBe(1);
    expect(() => walkAllowed(space, new Effort(20_000))).toThrow(EffortSpent);
  });

  it('tells whether the strategy itself refused what the constraints allow', () => {
    const refusal = { refuses: ({ a = 0 }) => a === 3, fixed: {} };
    const walked = (constraints: string[]) =>
      walkAllowed(spaceOf({ space: { a: range(3) }, constraints, refusal }), new Effort());
    expect(walked([])).toEqual({ count: 2, isRefusedByStrategy: true });
    expect(walked(['a < 3'])).toEqual({ count: 2, isRefusedByStrategy: false });
  });
});
