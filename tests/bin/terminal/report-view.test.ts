import { expect, it } from '@jest/globals';
import { readableReport } from '../../../bin/terminal/report-view.ts';
import { noMarketBenchmarks } from '../../../domain/execution/costs/market-benchmarks.ts';
import { buildReport, type ReportFill } from '../../../domain/execution/costs/report.ts';

const START = Date.UTC(2026, 10, 26, 10, 0, 0);

const fill = (given: Partial<ReportFill>): ReportFill => ({
  tradeId: '1',
  orderId: '1',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '60000',
  quantity: '1',
  fee: '0',
  feeAsset: 'USDT',
  maker: false,
  at: START,
  clientOrderId: 'a',
  mid: '60000',
  ...given,
});

const line = (fills: readonly ReportFill[], name: string, sentAt: number | null): string | undefined =>
  readableReport(
    buildReport({
      id: 'e1',
      status: 'cancelled',
      symbol: 'BTC/USDT',
      base: 'BTC',
      quote: 'USDT',
      side: 'buy',
      ordered: '4',
      dust: '0',
      venue: { id: 'sim', label: 'paper', assumptions: null },
      decision: null,
      arrival: null,
      end: null,
      fills,
      slices: [{ n: 1, dueAt: START, sentAt, target: '4', quantity: '4', clientOrderIds: ['a'], note: null }],
      market: noMarketBenchmarks('not measured'),
    }),
  )
    .split('\n')
    .find((each) => each.startsWith(name))
    ?.slice(name.length)
    .trim();

it('a report shows the share that filled as maker, what was traded with the same account, and lateness', () => {
  const fills = [fill({ maker: true }), fill({ tradeId: '2', quantity: '3', selfTrade: true })];
  expect(line(fills, 'filled as maker', START + 40)).toBe('0.25 of it');
  expect(line(fills, 'traded with ourselves', START + 40)).toBe('3');
  expect(line(fills, 'slices sent late by', START + 40)).toBe('40 ms (median), at most 40 ms');
});

it('a report of nothing shows none of them, and says why', () => {
  expect(line([], 'filled as maker', null)).toBe('–');
  expect(line([], 'traded with ourselves', null)).toBe('0');
  expect(line([], 'slices sent late by', null)).toBe('–');
  expect(line([], 'makerShare', null)).toBe('is not defined: nothing has been filled');
});
