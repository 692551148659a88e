import { describe, expect, it } from '@jest/globals';
import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import { openProgress } from '../../../domain/execution/progress.ts';
import { twapSchedule } from '../../../domain/execution/twap/schedule.ts';
import { detailsTable, sliceSummary } from '../../../workflows/execution/details.ts';

const START = Date.UTC(2024, 7, 8, 23, 50, 0);

const plan: ExecutionPlan = {
  executionId: 'e1',
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'sell',
  quantity: '5',
  lot: '0.00001',
  startAt: START,
  endAt: START + 300_000,
  limit: '59000',
  params: { slices: 20, catchUpFactor: 2, aggressionBps: 10 },
};

describe('the summary of a slice', () => {
  it('says what is wanting and where it leads', () => {
    const progress = { ...openProgress(), filled: '1.4' };
    // The seventh target is 7 * 0.25 = 1.75; 1.75 - 1.4 = 0.35.
    expect(sliceSummary(plan, twapSchedule, progress, { slice: 7, attempt: 1 })).toBe(
      'slice 7/20: sell 0.35 BTC, to 1.75 in all',
    );
    expect(sliceSummary(plan, twapSchedule, progress, { slice: 20, attempt: 3, role: 'taker' })).toBe(
      'slice 20/20: sell 3.6 BTC, to 5 in all, attempt 3',
    );
  });
});

describe('the table of an execution', () => {
  it('shows where it stands', () => {
    const progress = {
      ...openProgress(),
      handledSlices: 7,
      filled: '1.75',
      lastProblem: { code: 'BEYOND_LIMIT', detail: 'the market (58990 | 58991) is beyond' },
    };
    expect(detailsTable(plan, twapSchedule, progress, 'paused', 'paused until resumed')).toBe(
      [
        '| | |',
        '|---|---|',
        '| status | paused |',
        '| order | sell 5 BTC/USDT on sim by TWAP |',
        '| filled | 1.75 of 5 |',
        '| slices | 7 of 20 handled |',
        '| next | paused until resumed |',
        '| window | 2024-08-08 23:50:00 to 2024-08-08 23:55:00 UTC |',
        '| limit | 59000 |',
        '| amended | no |',
        // A bar inside a cell would end it.
        '| problem | BEYOND_LIMIT: the market (58990 / 58991) is beyond |',
      ].join('\n'),
    );
  });
});
