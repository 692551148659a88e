import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Fold, walkForwardFolds, type WalkForwardSpec } from '../../../domain/optimization/folds.ts';

const spec = (own: Partial<WalkForwardSpec> = {}): WalkForwardSpec => ({
  kind: 'rolling',
  folds: 3,
  trainShare: 0.4,
  purgeBars: 0,
  embargoBars: 0,
  ...own,
});

function foldsOf(first: number, end: number, own: Partial<WalkForwardSpec>): readonly Fold[] {
  const made = walkForwardFolds(first, end, spec(own));
  if (!Array.isArray(made)) throw new Error(JSON.stringify(made));
  return made as readonly Fold[];
}

describe('walk-forward folds', () => {
  it('roll: 100 bars, the first 40 to choose on, 20 for each trial', () => {
    expect(foldsOf(0, 100, {})).toEqual([
      { train: { from: 0, to: 40 }, test: { from: 40, to: 60 } },
      { train: { from: 20, to: 60 }, test: { from: 60, to: 80 } },
      { train: { from: 40, to: 80 }, test: { from: 80, to: 100 } },
    ]);
  });

  it('are anchored at the first bar, and keep purge and embargo between choice and trial', () => {
    expect(foldsOf(10, 110, { kind: 'anchored', purgeBars: 3, embargoBars: 2 })).toEqual([
      { train: { from: 10, to: 45 }, test: { from: 50, to: 70 } },
      { train: { from: 10, to: 65 }, test: { from: 70, to: 90 } },
      { train: { from: 10, to: 85 }, test: { from: 90, to: 110 } },
    ]);
  });

  it('never let a choice see its trial, and leave no bar of the trials out or twice', () => {
    const specs = fc.record({
      kind: fc.constantFrom('rolling' as const, 'anchored' as const),
      folds: fc.integer({ min: 1, max: 12 }),
      trainShare: fc.double({ min: 0.1, max: 0.8, noNaN: true }),
      purgeBars: fc.integer({ min: 0, max: 30 }),
      embargoBars: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(specs, fc.nat(500), fc.integer({ min: 1200, max: 5000 }), (own, first, bars) => {
        const folds = foldsOf(first, first + bars, own);
        for (const [k, { train, test }] of folds.entries()) {
          expect(train.from).toBeGreaterThanOrEqual(first);
          expect(train.to + own.purgeBars + own.embargoBars).toBe(test.from);
          expect(test.from).toBe(k === 0 ? first + Math.floor(bars * own.trainShare) : folds[k - 1]!.test.to);
        }
        expect(folds.at(-1)!.test.to).toBe(first + bars);
      }),
    );
  });

  it.each<[Partial<WalkForwardSpec>, string, string]>([
    [{ folds: 0 }, 'walkForward.folds', 'from 1 to 200'],
    [{ trainShare: 1 }, 'walkForward.trainShare', 'below 1'],
    [{ purgeBars: -1 }, 'walkForward.purgeBars', 'at least 0'],
    [{ embargoBars: 0.5 }, 'walkForward.embargoBars', 'at least 0'],
    [{ folds: 10 }, 'walkForward', '100 bars in 10 folds leave a part of 6 bars'],
    [{ purgeBars: 60 }, 'walkForward', 'leave a part of 0 bars'],
  ])('refuses %j for 100 bars', (own, field, message) => {
    expect(walkForwardFolds(0, 100, spec(own))).toMatchObject({ field, message: expect.stringContaining(message) });
  });
});
