import { describe, expect, it } from '@jest/globals';
import { judged, unjudged } from '../../../../domain/optimization/judgement/judgement.ts';
import { type Evidence, verdictOf } from '../../../../domain/optimization/judgement/verdict.ts';

const GOOD: Evidence = {
  trials: 4851,
  dsr: judged(0.97),
  pbo: judged(0.08),
  interval: judged({ confidence: 0.9, low: 0.021, high: 0.24 }),
  knownBefore: null,
};

describe('the verdict', () => {
  it('believes what passes in all three parts', () => {
    expect(verdictOf(GOOD)).toEqual({
      believable: true,
      sentence:
        'Believable: after 4,851 trials the deflated Sharpe ratio is 0.97, the probability of overfitting is 0.08, and the walk-forward return lies between 2.1 % and 24.0 % with 90 % confidence.',
    });
  });

  it('ends with what earlier searches have seen of the folds', () => {
    const end =
      /; earlier searches tried 50,000 combinations on the same time, so the walk-forward was not on fresh data\.$/;
    expect(verdictOf({ ...GOOD, knownBefore: 50_000 }).sentence).toMatch(end);
    const bad = verdictOf({ ...GOOD, pbo: judged(0.5), knownBefore: 50_000 }).sentence;
    expect(bad).toMatch(/^Not believable: the probability of overfitting is 0\.50 where 0\.2 is the most;/);
    expect(bad).toMatch(end);
  });

  it('includes the thresholds themselves, but for an interval that begins at 0', () => {
    expect(verdictOf({ ...GOOD, dsr: judged(0.95), pbo: judged(0.2) }).believable).toBe(true);
    const interval = judged({ confidence: 0.9, low: 0, high: 0.1 });
    expect(verdictOf({ ...GOOD, interval }).believable).toBe(false);
  });

  it.each([
    [
      { dsr: judged(0.9499) },
      /^Not believable: the deflated Sharpe ratio is 0\.9499 after 4,851 trials where 0\.95 is needed\.$/,
    ],
    [{ pbo: judged(0.204) }, /^Not believable: the probability of overfitting is 0\.204 where 0\.2 is the most\.$/],
    [
      { interval: judged({ confidence: 0.9, low: -0.05, high: 0.3 }) },
      /^Not believable: the walk-forward return may be as low as -5\.0 % \(90 % interval -5\.0 % to 30\.0 %\)\.$/,
    ],
    [{ interval: judged({ confidence: 0.9, low: -0.0746, high: 17.189 }) }, /-7\.5 % to 1,718\.9 %\)\.$/],
    [{ pbo: unjudged('there are 12 days') }, /the probability of overfitting is not known \(there are 12 days\)/],
    [{ dsr: unjudged('why') }, /the deflated Sharpe ratio is not known \(why\)/],
    [{ interval: unjudged('why') }, /the walk-forward return has no interval \(why\)/],
  ])('does not believe %j, and says which part', (own, sentence) => {
    const verdict = verdictOf({ ...GOOD, ...own });
    expect(verdict.believable).toBe(false);
    expect(verdict.sentence).toMatch(sentence);
  });

  it('names all parts that fail', () => {
    const { sentence } = verdictOf({ ...GOOD, dsr: judged(0.3), pbo: judged(0.6) });
    expect(sentence).toMatch(/Sharpe ratio is 0\.30 after .*, and the probability of overfitting is 0\.60/);
  });
});
