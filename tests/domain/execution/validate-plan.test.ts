import { describe, expect, it } from '@jest/globals';
import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import { twap } from '../../../domain/execution/twap/twap.ts';
import { validatePlan } from '../../../domain/execution/validate-plan.ts';
import { btc, planOf, START } from './good-plan.ts';

const problemsOf = (given: Partial<ExecutionPlan>) => validatePlan(planOf(given), twap, btc, '60000');

describe('a plan', () => {
  it('passes when nothing is wrong', () => {
    expect(problemsOf({ limit: '60500.01' })).toEqual([]);
  });

  it.each<[string, Partial<ExecutionPlan>, string, unknown, string]>([
    ['orders nothing', { quantity: '0' }, 'quantity', '0', 'give a quantity of BTC above 0'],
    ['orders less than nothing', { quantity: '-5' }, 'quantity', '-5', 'give a quantity of BTC above 0'],
    ['ends as it starts', { endAt: START }, 'durationMs', 0, 'at least 1 second after the start'],
    ['ends before it starts', { endAt: START - 60_000 }, 'durationMs', -60_000, 'at least 1 second after the start'],
    ['is too short', { endAt: START + 999, params: { slices: 1 } }, 'durationMs', 999, 'at least 1 second'],
    // 7 days are 604,800,000 ms.
    ['is too long', { endAt: START + 604_800_001 }, 'durationMs', 604_800_001, 'at most 604800000 ms (7 days)'],
    ['has a limit of 0', { limit: '0' }, 'limit', '0', 'give a price above 0'],
    ['has a negative limit', { limit: '-1' }, 'limit', '-1', 'give a price above 0'],
    ['has a limit between ticks', { limit: '60000.005' }, 'limit', '60000.005', 'give a multiple of the tick 0.01'],
    ['has a quantity of 16 digits', { quantity: '1.000000000000001' }, 'quantity', '1.000000000000001', '15 digits'],
    ['has a quantity of 10^15', { quantity: `1${'0'.repeat(15)}` }, 'quantity', `1${'0'.repeat(15)}`, '15 digits'],
    ['has a limit of 10^15', { limit: `1${'0'.repeat(15)}` }, 'limit', `1${'0'.repeat(15)}`, '15 digits'],
    // 20 slices of at most 9000 each.
    [
      'is larger than its slices',
      { quantity: '180000.00001' },
      'quantity',
      '180000.00001',
      'at most 180000 in 20 slices',
    ],
    ['asks for slices of less than a lot', { quantity: '0.0001' }, 'slices', 20, 'use at most 1 slices'],
  ])('that %s is refused by field, value and advice', (_, given, field, value, message) => {
    const problems = problemsOf(given);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field, value });
    expect(problems[0]?.message).toContain(message);
  });

  it('hears of duration and limit at once', () => {
    expect(problemsOf({ endAt: START, limit: '0' }).map(({ field }) => field)).toEqual(['durationMs', 'limit']);
  });

  it('may be exactly as large as its slices, and of any size where the venue names none', () => {
    expect(problemsOf({ quantity: '180000' })).toEqual([]);
    const boundless = { ...btc, maxQuantity: null };
    expect(validatePlan(planOf({ quantity: '999999999999999' }), twap, boundless, '60000')).toEqual([]);
  });

  it('may last exactly 1 second and exactly 7 days', () => {
    expect(problemsOf({ endAt: START + 1_000, params: { slices: 1 } })).toEqual([]);
    expect(problemsOf({ endAt: START + 604_800_000 })).toEqual([]);
  });

  // The millisecond is the unit of time: of 20 slices in 1 s each is 50 ms from the next, and none could be sent in its time.
  it('leaves time between its slices', () => {
    const [problem] = problemsOf({ endAt: START + 1_000 });
    expect(problem).toMatchObject({ field: 'slices', value: 20 });
    expect(problem?.message).toContain('at most 10 slices in 1000 ms');
  });
});
