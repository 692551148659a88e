import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Effort } from '../../../../domain/optimization/space/effort.ts';
import { createSample, type Sample, type SamplerSpec } from '../../../../domain/optimization/space/sampler.ts';
import { createSearchSpace, type SpaceSpec } from '../../../../domain/optimization/space/search-space.ts';

function spaceOf(spec: SpaceSpec) {
  const made = createSearchSpace(spec);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.space;
}

const window = { min: 2, max: 100, step: 1 };
const pairs = spaceOf({ space: { fast: window, slow: window }, constraints: ['fast < slow'] });

function sampleOf(sampler: SamplerSpec, seed = 1, space = pairs): Sample {
  const made = createSample(space, sampler, seed);
  if ('field' in made) throw new Error(made.message);
  return made;
}

const indicesOf = ({ positions, at }: Sample): number[] =>
  Array.from({ length: positions }, (_, position) => at(position)).filter((index) => index >= 0);

describe('a sample of a space', () => {
  it('is all that the constraints leave, for a grid', () => {
    const sample = sampleOf({ kind: 'grid' });
    expect(sample.total).toBe(4851);
    expect(indicesOf(sample)).toHaveLength(4851);
  });

  it.each(['random', 'sobol'] as const)(
    'is so many different combinations that the constraints allow, for %s',
    (kind) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 800 }), fc.integer(), (count, seed) => {
          const sample = sampleOf({ kind, count }, seed);
          const indices = indicesOf(sample);
          expect(sample.total).toBe(count);
          expect(new Set(indices).size).toBe(count);
          expect(indices.every((index) => pairs.allows(index))).toBe(true);
        }),
        { numRuns: 20 },
      );
    },
  );

  it.each(['random', 'sobol'] as const)('is another for another seed and the same for the same, for %s', (kind) => {
    const of = (seed: number) => indicesOf(sampleOf({ kind, count: 50 }, seed));
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  it('spreads more evenly by Sobol than one point a cell by chance', () => {
    const side = { min: 0, max: 63, step: 1 };
    const square = spaceOf({ space: { a: side, b: side }, constraints: [] });
    const cells = (kind: 'random' | 'sobol') =>
      new Set(
        indicesOf(sampleOf({ kind, count: 64 }, 5, square)).map((index) => {
          const { a, b } = square.paramsAt(index) as { a: number; b: number };
          return Math.floor(a / 8) * 8 + Math.floor(b / 8);
        }),
      ).size;
    // 64 points of a digitally shifted Sobol sequence hit each of the 8 x 8 cells once; chance hits 1 - 1/e of them.
    expect(cells('sobol')).toBe(64);
    expect(cells('random')).toBeLessThan(52);
  });

  it('gives what there is when a constraint leaves fewer than were wanted', () => {
    const narrow = spaceOf({ space: { fast: window, slow: window }, constraints: ['fast == slow'] });
    expect(sampleOf({ kind: 'random', count: 500 }, 1, narrow).total).toBe(99);
  });

  it.each<[SamplerSpec, string, string]>([
    [{ kind: 'random', count: 0 }, 'sampler.count', 'at least 1'],
    [{ kind: 'random', count: 1.5 }, 'sampler.count', 'at least 1'],
    [{ kind: 'sobol', count: 10_000 }, 'sampler.count', 'the space has 9801 combinations'],
  ])('refuses %j', (sampler, field, message) => {
    expect(createSample(pairs, sampler, 1)).toMatchObject({ field, message: expect.stringContaining(message) });
  });

  it.each(['grid', 'random', 'sobol'] as const)('is an error when nothing is left, for %s', (kind) => {
    const constraints = ['fast < slow', 'slow < fast'];
    const none = spaceOf({ space: { fast: window, slow: window }, constraints });
    expect(createSample(none, { kind, count: 5 }, 1)).toEqual({
      field: 'constraints',
      value: constraints,
      message: 'the constraints exclude all 9,801 combinations: loosen one or widen a range',
    });
  });

  it('says so when it is the strategy that leaves nothing', () => {
    const refusal = { refuses: () => true, fixed: {} };
    const sample = (constraints: string[]) =>
      createSample(spaceOf({ space: { fast: window }, constraints, refusal }), { kind: 'grid' }, 1);
    expect(sample([])).toMatchObject({
      field: 'space',
      message: expect.stringContaining('the strategy itself refuses'),
    });
    expect(sample(['fast > 50'])).toMatchObject({
      field: 'constraints',
      message: expect.stringContaining('the constraints and the strategy, which refuses the rest, exclude all 99'),
    });
  });

  describe('that would take too long to count', () => {
    const wide = spaceOf({
      space: { a: { min: 1, max: 100_000, step: 1 }, b: { min: 1, max: 100_000, step: 1 } },
      constraints: ['a * 17 == b'],
      most: 2 ** 52,
    });

    it('is refused with its size, the constraint and a way out, for a grid', () => {
      expect(createSample(wide, { kind: 'grid' }, 1, { effort: new Effort(1_000_000) })).toEqual({
        field: 'constraints',
        value: ['a * 17 == b'],
        message: expect.stringMatching(
          /which of 10,000,000,000 combinations fulfil "a \* 17 == b" takes too long.*a list.*sobol/,
        ),
      });
    });

    it.each(['random', 'sobol'] as const)('tells how many the first draws hold, for %s', (kind) => {
      // One of 170,000 fulfils it: 10^5 / 17 of 10^10.
      const sample = createSample(wide, { kind, count: 1_000 }, 1, { effort: new Effort(3_100_000) });
      // A draw costs 30 for its number and 1 for the constraint.
      expect(sample).toMatchObject({
        field: 'constraints',
        message: expect.stringMatching(
          /10,000,000,000 combinations the first 100,000 drawn hold \d of the 1,000 wanted/,
        ),
      });
    });

    it('names a count that can be had', () => {
      const half = spaceOf({ space: { a: { min: 1, max: 100_000, step: 1 } }, constraints: ['a <= 50000'] });
      const refused = createSample(half, { kind: 'random', count: 50_000 }, 1, { effort: new Effort(31_000) });
      const [, most] = /sampler.count of at most ([\d,]+)/.exec((refused as { message: string }).message)!;
      const count = Number(most!.replaceAll(',', ''));
      expect(count).toBeGreaterThan(400);
      expect(createSample(half, { kind: 'random', count }, 1, { effort: new Effort(31_000) })).toMatchObject({
        total: count,
      });
    });
  });
});
