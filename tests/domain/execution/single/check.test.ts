import { describe, expect, it } from '@jest/globals';
import { amendmentProblem } from '../../../../domain/execution/amendment.ts';
import type { ExecutionPlan } from '../../../../domain/execution/plan.ts';
import { single } from '../../../../domain/execution/single/single.ts';
import { validatePlan } from '../../../../domain/execution/validate-plan.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { btc, START } from '../good-plan.ts';
import { singleOf } from './single-plan.ts';

const DAY_MS = 86_400_000;
const problems = (given: Partial<ExecutionPlan>, hasStopOrders = true) =>
  validatePlan(singleOf(given), single, btc, '60000', { hasStopOrders });
const stop = { kind: 'stop', stopPrice: '58000' };

describe('the check of a single order', () => {
  it.each<[string, Partial<ExecutionPlan>]>([
    ['marketable', {}],
    ['marketable with a limit', { limit: '59000' }],
    ['limit', { limit: '61000', params: { kind: 'limit' } }],
    ['stop', { params: stop }],
    ['stop with a limit at its trigger', { params: stop, limit: '58000' }],
    ['buy stop', { side: 'buy', params: { kind: 'stop', stopPrice: '62000' }, limit: '62500' }],
    ['protective stop of 400 days', { params: { ...stop, reduceOnly: 1 }, endAt: START + 400 * DAY_MS }],
  ])('takes a %s', (_, given) => {
    expect(problems(given)).toEqual([]);
  });

  it.each<[string, Partial<ExecutionPlan>, string, string]>([
    ['a limit order without a price', { params: { kind: 'limit' } }, 'limit', 'missing; a limit order needs its price'],
    ['a stop without a trigger', { params: { kind: 'stop' } }, 'stopPrice', 'missing; give the price'],
    ['a trigger of another kind', { params: { stopPrice: '58000' } }, 'stopPrice', 'for kind stop alone'],
    ['a trigger between ticks', { params: { kind: 'stop', stopPrice: '58000.005' } }, 'stopPrice', 'the tick 0.01'],
    [
      'a trigger of too many digits',
      { params: { kind: 'stop', stopPrice: `1${'0'.repeat(15)}` } },
      'stopPrice',
      'at most 15 digits',
    ],
    ['a sell stop with a limit above it', { params: stop, limit: '58000.01' }, 'limit', 'at or below it'],
    ['a buy stop with a limit below it', { side: 'buy', params: stop, limit: '57999.99' }, 'limit', 'at or above it'],
    ['a buy that is to reduce', { side: 'buy', params: { reduceOnly: 1 } }, 'reduceOnly', 'a buy does not reduce'],
    ['more than 400 days', { params: stop, endAt: START + 400 * DAY_MS + 1 }, 'durationMs', '400 days'],
    ['no whole lot', { quantity: '0.000009' }, 'quantity', "below the venue's minimum order"],
    // 0.0002 * 20000 = 4 USDT of 5, although it would be 12 at the market.
    [
      'too little at its own price',
      { quantity: '0.0002', params: { kind: 'stop', stopPrice: '20000' } },
      'quantity',
      'minimum notional 5 USDT',
    ],
    ['more than one order may be', { quantity: '9001' }, 'quantity', 'at most 9000 BTC in one order'],
  ])('refuses %s', (_, given, field, message) => {
    expect(problems(given)).toEqual([expect.objectContaining({ field, message: expect.stringContaining(message) })]);
  });

  it('refuses a stop at a venue that takes none, and at one of which nothing is known', () => {
    const refusal = { field: 'kind', value: 'stop', message: expect.stringContaining('takes no stop orders') };
    expect(problems({ params: stop }, false)).toEqual([refusal]);
    expect(validatePlan(singleOf({ params: stop }), single, btc, '60000')).toEqual([refusal]);
  });

  it('has its trigger as exact text, refuses a number, and does without where none is given', () => {
    const complete = (stopPrice: unknown) => completeParams(single.params, { kind: 'stop', stopPrice });
    expect(complete('058000.50').params).toMatchObject({ kind: 'stop', stopPrice: '58000.5' });
    for (const value of [58_000, '0', '-1', '1e5', null])
      expect(complete(value).problems).toMatchObject([{ field: 'stopPrice', value }]);
    expect(completeParams(single.params, {}).params).toEqual({
      kind: 'marketable',
      aggressionBps: 50,
      stopSlippageBps: 50,
      reduceOnly: 0,
    });
  });

  it('has no price of its own to give: that is for plans of sessions', () => {
    const { problems: found } = completeParams(single.params, { kind: 'marketable', atPrice: '59000' });
    expect(found).toEqual([
      { field: 'atPrice', value: '59000', message: expect.stringContaining('unknown parameter') },
    ]);
  });

  it('is tried for 30 s when it is marketable and rests for 400 days when nothing else is said', () => {
    expect(single.defaultDurationMs({ kind: 'marketable' })).toBe(30_000);
    expect(single.defaultDurationMs({ kind: 'limit' })).toBe(400 * DAY_MS);
    expect(single.defaultDurationMs({ kind: 'stop' })).toBe(400 * DAY_MS);
  });

  it('keeps the price of a limit order when it is amended', () => {
    const standing = { amendment: null, behind: 1, filled: '0', now: START + 1_000 };
    const plan = singleOf({ limit: '61000', params: { kind: 'limit' } });
    expect(amendmentProblem(plan, standing, { limit: null }, DAY_MS)).toContain('needs its price');
    expect(amendmentProblem(plan, standing, { limit: '61500' }, DAY_MS)).toBeNull();
    expect(amendmentProblem(singleOf({ params: stop }), standing, { limit: null }, DAY_MS)).toBeNull();
  });
});
