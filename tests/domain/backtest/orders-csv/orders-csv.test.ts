import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { BacktestFailure } from '../../../../domain/backtest/failure.ts';
import type { BacktestInput, BacktestRun } from '../../../../domain/backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { ordersBeyond, ordersStrategy } from '../../../../domain/backtest/orders-csv/orders-strategy.ts';
import { parseOrders } from '../../../../domain/backtest/orders-csv/parse-orders.ts';
import { candlesOf, type Row, told } from '../engine/scripted.ts';

const HEADER = 'bar,side,type,price,sl,tp,size';

function problemsOf(...lines: string[]): readonly string[] {
  const parsed = parseOrders(lines.join('\n'));
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field}: ${message}`);
}

function run(rows: readonly Row[], lines: readonly string[], broker: Partial<BrokerSettings> = {}): BacktestRun {
  const parsed = parseOrders([HEADER, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return runBacktest({
    markets: [candlesOf(rows)],
    strategy: ordersStrategy(parsed.rows),
    params: {},
    broker: { ...DEFAULT_BROKER, ...broker },
    sizing: { kind: 'units', value: 3 },
  });
}

describe('reading orders', () => {
  it('reads every column, in any order, with empty cells for what is not said', () => {
    const parsed = parseOrders(
      'type,bar,side,size,price,tp,sl\r\nlimit,4,sell,0.5,101.5,90,110\r\nclose,2,,,,,\r\n\r\n',
    );
    expect(parsed).toEqual({
      ok: true,
      rows: [
        { line: 3, bar: 2, type: 'close', side: null, price: null, sl: null, tp: null, size: null },
        { line: 2, bar: 4, type: 'limit', side: 'sell', price: 101.5, sl: 110, tp: 90, size: 0.5 },
      ],
    });
  });

  it('takes rows in any order of bars, and keeps the order within a bar', () => {
    const parsed = parseOrders(`${HEADER}\n7,buy,market,,,,\n3,,cancel,,,,\n3,buy,stop,9,,,\n`);
    expect(parsed.ok && parsed.rows.map(({ bar, type }) => `${bar} ${type}`)).toEqual([
      '3 cancel',
      '3 stop',
      '7 market',
    ]);
  });

  it('may do without the columns that it does not need', () => {
    expect(problemsOf('bar,type', '3,close')).toEqual([]);
  });

  it.each([
    ['x,buy,market,,,,', 'orders line 2, bar: give the number of a bar, from 0'],
    ['-1,buy,market,,,,', 'orders line 2, bar: give the number of a bar, from 0'],
    [',buy,market,,,,', 'orders line 2, bar: give the number of a bar, from 0'],
    ['1,buy,iceberg,,,,', 'orders line 2, type: give one of market, limit, stop, close, cancel'],
    ['1,up,market,,,,', 'orders line 2, side: give buy or sell'],
    ['1,,market,,,,', 'orders line 2, side: a market order needs buy or sell'],
    ['1,buy,limit,,,,', 'orders line 2, price: a limit order needs its price'],
    ['1,buy,market,100,,,', 'orders line 2, price: leave it empty: a market order takes the price of the market'],
    ['1,buy,stop,-5,,,', 'orders line 2, price: give a number above 0, or leave it empty'],
    ['1,buy,market,,abc,,', 'orders line 2, sl: give a number above 0, or leave it empty'],
    ['1,buy,market,,,,0', 'orders line 2, size: give a number above 0, or leave it empty'],
    ['1,,close,,95,,', 'orders line 2, sl: leave it empty: close has no exits'],
    ['1,,cancel,,,,2', 'orders line 2, size: leave it empty: cancel takes back all orders that wait'],
  ])('says what is wrong with %s', (line, expected) => {
    expect(problemsOf(HEADER, line)).toEqual([expected]);
  });

  it('says what is wrong with a header, and with a line of too many cells', () => {
    expect(problemsOf('bar,side,price', '1,buy,3')).toEqual([
      `orders line 1: has no column type: give a header with ${HEADER}`,
    ]);
    expect(problemsOf('bar,type,qty', '1,close,3')).toEqual([
      `orders line 1: "qty" is no column of an order: give a header with ${HEADER}`,
    ]);
    expect(problemsOf('bar,type', '1,5,close')[0]).toMatch(/^orders line 2: there are 3 cells under 2 names/);
  });

  it('stops telling at some twenty problems', () => {
    expect(problemsOf(HEADER, ...Array.from({ length: 500 }, () => 'x,buy,market,,,,')).length).toBeLessThan(30);
  });

  it('finds orders that are given after the end of the data', () => {
    const parsed = parseOrders(`${HEADER}\n9,buy,market,,,,\n10,,close,,,,\n`);
    expect(parsed.ok && ordersBeyond(parsed.rows, 10)).toEqual([
      { field: 'orders line 3, bar', value: 10, message: 'the data ends with bar 9: bars are numbered from 0' },
    ]);
  });
});

describe('giving orders', () => {
  const flat: readonly Row[] = Array.from({ length: 6 }, () => [100, 100, 100, 100]);

  it('gives a row at the close of its bar: the market order of bar 1 fills in bar 2', () => {
    expect(told(run(flat, ['1,buy,market,,,,2', '3,,close,,,,']))).toEqual(['2 @ 100(2) -> 100(4) signal']);
  });

  it('takes a size below 1 for a share of the available cash, from 1 on for units, none for the sizing of the run', () => {
    // A quarter of 10,000, one unit, three units.
    const sizes = (size: string): number => run(flat, [`0,buy,market,,,,${size}`]).openTrades[0]!.size;
    expect([sizes('0.25'), sizes('1'), sizes('')]).toEqual([25, 1, 3]);
  });

  it('places limits and stops with their exits, and cancels what waits', () => {
    const rows: readonly Row[] = [
      [100, 100, 100, 100],
      [100, 100, 95, 96],
      [96, 103, 96, 102],
      [102, 102, 80, 85],
    ];
    expect(
      told(run(rows, ['0,buy,limit,95,90,103,1', '0,buy,stop,110,,,1', '2,,cancel,,,,', '2,buy,limit,101,85,,2'])),
    ).toEqual(['1 @ 95(1) -> 103(2) take-profit', '2 @ 101(3) open']);
  });

  it('closes a share below 1, units from 1 on, and everything without a size', () => {
    const closing = (size: string): readonly number[] =>
      run(flat, ['0,buy,market,,,,8', `1,,close,,,,${size}`]).trades.map((trade) => trade.size);
    expect([closing('0.25'), closing('3'), closing('')]).toEqual([[2], [3], [8]]);
    // Units of a short are bought back.
    const short = run(flat, ['0,sell,market,,,,8', '1,,close,,,,3']);
    expect(told(short)).toEqual(['-3 @ 100(1) -> 100(2) signal', '-5 @ 100(1) open']);
  });

  it('gives nothing for closing nothing', () => {
    expect(run(flat, ['1,,close,,,,', '2,,close,,,,2']).orders.submitted).toBe(0);
  });
});

describe('orders that a run would never ask for', () => {
  const flat: readonly Row[] = Array.from({ length: 10 }, () => [100, 100, 100, 100]);
  const HOURLY = candlesOf(flat);

  function problemsIn(lines: readonly string[], input: Partial<BacktestInput>): readonly string[] {
    const parsed = parseOrders([HEADER, ...lines].join('\n'));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    try {
      runBacktest({
        markets: [HOURLY],
        strategy: ordersStrategy(parsed.rows),
        params: {},
        broker: DEFAULT_BROKER,
        sizing: { kind: 'units', value: 3 },
        ...input,
      });
    } catch (error) {
      if (!(error instanceof BacktestFailure)) throw error;
      return error.problem.errors.map(({ field, value, message }) => `${field} = ${String(value)}: ${message}`);
    }
    return [];
  }

  it.each<[string, Partial<BacktestInput>, string]>([
    ['before `from`', { from: HOURLY.time[4]! }, 'from bar 4 to bar 9'],
    ['after `to`', { from: HOURLY.time[3]!, to: HOURLY.time[5]! }, 'from bar 3 to bar 4'],
    // The spread of five closes is known at the fifth.
    [
      'before the sizing knows its window',
      { sizing: { kind: 'volatilityTarget', value: 0.2, window: 5, barsPerYear: 8_760, maxShare: 1 } },
      'from bar 4 to bar 9',
    ],
  ])('are refused with line and bar: %s', (_, input, bars) => {
    const outside = input.to === undefined ? 3 : 5;
    expect(problemsIn(['4,buy,market,,,,1', `${outside},,close,,,,`], input)).toEqual([
      `strategy.orders line 3, bar = ${outside}: the run asks for orders ${bars}: leave the order out, or have the run cover its bar`,
    ]);
    expect(problemsIn(['4,buy,market,,,,1'], input)).toEqual([]);
  });

  it('are refused for a size by risk without a stop loss, unless they name a size or open nothing', () => {
    const sizing = { kind: 'riskPerTrade', value: 0.01 } as const;
    expect(
      problemsIn(['2,buy,market,,,,', '3,buy,market,,95,,', '4,buy,market,,,,2', '5,,close,,,,'], { sizing }),
    ).toEqual([
      'strategy.orders line 2, sl = null: sized by riskPerTrade: give a stop loss, whose distance is the risk, or a size',
    ]);
  });
});
