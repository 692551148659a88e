import { expect, it } from '@jest/globals';
import { RunControl } from '../../../adapters/backtests/control.ts';
import { executeRun } from '../../../adapters/backtests/execute-run.ts';
import type { BacktestResult } from '../../../domain/backtest/result.ts';
import { parseSpec } from '../../../domain/backtest/spec/parse-spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { describeWithData, testData } from '../../helpers/test-data.ts';

/** Hours of EUR/USD over eleven years, on a clock five hours behind UTC all year. */
const EURUSD = {
  symbol: 'EUR/USD',
  timeframe: '1h',
  stamp: 'open',
  zone: '-05:00',
  columns: {
    timestamp: 'timestamp_utc_minus_5',
    open: 'bid_open',
    high: 'bid_high',
    low: 'bid_low',
    close: 'bid_close',
  },
};

async function resultOf(own: object, source: object = {}): Promise<BacktestResult> {
  const file = testData('backtesting/bars/EURUSD_fxcm_1h_2007-2018.csv.gz');
  const document = { data: { ...EURUSD, file, ...source }, strategy: { id: 'buy-and-hold' }, ...own };
  const parsed = parseSpec(document, strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return (await executeRun(parsed.request, null, new RunControl())).result;
}

describeWithData('a run on a market with sessions', () => {
  it('counts the days of its calendar, as worked out apart with another table of time zones', async () => {
    const { metrics, notes } = await resultOf({ calendar: 'forex' });
    // Last close of each day that ends at 17:00 in New York, hours after Friday 17:00 being of Friday: by Python's zoneinfo.
    expect(metrics['n']).toBe(2913);
    expect(metrics['benchmarkSharpeRatio']).toBeCloseTo(-0.06422879318746147, 10);
    expect(metrics['benchmarkAnnualReturn']).toBeCloseTo(-0.01147920916882661, 10);
    expect(notes).toContain('annual figures count 252 days a year (calendar forex of the spec)');
    expect(notes).toContain('EUR/USD: 181 gaps, 1929 bars are missing by the calendar forex');
    expect(notes.filter((note) => note.includes('than the annual figures count'))).toEqual([]);
  });

  it('is told that its days are not those of the year where no calendar says when they begin', async () => {
    const { notes } = await resultOf({ calendar: 'sessions' });
    // Sunday evening is a day of its own: six a week, 309 a year.
    expect(notes).toContainEqual(
      expect.stringMatching(/^the data has 309\.4 days a year, 22\.8 % more than the annual figures count: name the/),
    );
    // Christmas of 2017 and the weekend before it.
    expect(notes).toContainEqual(expect.stringContaining('the longest of 103 hours from 2017-12-22T22:00:00.000Z'));
  });

  it('counts the periods that it is told, of bars longer than a day too', async () => {
    const { metrics, notes, timeframe } = await resultOf({ periodsPerYear: 52 }, { resample: '1w' });
    expect([timeframe, metrics['perBarPeriodsPerYear']]).toEqual(['1w', 52]);
    expect(notes).toContain('annual figures count 52 bars a year (periodsPerYear of the spec)');
  });
});

it('names the field of a calendar that cannot be used', async () => {
  const parsed = parseSpec(
    { data: { ...EURUSD, file: '/none.csv' }, strategy: { id: 'buy-and-hold' }, calendar: { zone: 'UTC' } },
    strategies,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  await expect(executeRun(parsed.request, null, new RunControl())).rejects.toMatchObject({
    problem: { code: 'INVALID_SPEC', errors: [{ field: 'calendar', message: expect.stringContaining('"sessions"') }] },
  });
});
