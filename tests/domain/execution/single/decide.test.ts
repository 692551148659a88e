import { describe, expect, it } from '@jest/globals';
import type { DecisionInput } from '../../../../domain/execution/algorithm.ts';
import { amendedPlan } from '../../../../domain/execution/amendment.ts';
import type { ExecutionPlan } from '../../../../domain/execution/plan.ts';
import { decideSingle } from '../../../../domain/execution/single/decide.ts';
import { btc, START } from '../good-plan.ts';
import { singleOf } from './single-plan.ts';

const decide = (plan: Partial<ExecutionPlan>, given: Partial<DecisionInput> = {}) =>
  decideSingle({
    plan: singleOf(plan),
    slice: 1,
    role: 'resting',
    canRest: true,
    canStop: true,
    participation: { kind: 'unbounded' },
    target: '0.5',
    previousTarget: '0',
    finalTarget: '0.5',
    filled: '0',
    open: '0',
    instrument: btc,
    quote: { bid: '59999', bidQuantity: '1', ask: '60001', askQuantity: '1', at: START },
    ...given,
  });
const stop = (stopPrice: string, params: ExecutionPlan['params'] = {}) => ({
  params: { kind: 'stop', stopPrice, ...params },
});

describe('a marketable single order', () => {
  it('sells all at the bid less the aggression, up to a tick', () => {
    // 59999 * 0.995 = 59699.005, up to 59699.01.
    expect(decide({})).toEqual({
      action: 'send',
      type: 'limit',
      timeInForce: 'IOC',
      price: '59699.01',
      quantity: '0.5',
    });
  });

  it('buys at the ask plus the aggression, and never beyond the limit', () => {
    // 60001 * 1.005 = 60301.005, down to 60301.00.
    expect(decide({ side: 'buy' })).toMatchObject({ price: '60301' });
    expect(decide({ side: 'buy', limit: '60100' })).toMatchObject({ price: '60100' });
  });

  it('waits while the market is beyond the limit', () => {
    expect(decide({ limit: '60000' })).toEqual({ action: 'carry', reason: 'BEYOND_LIMIT', quantity: '0.5' });
  });

  it('is sent at a price of its own wherever the market is', () => {
    for (const atPrice of ['60500', '59000'])
      expect(decide({ limit: '59000', params: { atPrice } })).toMatchObject({ timeInForce: 'IOC', price: atPrice });
  });

  it('is not sent at a price of its own that lies beyond the limit, which may have been amended since', () => {
    const amend = (plan: ExecutionPlan, limit: string): ExecutionPlan =>
      amendedPlan(plan, { number: 1, at: START, quantity: plan.quantity, endAt: plan.endAt, limit, course: null });
    const params = { atPrice: '59000' };
    const beyond = { action: 'carry', reason: 'BEYOND_LIMIT', quantity: '0.5' };
    const sells = singleOf({ limit: '59000', params });
    expect(decide(amend(sells, '59000.01'))).toEqual(beyond);
    expect(decide(amend(sells, '58999.99'))).toMatchObject({ action: 'send', price: '59000' });
    const buys = singleOf({ side: 'buy', limit: '59000', params });
    expect(decide(amend(buys, '58999.99'))).toEqual(beyond);
    expect(decide(amend(buys, '59000.01'))).toMatchObject({ action: 'send', price: '59000' });
  });

  it('tries again what an earlier child has left, in one order', () => {
    expect(decide({}, { filled: '0.3' })).toMatchObject({ action: 'send', quantity: '0.2' });
    expect(decide({}, { filled: '0.3', open: '0.2' })).toMatchObject({ action: 'carry', reason: 'ON_SCHEDULE' });
  });
});

describe('a single order that rests', () => {
  it('is good till cancelled at its limit, on whichever side of the market that is', () => {
    for (const limit of ['70000', '50000']) {
      expect(decide({ limit, params: { kind: 'limit' } })).toEqual({
        action: 'send',
        type: 'limit',
        timeInForce: 'GTC',
        postOnly: false,
        stopPrice: null,
        price: limit,
        quantity: '0.5',
      });
    }
  });
});

describe('a stop', () => {
  it('has its trigger, and a worst price that the slippage leads to, in whole ticks away from the trigger', () => {
    // 58000.05 * 0.995 = 57710.04975, down to 57710.04.
    expect(decide(stop('58000.05'))).toEqual({
      action: 'send',
      type: 'limit',
      timeInForce: 'GTC',
      postOnly: false,
      stopPrice: '58000.05',
      price: '57710.04',
      quantity: '0.5',
    });
    // 62000.05 * 1.005 = 62310.05025, up to 62310.06.
    expect(decide({ ...stop('62000.05'), side: 'buy' })).toMatchObject({ stopPrice: '62000.05', price: '62310.06' });
    expect(decide(stop('58000', { stopSlippageBps: 0 }))).toMatchObject({ price: '58000' });
  });

  it('has the worst price that was asked for', () => {
    expect(decide({ ...stop('58000'), limit: '50000' })).toMatchObject({ stopPrice: '58000', price: '50000' });
  });

  it('is never below one tick', () => {
    const cheap = { ...btc, tick: '1', minNotional: '0' };
    expect(decide(stop('1'), { instrument: cheap })).toMatchObject({ price: '1' });
  });

  it('is not sent to a venue without stops', () => {
    const decision = decide(stop('58000'), { canStop: false });
    expect(decision).toEqual({ action: 'carry', reason: 'NO_STOP_ORDERS', quantity: '0.5' });
  });
});
