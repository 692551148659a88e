import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { equityLines } from '../../../domain/backtest/equity-csv.ts';
import { tradeLine } from '../../../domain/backtest/trades-csv.ts';
import { tradesHash } from '../../../domain/backtest/trades-hash.ts';
import type { Trade } from '../../../domain/backtest/trade.ts';
import { TRADE } from './trades.ts';

function hashOf(trades: readonly Trade[], openTrades: readonly Trade[] = []): string {
  const hash = createHash('sha256');
  return tradesHash({ trades, openTrades }, { update: (data) => hash.update(data), hex: () => hash.digest('hex') });
}

it('hashes the canonical text of the trades', () => {
  // Written by hand: a format line, a JSON array for each trade, and what is open behind a line of its own.
  const text =
    'tradewind-trades-1\n["X",1,3,4,180000,240000,100,101.5,null,110,1.25,0.25,0.0125,0.5,2,"signal",null]\nopen\n';
  expect(hashOf([TRADE])).toBe(createHash('sha256').update(text).digest('hex'));
});

it('changes with the last bit of a number, and not with what a strategy noted', () => {
  const base = hashOf([TRADE]);
  // 1.25 + 2^-52 is the next number after 1.25.
  expect(hashOf([{ ...TRADE, pnl: 1.25 + 2 ** -52 }])).not.toBe(base);
  expect(hashOf([{ ...TRADE, entryValues: {} }])).toBe(base);
});

it('tells closed trades from open ones, and one order of them from another', () => {
  const other = { ...TRADE, symbol: 'Y' };
  const hashes = [hashOf([TRADE, other]), hashOf([other, TRADE]), hashOf([TRADE], [other]), hashOf([], [TRADE, other])];
  expect(new Set(hashes).size).toBe(4);
});

it('cannot be misled by text in a tag', () => {
  expect(hashOf([{ ...TRADE, tag: 'a"],["b' }])).not.toBe(
    hashOf([
      { ...TRADE, tag: 'a' },
      { ...TRADE, tag: 'b' },
    ]),
  );
});

it('writes trades as lines that read back to the same bits', () => {
  const third = 1 / 3;
  const line = tradeLine({ ...TRADE, size: -0.1, pnl: third, sl: 95, tp: null });
  expect(line).toBe('-0.1,3,4,100,101.5,95,,0.3333333333333333,0.25,0.0125');
  expect(Number(line.split(',')[7])).toBe(third);
});

it('writes equity with its drawdown from the peak so far, the starting capital included', () => {
  const lines = equityLines(100);
  const text = [
    ...lines(Float64Array.of(0, 60_000), Float64Array.of(90, 120)),
    ...lines(Float64Array.of(120_000), Float64Array.of(90)),
  ].join('');
  // 1 - 90/100, 0 at a new peak, 1 - 90/120: in the second piece the peak of the first still counts.
  const drawdowns = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(drawdowns.map(([time, equity]) => [time, equity])).toEqual([
    ['1970-01-01T00:00:00.000Z', '90'],
    ['1970-01-01T00:01:00.000Z', '120'],
    ['1970-01-01T00:02:00.000Z', '90'],
  ]);
  expect(Number(drawdowns[0]![2])).toBeCloseTo(0.1, 15);
  expect(drawdowns[1]![2]).toBe('0');
  expect(drawdowns[2]![2]).toBe('0.25');
});
