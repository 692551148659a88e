import { expect, it } from '@jest/globals';
import { detailsTable } from '../../../workflows/backtest/details.ts';

const INPUT = { backtestId: 'b1', title: 't', facts: { strategy: 'sma-cross', symbols: 'A|B' } };

it('tells strategy, data and where to see the progress while it runs', () => {
  const table = detailsTable(INPUT, 'running', null);
  expect(table).toContain('| strategy | sma-cross |');
  expect(table).toContain('| symbols | A/B |');
  expect(table).toContain('| progress | in the heartbeat of the pending activity |');
});

it.each([
  [
    { status: 'completed', tradesHash: 'c', closedTrades: 3, totalReturn: 0.0125, problem: null },
    '3 closed trades, total return 1.25 %',
  ],
  [
    { status: 'completed', tradesHash: 'c', closedTrades: 0, totalReturn: null, problem: null },
    '0 closed trades, total return not defined',
  ],
  [{ status: 'cancelled', tradesHash: null, closedTrades: null, totalReturn: null, problem: null }, 'none'],
  [
    {
      status: 'failed',
      tradesHash: null,
      closedTrades: null,
      totalReturn: null,
      problem: { code: 'STRATEGY_FAILED', detail: 'it\nthrew' },
    },
    'STRATEGY_FAILED: it threw',
  ],
] as const)('tells what came of %j', (outcome, text) => {
  expect(detailsTable(INPUT, outcome.status, outcome)).toContain(`| result | ${text} |`);
});
