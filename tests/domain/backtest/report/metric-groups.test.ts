import { describe, expect, it } from '@jest/globals';
import { METRIC_GROUPS, titleOf } from '../../../../domain/backtest/report/metric-groups.ts';

describe('titles of metrics', () => {
  const rows = METRIC_GROUPS.flatMap((group) => group.rows);

  it('are each there once', () => {
    const titles = rows.map(({ title }) => title);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it('are no names of fields', () => {
    for (const { title } of rows) expect(title).not.toMatch(/^Per bar|[a-z][A-Z][a-z]|\b[a-z]$| ratio, | ms\b/);
  });

  it('are made of the words of a name where none is given', () => {
    expect(titleOf('avgDrawdownBars')).toBe('Average drawdown, bars');
    expect(titleOf('perBarSharpeRatio')).toBe('Sharpe ratio by bars');
  });

  it('leave out what is another name of a figure above', () => {
    expect(rows.map(({ name }) => name)).not.toContain('maxDrawdownInclStart');
  });
});
