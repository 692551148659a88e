import { expect, it } from '@jest/globals';
import { type ComparisonView, readableComparison } from '../../../bin/terminal/comparison-view.ts';
import type { DecisionDifference } from '../../../domain/session/comparison/compare-decisions.ts';
import { compared } from '../../domain/session/comparison/trades.ts';

const NO_MONEY = {
  session: '0',
  backtest: '0',
  difference: '0',
  timing: '0',
  price: '0',
  size: '0',
  missed: '0',
};
/** The example of docs/session-comparison.md. */
const PAIR = {
  session: '13.7',
  backtest: '19.58',
  difference: '-5.88',
  timing: '-0.45',
  price: '-0.535',
  size: '-4.895',
  missed: '0',
};
const difference = (minute: number): DecisionDifference => ({
  bar: minute * 60_000,
  symbol: 'BTC/USDT',
  session: null,
  backtest: ['buy'],
  reason: 'NOT_DECIDED',
  detail: 'the session has not handled the bar',
});

const EQUAL: ComparisonView = {
  firstBar: 0,
  lastBar: 600_000,
  quote: 'USDT',
  decisions: { compared: 11, equal: 11, differences: [], missedBars: [] },
  pairs: [{ sessionTrade: compared(), backtestTrade: compared(), ...NO_MONEY }],
  missed: [],
  extra: [],
  totals: NO_MONEY,
  sentence: 'All are equal.',
};

/** Lines without the frame of tables. */
const linesOf = (view: ComparisonView): readonly string[] =>
  readableComparison(view)
    .split('\n')
    .map((line) => line.replaceAll(/ *│ */g, '|'));

it('a session that equals its backtest is told in few lines, without tables', () => {
  expect(linesOf(EQUAL)).toEqual([
    'All are equal.',
    'bars         1970-01-01 00:00:00 to 1970-01-01 00:10:00',
    'decisions    11 of 11 equal',
    'missed bars  none',
    'trades       1 in both, 0 only in the backtest, 0 only in the session',
    'profit       0 USDT in the session, 0 in the backtest: 0',
    'of it        timing 0, price 0, size 0, missed 0',
    '',
  ]);
});

it('trades that differ have their money by its parts, and what only one has made has its reason', () => {
  const single = { trade: compared({ units: '0.5' }), detail: 'outside hours' };
  const lines = linesOf({
    ...EQUAL,
    pairs: [...EQUAL.pairs, { sessionTrade: compared(), backtestTrade: compared(), ...PAIR }],
    missed: [{ ...NO_MONEY, ...single, reason: 'HOURS', backtest: '4.2', difference: '-4.2', missed: '-4.2' }],
    extra: [{ ...NO_MONEY, ...single, reason: 'BY_HAND', session: '-1', difference: '-1', missed: '-1' }],
  });
  const rows = lines.filter((line) => line.includes('|BTC/USDT|'));
  expect(rows).toEqual(['|BTC/USDT|1970-01-01 00:01:00|1970-01-01 00:03:00|13.7|19.58|-5.88|-0.45|-0.535|-4.895|0|']);
  expect(lines).toContain('only in the backtest: 0.5 BTC/USDT entered 1970-01-01 00:01:00, 4.2: HOURS');
  expect(lines).toContain('only in the session: 0.5 BTC/USDT entered 1970-01-01 00:01:00, -1: BY_HAND');
});

it('bars that were missed and decisions that differ are listed, and of many it says how many more there are', () => {
  const minutes = Array.from({ length: 23 }, (_, i) => i);
  const differences = minutes.map(difference);
  const missedBars = minutes.map((minute) => minute * 60_000);
  const lines = linesOf({ ...EQUAL, decisions: { compared: 30, equal: 7, differences, missedBars } });
  expect(lines.find((line) => line.startsWith('missed bars'))).toMatch(
    /^missed bars {2}1970-01-01 00:00:00, .*00:19:00 and 3 more$/,
  );
  const rows = lines.filter((line) => line.includes('|BTC/USDT|'));
  expect(rows).toHaveLength(20);
  expect(rows[1]).toBe('|1970-01-01 00:01:00|BTC/USDT|–|buy|NOT_DECIDED|the session has not handled the bar|');
  expect(lines).toContain('and 3 more: --json has all');
});
