import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import type { SendOutcome } from '../../../adapters/ports/venue.ts';
import { Bench, FIRST_ID, firstChild, plan, START } from '../fakes/bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const run = (given: Partial<typeof firstChild> = {}) => executeChild(bench.deps(), { ...firstChild, ...given });
const unknown: SendOutcome = { kind: 'unknown', reason: 'request timed out' };

/** Writes the intent down and dies before anything is sent. */
async function dieAfterIntent(): Promise<void> {
  const send = bench.venue.send.bind(bench.venue);
  bench.venue.send = () => Promise.reject(new Error('killed'));
  await expect(run()).rejects.toThrow('killed');
  bench.venue.send = send;
}

describe('a child order', () => {
  it('is decided, written down, sent once and stored with its fills', async () => {
    await expect(run()).resolves.toEqual({ result: 'filled', totalFilled: '0.25', problem: null, retryable: true });
    // 60001 * 1.001 = 60061.001, down to the tick.
    expect(bench.venue.sent).toEqual([
      {
        order: {
          symbol: 'BTC/USDT',
          side: 'buy',
          quantity: '0.25',
          price: '60061',
          clientOrderId: FIRST_ID,
          type: 'limit',
          timeInForce: 'IOC',
        },
        timestamp: START,
        at: START,
      },
    ]);
    expect(bench.ledger.all).toMatchObject([
      { clientOrderId: FIRST_ID, state: 'filled', filled: '0.25', mid: '60000', venueOrderId: '1', problem: null },
    ]);
    expect(bench.ledger.decisions.get('e1|1|1')).toMatchObject({
      action: 'send',
      reason: null,
      target: '0.25',
      mid: '60000',
    });
  });

  it('is signed in venue time, and the time kept as sent is ours', async () => {
    bench.venue.offsetMs = -2_500;
    await run();
    expect(bench.venue.sent[0]).toMatchObject({ timestamp: START - 2_500, at: START });
    expect(bench.ledger.all[0]).toMatchObject({ signedAt: START - 2_500, sentAt: START });
  });

  it('reports a partial fill with what has traded', async () => {
    bench.venue.onSend = (order) => ({
      kind: 'acknowledged',
      order: bench.venue.fill(bench.venue.place(order), '0.1'),
    });
    await expect(run()).resolves.toMatchObject({ result: 'partially-filled', totalFilled: '0.1' });
  });

  it('reports an order that ended without a trade as expired', async () => {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.fill(bench.venue.place(order), '0') });
    await expect(run()).resolves.toMatchObject({ result: 'expired', totalFilled: '0' });
  });

  it('sums over the whole execution', async () => {
    await run();
    const second = { child: 2, target: '0.5', previousTarget: '0.25', dueAt: START + 15_000, notAfter: START + 30_000 };
    await expect(run(second)).resolves.toMatchObject({ result: 'filled', totalFilled: '0.5' });
    expect(bench.venue.sent.map(({ order }) => order.quantity)).toEqual(['0.25', '0.25']);
  });

  describe('that the venue refuses', () => {
    it.each([
      ['never', false],
      ['later', true],
    ] as const)('is refused; retry "%s" means that asking again can help: %s', async (retry, retryable) => {
      bench.venue.onSend = () => ({ kind: 'refused', code: '-1013', message: 'Filter failure: NOTIONAL', retry });
      await expect(run()).resolves.toEqual({
        result: 'refused',
        totalFilled: '0',
        problem: { code: '-1013', detail: 'Filter failure: NOTIONAL' },
        retryable,
      });
      expect(bench.ledger.all).toMatchObject([{ state: 'refused', problem: { code: '-1013' } }]);
      expect(bench.venue.sent).toHaveLength(1);
    });
  });

  describe('in its time only', () => {
    it('is not even decided after it', async () => {
      bench.clock.advance(15_001);
      await expect(run()).resolves.toMatchObject({ result: 'expired', problem: { code: 'TOO_LATE' }, retryable: true });
      expect(bench.venue.sent).toEqual([]);
      expect(bench.ledger.all).toEqual([]);
    });

    it('is still sent at its last instant', async () => {
      bench.clock.advance(15_000);
      await expect(run()).resolves.toMatchObject({ result: 'filled' });
    });

    it('is not sent when the time passes between the decision and the send', async () => {
      const deps = bench.deps();
      const slow = {
        ...deps,
        ledger: new Proxy(bench.ledger, {
          get: (ledger, name) =>
            name === 'orderTransaction'
              ? async (...args: Parameters<typeof ledger.orderTransaction>) => {
                  const result = await ledger.orderTransaction(...args);
                  bench.clock.advance(15_001);
                  return result;
                }
              : Reflect.get(ledger, name).bind(ledger),
        }),
      };
      await expect(executeChild(slow, firstChild)).resolves.toMatchObject({
        result: 'not-placed',
        problem: { code: 'NOT_SENT_IN_TIME' },
      });
      expect(bench.venue.sent).toEqual([]);
      expect(bench.ledger.all).toMatchObject([{ state: 'not-placed' }]);
    });
  });

  describe('of which nothing is to be sent', () => {
    it('is carried when the market is beyond the limit, and the decision is kept', async () => {
      await expect(run({ plan: { ...plan, limit: '60000' } })).resolves.toMatchObject({
        result: 'carried',
        problem: { code: 'BEYOND_LIMIT', detail: expect.stringContaining('59999 / 60001') },
      });
      expect(bench.ledger.decisions.get('e1|1|1')).toMatchObject({
        action: 'carry',
        reason: 'BEYOND_LIMIT',
        quantity: '0.25',
        price: null,
      });
      expect(bench.venue.sent).toEqual([]);
      expect(bench.ledger.all).toEqual([]);
    });

    it('is carried below the minimum', async () => {
      await expect(run({ target: '0.00008' })).resolves.toMatchObject({
        result: 'carried',
        problem: { code: 'BELOW_MINIMUM' },
      });
    });

    it('is carried on schedule', async () => {
      await run();
      await expect(run({ attempt: 2 })).resolves.toMatchObject({ result: 'carried', problem: { code: 'ON_SCHEDULE' } });
    });
  });

  describe('that the gate denies', () => {
    it('is refused by a halt, and the decision is kept with its code', async () => {
      bench.ledger.halts = [{ id: 'h1', scope: 'all', target: null, reason: 'drill', setAt: START - 1 }];
      const outcome = await run();
      expect(outcome).toMatchObject({ result: 'refused', retryable: true });
      const code = outcome.problem?.code;
      expect(code).toMatch(/HALT/);
      expect(bench.ledger.decisions.get('e1|1|1')).toMatchObject({ action: 'deny', reason: code });
      expect(bench.venue.sent).toEqual([]);
      expect(bench.ledger.all).toEqual([]);
    });

    it('is refused for good where one order would meet the collar again, with its code', async () => {
      const params = { kind: 'marketable', aggressionBps: 150, stopSlippageBps: 50, reduceOnly: 0 };
      const one = { plan: { ...plan, algo: 'single', params }, target: '5' };
      const refusal = { result: 'refused', retryable: false, problem: { code: 'PRICE_OUTSIDE_COLLAR' } };
      await expect(run(one)).resolves.toMatchObject(refusal);
      expect(bench.ledger.decisions.get('e1|1|1')).toMatchObject({ action: 'deny', reason: 'PRICE_OUTSIDE_COLLAR' });
      expect(bench.venue.sent).toEqual([]);
    });

    it('passes limits on size where the books of its session prove that it only reduces, and only then', async () => {
      bench.venue.free = [{ asset: 'BTC', free: '10', locked: '0' }];
      const params = { kind: 'marketable', aggressionBps: 10, stopSlippageBps: 50, reduceOnly: 1 };
      // 5 BTC at 60,000 are 300,000; one order may be worth 250,000.
      const exit = { plan: { ...plan, algo: 'single', side: 'sell' as const, params }, target: '5' };
      const refusal = { result: 'refused', problem: { code: 'ORDER_NOTIONAL_TOO_LARGE' } };
      await expect(run(exit)).resolves.toMatchObject(refusal);
      bench.ledger.held = '4.99999';
      await expect(run({ ...exit, attempt: 2 })).resolves.toMatchObject(refusal);
      bench.ledger.held = '5';
      await run({ ...exit, attempt: 3, plan: { ...exit.plan, params: { ...params, reduceOnly: 0 } } });
      expect(bench.venue.sent).toEqual([]);
      await run({ ...exit, attempt: 4 });
      expect(bench.venue.sent).toMatchObject([{ order: { side: 'sell', quantity: '5' } }]);
    });

    it('counts what other open orders have reserved', async () => {
      // 0.25 at 60061 plus 0.1 % fee is 15030.27; 20000 are free, so two of them are too many.
      bench.venue.free = [{ asset: 'USDT', free: '20000', locked: '0' }];
      await dieAfterIntent();
      const other = { ...plan, executionId: 'e2' };
      await expect(run({ plan: other })).resolves.toMatchObject({ result: 'refused' });
      expect(bench.venue.sent).toEqual([]);
    });
  });

  describe('that was written down by an attempt that died', () => {
    it('is not sent but looked up, and found not placed only after the consistency times', async () => {
      await dieAfterIntent();
      await expect(run()).resolves.toMatchObject({
        result: 'not-placed',
        totalFilled: '0',
        problem: { code: 'NOT_PLACED' },
        retryable: true,
      });
      expect(bench.venue.sent).toEqual([]);
      // 1 + 1 + 2 s after it was signed.
      expect(bench.seconds).toBeGreaterThan(4);
      expect(bench.ledger.all).toMatchObject([{ state: 'not-placed' }]);
    });

    it('stays not placed for ever', async () => {
      await dieAfterIntent();
      await run();
      const reads = bench.venue.reads.length;
      await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
      expect(bench.venue.reads).toHaveLength(reads);
      expect(bench.venue.sent).toEqual([]);
    });

    it('is adopted when it was sent', async () => {
      bench.venue.onSend = (order) => {
        bench.venue.fill(bench.venue.place(order), order.quantity);
        throw new Error('killed');
      };
      await expect(run()).rejects.toThrow('killed');
      await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
      expect(bench.venue.sent).toHaveLength(1);
    });

    it('is looked up even when its time has long passed', async () => {
      bench.venue.onSend = (order) => {
        bench.venue.fill(bench.venue.place(order), order.quantity);
        throw new Error('killed');
      };
      await expect(run()).rejects.toThrow('killed');
      bench.clock.advance(3_600_000);
      await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    });

    it('says the same again once it has ended', async () => {
      const first = await run();
      await expect(run()).resolves.toEqual(first);
      expect(bench.venue.sent).toHaveLength(1);
    });
  });

  describe('whose outcome is unknown', () => {
    it('is adopted when a look-up shows it', async () => {
      bench.venue.onSend = (order) => {
        bench.venue.fill(bench.venue.place(order, START + 900), order.quantity);
        return unknown;
      };
      await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
      expect(bench.venue.sent).toHaveLength(1);
    });

    it('is not placed when none does within the consistency times', async () => {
      bench.venue.onSend = () => unknown;
      await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
      expect(bench.seconds).toBeGreaterThan(4);
      expect(bench.venue.sent).toHaveLength(1);
    });

    it('is a new order with a new id when it is tried again', async () => {
      bench.venue.onSend = () => unknown;
      await run();
      await run({ attempt: 2 });
      const ids = bench.venue.sent.map(({ order }) => order.clientOrderId);
      expect(new Set(ids).size).toBe(2);
    });
  });
});
