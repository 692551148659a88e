import { describe, expect, it } from '@jest/globals';
import { joinReports } from '../../../../domain/backtest/report/join-reports.ts';
import { isReportData, reportData, type ReportData } from '../../../../domain/backtest/report/report-data.ts';
import { sampleInput, sampleReport } from '../../../helpers/sample-report.ts';

const HOUR_MS = 3_600_000;

/** A document of one run with its run changed. */
function changed(document: ReportData, change: Partial<ReportData['runs'][number]>): ReportData {
  return { ...document, runs: document.runs.map((run) => ({ ...run, ...change })) };
}

function withBenchmark(name: string): ReportData {
  const input = sampleInput('sma-cross', { fast: 5, slow: 30 });
  const { run, metrics } = input;
  const line = { name, times: run.times, equity: run.equity, initialCash: run.initialCash, metrics };
  return reportData({ ...input, name: `run beside ${name}` }, line);
}

describe('documents of runs put side by side', () => {
  const one = sampleReport(1);

  it('leave a single run as it is', () => {
    expect(joinReports([one])).toBe(one);
  });

  it('keep all runs in the order given, and the benchmark of the first', () => {
    const joined = joinReports([withBenchmark('gold'), one, withBenchmark('silver')]);
    expect(joined.runs.map(({ name }) => name)).toEqual(['run beside gold', one.title, 'run beside silver']);
    expect(joined.benchmark?.name).toBe('gold');
    expect(joinReports([one, withBenchmark('silver')]).benchmark).toBeNull();
  });

  it('can be joined again', () => {
    const twice = joinReports([joinReports([one, withBenchmark('gold')]), withBenchmark('silver')]);
    expect(twice.runs).toHaveLength(3);
    expect(isReportData(JSON.parse(JSON.stringify(twice)))).toBe(true);
  });

  it('tell runs of the same name apart by their symbols', () => {
    const candles = one.runs[0]!.candles.map((columns) => ({ ...columns, symbol: 'ETH' }));
    const joined = joinReports([one, changed(one, { candles })]);
    const symbol = one.runs[0]!.candles[0]!.symbol;
    expect(joined.runs.map(({ name }) => name)).toEqual([`${one.title} on ${symbol}`, `${one.title} on ETH`]);
    expect(joined.notes).toEqual(['the runs trade different symbols']);
  });

  it('number runs that are the same in name and symbols', () => {
    const names = joinReports([one, one, withBenchmark('gold')]).runs.map(({ name }) => name);
    expect(new Set(names).size).toBe(3);
    expect(names[1]).toMatch(/ \(2\)$/);
    expect(names[2]).toBe('run beside gold');
  });

  it('say nothing when only the warm-up differs', () => {
    expect(sampleReport(6).notes).toEqual([]);
  });

  it('say what makes figures answers to different questions', () => {
    const run = one.runs[0]!;
    const later = { ...run.equity, times: run.equity.times.map((time) => time + 2_000 * HOUR_MS) };
    const other = changed(one, { timeframe: '1d', equity: later, initialCash: run.initialCash * 2 });
    expect(joinReports([one, other]).notes).toEqual([
      'the runs have bars of different length',
      'the runs cover different periods: their total returns and drawdowns do not compare',
      'the runs start with different capital: amounts of money do not compare',
    ]);
  });

  it.each([0, 7])('refuse %i runs', (runs) => {
    expect(() => sampleReport(runs)).toThrow(`compares 1 to 6 runs, not ${runs}`);
  });
});

describe('a document from elsewhere', () => {
  it.each([
    ['nothing', null],
    ['a result', { metrics: {} }],
    ['a later version', { ...sampleReport(1), version: 2 }],
  ])('is refused when it is %s', (_what, document) => {
    expect(isReportData(document)).toBe(false);
  });
});
