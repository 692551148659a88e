import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
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
    const none = spaceOf({ space: { fast: window, slow: window }, constraints: ['fast < slow', 'slow < fast'] });
    expect(createSample(none, { kind, count: 5 }, 1)).toMatchObject({
      field: 'constraints',
      message: expect.stringContaining('exclude all 9,801 combinations'),
    });
  });
});
