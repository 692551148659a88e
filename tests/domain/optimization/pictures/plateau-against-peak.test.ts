import { describe, expect, it } from '@jest/globals';
import { METRIC_COLUMNS } from '../../../../domain/backtest/kernel/metrics-row.ts';
import { plateauAgainstPeak } from '../../../../domain/optimization/pictures/plateau-against-peak.ts';
import { type Ranking, rankTrials } from '../../../../domain/optimization/trials/ranking.ts';
import { TrialTable } from '../../../../domain/optimization/trials/trial-table.ts';
import { inputOf, prepared } from '../market.ts';

// Total returns by hand over `fast` 2 to 8: a lonely 9 at 3, and a hill around 6.
const RETURNS: Readonly<Record<number, number>> = { 2: 0, 3: 9, 4: 1, 5: 5, 6: 6, 7: 5.5, 8: 4 };

function rankingOf(objective: unknown, returns: Readonly<Record<number, number>>): Ranking {
  const space = { fast: { min: 2, max: 8, step: 1 }, slow: [20] };
  const search = prepared(inputOf({ space, objective, walkForward: null }));
  const table = new TrialTable(search);
  for (let position = 0; position < search.plan.positions; position++) {
    const index = search.at(position);
    const row = new Float64Array(search.columns.length);
    row[METRIC_COLUMNS.indexOf('totalReturn')] = returns[search.paramsAt(index)['fast']!]!;
    table.add(Float64Array.of(index), row, 1);
  }
  return rankTrials(table);
}

describe('plateau against peak', () => {
  it.each(['totalReturn', { metric: 'totalReturn', plateau: true }])(
    'are two trials with all that varies, also where the objective is the plateau itself: %j',
    (objective) => {
      const found = plateauAgainstPeak(rankingOf(objective, RETURNS))!;
      // Around 3: 0, 1, 9. Around 6: 5, 5.5, 6; around 7: 4, 5.5, 6, with the same middle, but a higher number.
      expect(found.peak).toMatchObject({ params: { fast: 3 }, own: 9, plateau: 1 });
      expect(found.plateau).toMatchObject({ params: { fast: 6 }, own: 6, plateau: 5.5 });
    },
  );

  it('are the same trial where the highest stands on the plateau', () => {
    const { peak, plateau } = plateauAgainstPeak(rankingOf('totalReturn', { ...RETURNS, 3: 0 }))!;
    expect(plateau).toEqual(peak);
    expect(peak).toMatchObject({ params: { fast: 6 }, own: 6, plateau: 5.5 });
  });

  it('are nothing where no trial has a score', () => {
    const none = Object.fromEntries(Object.keys(RETURNS).map((fast) => [fast, Number.NaN]));
    expect(plateauAgainstPeak(rankingOf('totalReturn', none))).toBeNull();
  });
});
