import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { singleSchedule } from '../../../domain/execution/single/schedule.ts';
import { orderExecutionId, orderPlan } from '../../../domain/session/order-plan.ts';
import type { WantedOrder } from '../../../domain/session/order.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const SPEC = { venue: 'sim', orders: { aggressionBps: 40, stopSlippageBps: 60, timeoutMs: 20_000 } };
const wanted: WantedOrder = {
  order: 3,
  version: 2,
  symbol: 'BTC/USDT',
  side: 'buy',
  kind: 'marketable',
  purpose: 'entry',
  held: 'venue',
  quantity: '0.12',
  limit: null,
  stop: null,
  bar: 0,
  intended: '60000',
};
const terms = { executionId: 'e', lot: '0.001', now: 1_000_000, hasOwnTime: false };

describe('orderExecutionId', () => {
  it('is that of session, order and version, in every process', () => {
    // printf 's1|3|2' | sha256sum
    expect(orderExecutionId('s1', wanted, sha256).replaceAll('-', '')).toBe(sha256('s1|3|2').slice(0, 32));
    expect(orderExecutionId('s1', { order: 3, version: 3 }, sha256)).not.toBe(orderExecutionId('s1', wanted, sha256));
    expect(orderExecutionId('s1', wanted, sha256)).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  });
});

describe('orderPlan', () => {
  it('tries a marketable order for as long as the session says', () => {
    const plan = orderPlan(wanted, SPEC, terms);
    expect(plan).toMatchObject({
      algo: 'single',
      venue: 'sim',
      side: 'buy',
      quantity: '0.12',
      lot: '0.001',
      limit: null,
    });
    expect([plan.startAt, plan.endAt]).toEqual([1_000_000, 1_020_000]);
    expect(plan.params).toMatchObject({ kind: 'marketable', aggressionBps: 40, reduceOnly: 0 });
    expect(singleSchedule.target(plan, 1)).toBe('0.12');
  });

  it('tries a target for two seconds at most, but waits for the next bar where candles are replayed', () => {
    const target: WantedOrder = { ...wanted, side: 'sell', purpose: 'take-profit', limit: '66000' };
    expect(orderPlan(target, SPEC, terms).endAt).toBe(1_002_000);
    expect(orderPlan(target, SPEC, { ...terms, hasOwnTime: true }).endAt).toBe(1_020_000);
  });

  it('sends a target at its own price where candles are replayed, and any other order off the touch', () => {
    const target: WantedOrder = { ...wanted, side: 'sell', purpose: 'take-profit', limit: '66000' };
    const replayed = { ...terms, hasOwnTime: true };
    expect(orderPlan(target, SPEC, replayed).params).toMatchObject({ kind: 'marketable', atPrice: '66000' });
    expect(orderPlan(target, SPEC, terms).params).not.toHaveProperty('atPrice');
    expect(orderPlan({ ...wanted, limit: '60300' }, SPEC, replayed).params).not.toHaveProperty('atPrice');
    expect(orderPlan({ ...target, limit: null }, SPEC, replayed).params).not.toHaveProperty('atPrice');
  });

  it('lets a protective stop rest for longer than a year, exempt from halts', () => {
    const stop: WantedOrder = {
      ...wanted,
      side: 'sell',
      kind: 'stop',
      purpose: 'stop-loss',
      stop: '58000',
      limit: '57652',
    };
    const plan = orderPlan(stop, SPEC, terms);
    expect(plan.endAt - plan.startAt).toBeGreaterThan(366 * 86_400_000);
    expect(plan.limit).toBe('57652');
    expect(plan.params).toMatchObject({ kind: 'stop', stopPrice: '58000', stopSlippageBps: 60, reduceOnly: 1 });
  });

  it('refuses terms that the algorithm does not know', () => {
    const wild = { ...SPEC, orders: { ...SPEC.orders, aggressionBps: 5_000 } };
    expect(() => orderPlan(wanted, wild, terms)).toThrow(/aggressionBps 5000/);
  });
});
