import { describe, expect, it } from '@jest/globals';
import type { BacktestRun } from '../../../../domain/backtest/run.ts';
import { findingsOf } from '../../../../domain/backtest/report/findings.ts';
import { sampleInput } from '../../../helpers/sample-report.ts';

const OPTIONS = { periodsPerYear: 365, seed: 1 };
const { run } = sampleInput('sma-cross', { fast: 5, slow: 30 });

function tagged(tagOf: (trade: number) => string | null): BacktestRun {
  return { ...run, trades: run.trades.map((trade, i) => ({ ...trade, tag: tagOf(i) })) };
}

const tagsOf = (given: BacktestRun): readonly string[] | undefined =>
  findingsOf(given, OPTIONS)
    .breakdowns.find(({ dimension }) => dimension === 'tag')
    ?.rows.map(({ key }) => key);

describe('the findings about a run', () => {
  it('tell trades apart by tag where there is more than one', () => {
    expect(tagsOf(tagged((i) => (i % 2 === 0 ? 'dip' : null)))).toEqual(['', 'dip']);
    expect(tagsOf(tagged(() => 'dip'))).toBeUndefined();
    expect(tagsOf(tagged(() => null))).toBeUndefined();
  });

  it('say why they do not where each trade has a tag of its own', () => {
    const trades = Array.from({ length: 101 }, (_, i) => ({ ...run.trades[0]!, tag: `order ${i}` }));
    const { breakdowns, reasons } = findingsOf({ ...run, trades }, OPTIONS);
    expect(breakdowns.some(({ dimension }) => dimension === 'tag')).toBe(false);
    expect(reasons['breakdown by tag']).toContain('101 tags');
  });

  it('name the method of each interval', () => {
    const methods = findingsOf(run, OPTIONS).intervals.map(({ name, method }) => [name, method]);
    expect(Object.fromEntries(methods)).toMatchObject({ sharpeRatio: 'bca', maxDrawdown: 'block-bootstrap' });
  });

  it('draw nothing of very many trades', () => {
    const trades = Array.from({ length: 12_000 }, (_, i) => run.trades[i % run.trades.length]!);
    const { intervals, monteCarlo } = findingsOf({ ...run, trades }, OPTIONS);
    const methodOf = (name: string) => intervals.find((each) => each.name === name)?.method;
    expect([methodOf('profitFactor'), methodOf('expectancyRatio')]).toEqual(['normal', 'normal']);
    // 5,000,000 values in all.
    expect(monteCarlo.at(-1)!.title).toBe('Trades in another order (416 paths)');
  });
});
