import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Big from 'big.js';
import { noMarketBenchmarks } from '../../../../domain/execution/costs/market-benchmarks.ts';
import { buildReport, type ReportFill, type ReportInput } from '../../../../domain/execution/costs/report.ts';
import type { SliceRecord } from '../../../../domain/execution/costs/slice-lines.ts';

const START = Date.UTC(2024, 7, 8, 23, 50, 0);

const fill = (given: Partial<ReportFill>): ReportFill => ({
  tradeId: '1',
  orderId: '1',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '100',
  quantity: '1',
  fee: '0',
  feeAsset: 'USDT',
  maker: false,
  at: START,
  clientOrderId: 'a',
  mid: '100',
  ...given,
});

const slice = (given: Partial<SliceRecord>): SliceRecord => ({
  n: 1,
  dueAt: START,
  sentAt: START,
  target: '1',
  quantity: '1',
  clientOrderIds: [],
  note: null,
  ...given,
});

const execution = (given: Partial<ReportInput> = {}): ReportInput => ({
  id: 'e1',
  status: 'completed',
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  side: 'buy',
  ordered: '10.000005',
  dust: '0.000005',
  venue: {
    id: 'sim',
    label: 'paper',
    assumptions: {
      feed: 'synthetic',
      synthetic: true,
      speed: 1,
      impact: { permanent: 0.25, halfLifeMs: 21_000 },
      latencyMs: 5,
    },
  },
  decision: { mid: '100', at: START - 500 },
  arrival: { mid: '101', at: START },
  end: { mid: '104', at: START + 30_000 },
  fills: [
    fill({ tradeId: '1', clientOrderId: 'a', price: '102', quantity: '4', fee: '0.408', mid: '101.5' }),
    fill({
      tradeId: '2',
      clientOrderId: 'b',
      price: '103',
      quantity: '2',
      fee: '0.002',
      feeAsset: 'BTC',
      mid: '102.5',
      maker: true,
    }),
    fill({ tradeId: '3', clientOrderId: 'c', price: '104', quantity: '2', fee: '0.208', mid: '103.5' }),
  ],
  slices: [
    slice({
      n: 2,
      dueAt: START + 10_000,
      sentAt: START + 10_040,
      target: '6',
      quantity: '2',
      clientOrderIds: ['b', 'c'],
    }),
    slice({ n: 1, dueAt: START, sentAt: START + 10, target: '3', quantity: '4', clientOrderIds: ['a'] }),
    slice({ n: 3, dueAt: START + 20_000, sentAt: null, target: '10', quantity: '0', note: 'below the minimum' }),
  ],
  market: { vwap: '102', twap: '102.4', volume: '32', trades: 5, reasons: {} },
  ...given,
});

describe('execution report', () => {
  it('has the fields that the command line promises, with figures worked out by hand', () => {
    // F = 8, sum(q*p) = 408 + 206 + 208 = 822, average 102.75.
    // delay 8*(101-100) = 8; execution 822 - 808 = 14; opportunity 2.000005*(104-100) = 8.00002;
    // fees 0.408 + 0.002*102.5 + 0.208 = 0.821; total 30.82102. Base of the bps: 10.000005*100 = 1000.0005:
    //   308210.2 / 1000.0005 = 308.2100458949770...
    // participation 8/32.
    expect(buildReport(execution())).toMatchObject({
      status: 'completed',
      ordered: '10.000005',
      filled: '8',
      residual: '2.000005',
      dust: '0.000005',
      avgPrice: '102.75',
      decision: '100',
      arrival: '101',
      marketVwap: '102',
      marketTwap: '102.4',
      shortfall: {
        quote: '30.82102',
        bps: '308.210046',
        delay: '8',
        execution: '14',
        opportunity: '8.00002',
        fees: '0.821',
      },
      participation: '0.25',
      slices: [
        {
          n: 1,
          dueAt: '2024-08-08T23:50:00.000Z',
          sentAt: '2024-08-08T23:50:00.010Z',
          latenessMs: 10,
          target: '3',
          quantity: '4',
          clientOrderIds: ['a'],
        },
        {
          n: 2,
          dueAt: '2024-08-08T23:50:10.000Z',
          sentAt: '2024-08-08T23:50:10.040Z',
          latenessMs: 40,
          target: '6',
          quantity: '2',
          clientOrderIds: ['b', 'c'],
        },
        {
          n: 3,
          dueAt: '2024-08-08T23:50:20.000Z',
          sentAt: null,
          latenessMs: null,
          target: '10',
          quantity: '0',
          clientOrderIds: [],
        },
      ],
      reasons: {},
    });
  });

  it('adds what a trader asks next', () => {
    // Average 102.75 = 822/8 against 101: 14/808 = 173.267326...; 102: 6/816 = 73.529411...; 102.4: 2.8/819.2 = 34.1796875 bps.
    // Filled 8 / 10.000005 = 0.79999960000019999...; maker 2 of 8. Slice 2: 2 at 103 and 2 at 104. Latenesses 10 and 40: median 25.
    // Spread 4*0.5 + 2*0.5 + 2*0.5 = 4, timing 4*0.5 + 2*1.5 + 2*2.5 = 10.
    expect(buildReport(execution())).toMatchObject({
      slippageBps: { arrival: '173.267327', vwap: '73.529412', twap: '34.179688' },
      feesByAsset: [
        { asset: 'BTC', amount: '0.002' },
        { asset: 'USDT', amount: '0.616' },
      ],
      fills: 3,
      makerShare: '0.25',
      fillRatio: '0.7999996',
      worstLatenessMs: 40,
      medianLatenessMs: 25,
      slices: [
        { filled: '4', avgPrice: '102' },
        { filled: '4', avgPrice: '103.5' },
        { filled: '0', avgPrice: null },
      ],
      shortfall: { spread: '4', timing: '10' },
      decisionAt: '2024-08-08T23:49:59.500Z',
      arrivalAt: '2024-08-08T23:50:00.000Z',
      endAt: '2024-08-08T23:50:30.000Z',
    });
  });

  it('carries the assumptions of a simulated venue: feed, speed and impact', () => {
    expect(buildReport(execution()).venue).toEqual(execution().venue);
  });

  it('turns the sign for a sell: selling above the benchmark is a gain', () => {
    const sold = buildReport(execution({ side: 'sell' }));
    expect(sold.slippageBps).toEqual({ arrival: '-173.267327', vwap: '-73.529412', twap: '-34.179688' });
    expect(sold.shortfall).toMatchObject({ delay: '-8', execution: '-14', opportunity: '-8.00002', fees: '0.821' });
  });

  it('gives a reason for every figure that an execution without a slice cannot have', () => {
    const report = buildReport(
      execution({
        status: 'running',
        arrival: null,
        end: null,
        fills: [],
        slices: [],
        market: noMarketBenchmarks('no slice has been sent'),
      }),
    );
    expect(report).toMatchObject({ filled: '0', residual: '10.000005', fills: 0, feesByAsset: [], fillRatio: '0' });
    expect(report.reasons['end']).toBe('the execution has not ended');
    expect(report.reasons['shortfall.opportunity']).toBe('no mid is known for the end of the execution');
    expect(report.reasons['marketVwap']).toBe('no slice has been sent');
    expect(nullsOf(report)).toEqual(Object.keys(report.reasons).toSorted());
    for (const reason of Object.values(report.reasons)) expect(reason).not.toBe('');
  });

  it('gives a reason for every figure that a tape with a gap leaves open, and keeps the rest', () => {
    const report = buildReport(
      execution({ market: noMarketBenchmarks('the public tape has a gap'), slices: [slice({})] }),
    );
    expect(nullsOf(report)).toEqual(Object.keys(report.reasons).toSorted());
    expect(report).toMatchObject({
      participation: null,
      avgPrice: '102.75',
      slippageBps: { arrival: '173.267327', vwap: null },
    });
    expect(report.reasons['participation']).toBe('the public tape has a gap');
  });

  it('has no participation in a market where nobody else traded', () => {
    const alone = buildReport(
      execution({
        market: { vwap: null, twap: '100', volume: '0', trades: 0, reasons: { vwap: 'nobody else traded' } },
      }),
    );
    expect(alone.participation).toBeNull();
    expect(alone.reasons).toMatchObject({
      participation: 'nobody else traded in the interval',
      marketVwap: 'nobody else traded',
    });
  });

  it('shows participation above 1 when we traded more than all others', () => {
    const market = { vwap: '102', twap: '102', volume: '5', trades: 2, reasons: {} };
    expect(buildReport(execution({ market })).participation).toBe('1.6');
  });

  it('is plain JSON', () => {
    const report = buildReport(execution());
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('tells what was traded with other orders of the same account', () => {
    const fills = [
      fill({ quantity: '0.1', selfTrade: true }),
      fill({ tradeId: '2', quantity: '0.7', selfTrade: false }),
      fill({ tradeId: '3', quantity: '0.2', selfTrade: true }),
    ];
    expect(buildReport(execution({ fills }))).toMatchObject({ filled: '1', selfTraded: '0.3' });
    expect(buildReport(execution({ fills: [] }))).toMatchObject({ selfTraded: '0' });
  });

  it('splits what was ordered into filled and residual exactly, whatever the digits', () => {
    const quantity = fc.bigInt(1n, 10n ** 20n).map((units) => new Big(units.toString()).div(1e8).toFixed());
    fc.assert(
      fc.property(fc.array(quantity, { maxLength: 8 }), quantity, (quantities, rest) => {
        const ordered = quantities.reduce((sum, each) => sum.plus(each), new Big(rest)).toFixed();
        const fills = quantities.map((each, index) => fill({ tradeId: String(index), quantity: each }));
        const report = buildReport(execution({ ordered, fills }));
        expect(new Big(report.filled).plus(report.residual).toFixed()).toBe(ordered);
        expect(report.residual).toBe(rest);
      }),
      { numRuns: 100 },
    );
  });
});

/** Paths of all figures that are null, slices and the venue apart. */
function nullsOf(report: ReturnType<typeof buildReport>): string[] {
  const { slices: _slices, venue: _venue, reasons: _reasons, ...figures } = report;
  const walk = (value: unknown, path: string): string[] => {
    if (value === null) return [path];
    if (typeof value !== 'object') return [];
    return Object.entries(value).flatMap(([key, each]) => walk(each, path === '' ? key : `${path}.${key}`));
  };
  return walk(figures, '').toSorted();
}
