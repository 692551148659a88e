import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSearchSpace, type SpaceSpec } from '../../../../domain/optimization/space/search-space.ts';

function spaceOf(spec: Partial<SpaceSpec> & Pick<SpaceSpec, 'space'>) {
  const made = createSearchSpace({ constraints: [], ...spec });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.space;
}

const problemsOf = (spec: Partial<SpaceSpec> & Pick<SpaceSpec, 'space'>) => {
  const made = createSearchSpace({ constraints: [], ...spec });
  return made.ok ? [] : made.problems.map(({ field, message }) => `${field}: ${message}`);
};

const allowed = (spec: Partial<SpaceSpec> & Pick<SpaceSpec, 'space'>): string[] => {
  const space = spaceOf(spec);
  return Array.from({ length: space.size }, (_, i) => i)
    .filter((i) => space.allows(i))
    .map((i) => Object.values(space.paramsAt(i)).join(','));
};

describe('a search space', () => {
  it('numbers combinations with the last axis fastest', () => {
    const space = spaceOf({ space: { a: { min: 1, max: 2, step: 1 }, b: { values: [5, 7, 9] } } });
    expect(space.size).toBe(6);
    expect([0, 1, 2, 3, 5].map((i) => space.paramsAt(i))).toEqual([
      { a: 1, b: 5 },
      { a: 1, b: 7 },
      { a: 1, b: 9 },
      { a: 2, b: 5 },
      { a: 2, b: 9 },
    ]);
  });

  it('has both ends of a range and values as a person writes them', () => {
    const space = spaceOf({ space: { x: { min: 0.1, max: 0.5, step: 0.1 } } });
    expect(Array.from({ length: space.size }, (_, i) => space.paramsAt(i).x)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  it('finds the number of every combination again from its positions', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(counts, fc.nat(), (sizes, any) => {
        const axes = sizes.map((n, i) => [`p${i}`, { min: 1, max: n, step: 1 }] as const);
        const space = spaceOf({ space: Object.fromEntries(axes) });
        const index = any % space.size;
        const positions = new Int32Array(sizes.length);
        space.positionsAt(index, positions);
        expect(space.indexAt(positions)).toBe(index);
        expect(Object.values(space.paramsAt(index))).toEqual(Array.from(positions, (position) => position + 1));
      }),
    );
  });

  it('counts the 4,851 pairs of windows 2..100 in which the first is shorter', () => {
    const window = { min: 2, max: 100, step: 1 };
    expect(allowed({ space: { fast: window, slow: window }, constraints: ['fast < slow'] })).toHaveLength(4851);
  });

  it.each([
    ['slow - fast >= 2', ['1,3']],
    ['fast * 2 == slow', ['1,2']],
    ['-(fast - slow) > 1 + 0', ['1,3']],
    ['slow / 3 <= fast - 1', ['2,2', '2,3', '3,2', '3,3']],
    ['fast + slow * 2 != 5', ['1,3', '2,2', '2,3', '3,2', '3,3']],
  ])('keeps what "%s" allows', (constraint, expected) => {
    const space = { fast: { values: [1, 2, 3] }, slow: { values: [2, 3] } };
    expect(allowed({ space, constraints: [constraint] })).toEqual(expected);
  });

  it.each([
    ['fast', 'compare two sides'],
    ['fast < ', 'missing at the end'],
    ['fast < slo', 'did you mean "slow"?'],
    ['fast < slow < 3', 'nothing may follow'],
    ['(fast < slow', 'a ")" is missing'],
    ['fast ! slow', 'has "!"'],
    ['* < slow', '"*" stands where'],
    ['', 'missing at the end'],
    // Names that every object of the language has.
    ['fast constructor slow', 'compare two sides'],
    ['fast < toString', '"toString" is no parameter'],
    // 600 on either side of "fast", and " < slow".
    [`${'('.repeat(600)}fast${')'.repeat(600)} < slow`, 'has 1,211 characters, more than 1,000'],
  ])('says what is wrong with "%s"', (constraint, message) => {
    const space = { fast: { values: [1] }, slow: { values: [2] } };
    expect(problemsOf({ space, constraints: [constraint] })).toEqual([
      expect.stringMatching(new RegExp(`^constraints.0: .*${message.replaceAll(/[?*()"!]/g, '.')}`)),
    ]);
  });

  it('tells every problem with the axes at once', () => {
    const space = {
      a: { min: 1, max: 5, step: 0 },
      b: { min: 5, max: 1, step: 1 },
      c: { values: [] },
      d: { values: [1, 1] },
      e: { min: 1, max: Number.NaN, step: 1 },
    };
    expect(problemsOf({ space })).toEqual([
      'space.a: the step is 0: give a step above 0',
      'space.b: max 1 is below min 5',
      'space.c.values: give at least one value',
      'space.d.values: a value stands there twice',
      'space.e: give numbers for min, max and step',
    ]);
  });

  it('refuses a million million combinations with the size and a way out', () => {
    const wide = { min: 1, max: 1_000_000, step: 1 };
    expect(problemsOf({ space: { a: wide, b: wide } })).toEqual([
      expect.stringMatching(/a 1000000 x b 1000000 are 1,000,000,000,000 combinations.*take larger steps/),
    ]);
  });
});
