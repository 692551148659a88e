import { describe, expect, it } from '@jest/globals';
import { parseFaultSpec } from '../../../simulator/faults/fault-spec.ts';
import { Faults } from '../../../simulator/faults/faults.ts';

const NOW = 1_000_000;
const set = (faults: Faults, body: Readonly<Record<string, unknown>>, now = NOW) =>
  faults.set(parseFaultSpec(body), now);
const kinds = (faults: Faults, endpoint: Parameters<Faults['strike']>[0], now = NOW) =>
  faults.strike(endpoint, now).map(({ kind }) => kind);

describe('faults', () => {
  it('strike their endpoint only, and every endpoint under *', () => {
    const faults = new Faults(1);
    set(faults, { endpoint: 'order.create', kind: 'drop-before' });
    expect(kinds(faults, 'order.create')).toEqual(['drop-before']);
    expect(kinds(faults, 'order.fetch')).toEqual([]);
    set(faults, { endpoint: '*', kind: 'http-5xx' });
    expect(kinds(faults, 'order.fetch')).toEqual(['http-5xx']);
    expect(kinds(faults, null)).toEqual(['http-5xx']);
  });

  it('end after their count', () => {
    const faults = new Faults(1);
    set(faults, { endpoint: 'account', kind: 'drop-after', count: 2 });
    expect([1, 2, 3].map(() => kinds(faults, 'account').length)).toEqual([1, 1, 0]);
    expect(faults.active(NOW)).toEqual([]);
  });

  it('tell how often they struck when they are over or taken back', () => {
    const faults = new Faults(1);
    const used = set(faults, { endpoint: 'account', kind: 'drop-after', count: 2 });
    const missed = set(faults, { endpoint: 'book', kind: 'http-5xx', forMs: 500 });
    const wrong = set(faults, { endpoint: '*', kind: 'wrong-clock', delayMs: 100 });
    for (let request = 0; request < 3; request += 1) kinds(faults, 'account');
    expect(faults.past(NOW).map(({ id, struck }) => [id, struck])).toEqual([[used, 2]]);
    kinds(faults, 'book', NOW + 500);
    faults.clear();
    expect(faults.past(NOW + 500).map(({ id, struck }) => [id, struck])).toEqual([
      [used, 2],
      [missed, 0],
      [wrong, 4],
    ]);
  });

  it('end with their time window', () => {
    const faults = new Faults(1);
    set(faults, { endpoint: 'account', kind: 'drop-after', forMs: 500 });
    expect(kinds(faults, 'account', NOW + 499)).toEqual(['drop-after']);
    expect(kinds(faults, 'account', NOW + 500)).toEqual([]);
  });

  it('strike by chance, the same requests under the same seed', () => {
    const run = (seed: number) => {
      const faults = new Faults(seed);
      set(faults, { endpoint: 'account', kind: 'drop-after', probability: 0.3 });
      return Array.from({ length: 1_000 }, () => kinds(faults, 'account').length);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    // 1000 tries at 0.3: mean 300, standard deviation sqrt(1000 * 0.3 * 0.7) = 14.5; four of them either way.
    const struck = run(7).reduce((sum, hit) => sum + hit, 0);
    expect(Math.abs(struck - 300)).toBeLessThan(58);
  });

  it('forget an order for a time from its acceptance, in every look-up or in one', () => {
    const faults = new Faults(1);
    set(faults, { endpoint: 'order.create', kind: 'forget', forMs: 1_000, count: 1 });
    faults.accepted(1, NOW + 60_000);
    faults.accepted(2, NOW + 60_000);
    expect(faults.hides('order.fetch', 1, NOW + 60_999)).toBe(true);
    expect(faults.hides('trades.mine', 1, NOW + 60_999)).toBe(true);
    expect(faults.hides('order.fetch', 1, NOW + 61_000)).toBe(false);
    expect(faults.hides('order.fetch', 2, NOW + 60_500)).toBe(false);
    set(faults, { endpoint: 'orders.open', kind: 'forget', forMs: 1_000 });
    faults.accepted(3, NOW + 999);
    expect(faults.hides('orders.open', 3, NOW + 1_998)).toBe(true);
    expect(faults.hides('order.fetch', 3, NOW + 1_998)).toBe(false);
  });

  it('put the clock off for a time, the last one set first', () => {
    const faults = new Faults(1);
    expect(faults.clockSkewMs(NOW)).toBe(0);
    set(faults, { endpoint: '*', kind: 'wrong-clock', delayMs: -700 });
    set(faults, { endpoint: '*', kind: 'wrong-clock', delayMs: 900, forMs: 100 });
    expect(faults.clockSkewMs(NOW + 99)).toBe(900);
    expect(faults.clockSkewMs(NOW + 100)).toBe(-700);
    expect(kinds(faults, 'order.create')).toEqual([]);
  });

  it('leave requests without a time of their own to a right clock', () => {
    const faults = new Faults(1);
    set(faults, { endpoint: '*', kind: 'clock', count: 1 });
    expect(faults.strike(null, NOW, false)).toEqual([]);
    expect(faults.strike('account', NOW)).toEqual([{ kind: 'clock' }]);
  });

  it('are gone once cleared', () => {
    const faults = new Faults(1);
    set(faults, { endpoint: '*', kind: 'forget', forMs: 1_000 });
    faults.accepted(1, NOW);
    faults.clear();
    expect(faults.active(NOW)).toEqual([]);
    expect(faults.hides('order.fetch', 1, NOW)).toBe(false);
  });

  it.each([
    ['endpoint', { endpoint: 'order.make', kind: 'delay', delayMs: 1 }],
    ['kind', { endpoint: '*', kind: 'explode' }],
    ['forMs', { endpoint: '*', kind: 'http-5xx', forMs: -1 }],
    ['forMs', { endpoint: '*', kind: 'forget' }],
    ['count', { endpoint: '*', kind: 'http-5xx', count: 1.5 }],
    ['probability', { endpoint: '*', kind: 'http-5xx', probability: 1.2 }],
    ['delayMs', { endpoint: '*', kind: 'delay' }],
    ['delayMs', { endpoint: '*', kind: 'http-5xx', delayMs: 5 }],
    ['phase', { endpoint: '*', kind: 'delay', delayMs: 5, phase: 'during' }],
    ['phase', { endpoint: '*', kind: 'http-5xx', phase: 'before' }],
    ['delayMs', { endpoint: '*', kind: 'wrong-clock' }],
    ['endpoint', { endpoint: 'account', kind: 'wrong-clock', delayMs: 5 }],
    ['count', { endpoint: '*', kind: 'wrong-clock', delayMs: 5, count: 1 }],
    ['endpoint', { endpoint: 'book', kind: 'clock' }],
    ['endpoint', { endpoint: '*', kind: 'reject' }],
    ['fraction', { endpoint: 'order.create', kind: 'partial-fill', fraction: 1 }],
    ['fraction', { endpoint: 'order.create', kind: 'reject', fraction: 0.5 }],
    ['retryAfterMs', { endpoint: '*', kind: 'ban', retryAfterMs: 0 }],
    ['accept', { endpoint: '*', kind: 'timeout', accept: 'yes' }],
    ['endpoint', { endpoint: 'book', kind: 'forget', forMs: 5 }],
    ['often', { endpoint: '*', kind: 'http-5xx', often: true }],
    ['body', 'delay everything'],
  ])('with a wrong %s are refused by its name', (field, body) => {
    expect(() => parseFaultSpec(body)).toThrow(expect.objectContaining({ field }));
  });
});
