import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import { Bench, FIRST_ID, firstChild, START } from '../fakes/bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const run = () => executeChild(bench.deps(), firstChild);

describe('the end of an order', () => {
  it('is awaited while it works', async () => {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
    bench.onWait = (nth) => {
      if (nth === 4) bench.venue.amend('1', { status: 'expired' });
    };
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.waits).toEqual([250, 500, 1_000, 2_000]);
    expect(bench.venue.reads).not.toContain('cancel');
  });

  it('is asked for with a cancel once its time has passed', async () => {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.venue.reads.filter((read) => read === 'cancel')).toHaveLength(1);
    expect(bench.seconds).toBeGreaterThan(15);
    expect(bench.ledger.all).toMatchObject([{ state: 'cancelled' }]);
  });

  it('is asked for again when a cancel fails', async () => {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
    bench.venue.fail('cancel', 3);
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.venue.reads.filter((read) => read === 'cancel')).toHaveLength(4);
  });

  it('counts what filled while the cancel was on its way', async () => {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
    bench.venue.onRead = (read) => {
      if (read === 'cancel')
        bench.venue.fill({ ...bench.venue.place(bench.venue.sent[0]!.order), orderId: '1' }, '0.1');
    };
    await expect(run()).resolves.toMatchObject({ result: 'partially-filled', totalFilled: '0.1' });
  });
});

describe('a trade that a stream shows first', () => {
  /** As the market-data worker stores it. */
  const stream = async (quantity: string) => {
    const [intent] = bench.ledger.all;
    const fill = bench.venue.trade({ orderId: '1', symbol: 'BTC/USDT', side: 'buy', price: '60001' }, quantity);
    await bench.ledger.addLateFills(intent!, [fill]);
  };

  it('outweighs an answer that the order ended without it, until a later answer agrees', async () => {
    bench.venue.onSend = (order) => ({
      kind: 'acknowledged',
      order: { ...bench.venue.place(order), status: 'expired' },
    });
    bench.venue.onRead = (read) => {
      // The order itself says so from the second look on.
      if (read === 'findByClientOrderId') bench.venue.amend('1', { status: 'expired', filled: '0.1' });
    };
    const deps = bench.deps();
    const account = Object.assign(Object.create(bench.venue) as typeof bench.venue, {
      send: async (order: Parameters<typeof bench.venue.send>[0], at: number) => {
        const sent = await bench.venue.send(order, at);
        await stream('0.1');
        return sent;
      },
    });
    await expect(executeChild({ ...deps, account }, firstChild)).resolves.toMatchObject({
      result: 'partially-filled',
      totalFilled: '0.1',
    });
    expect(bench.ledger.fills.size).toBe(1);
    expect(bench.ledger.all).toMatchObject([{ state: 'partially-filled', filled: '0.1' }]);
  });

  it('keeps an order from being taken for not placed, although no look-up finds it for long', async () => {
    bench.venue.onSend = (order) => {
      bench.venue.amend(bench.venue.place(order).orderId, { status: 'expired', filled: '0.1' });
      bench.venue.forget(START + 60_000);
      return { kind: 'unknown', reason: 'no answer' };
    };
    let shown = false;
    const deps = bench.deps();
    const wait = async (ms: number) => {
      await deps.wait(ms);
      if (shown) return;
      shown = true;
      await stream('0.1');
    };
    await expect(executeChild({ ...deps, wait }, firstChild)).resolves.toMatchObject({
      result: 'partially-filled',
      totalFilled: '0.1',
    });
    expect(bench.seconds).toBeGreaterThanOrEqual(60);
    expect(bench.venue.sent).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each([
    ['lasts', 'never', false],
    ['passes', 'later', true],
  ] as const)('that %s says so to whoever asks after its answer was lost', async (_, retry, retryable) => {
    bench.venue.onSend = () => ({ kind: 'refused', code: '-2010', message: 'no', retry });
    await expect(run()).resolves.toMatchObject({ result: 'refused', retryable });
    // The next attempt of the same activity reads it from the intent.
    await expect(run()).resolves.toMatchObject({ result: 'refused', retryable });
    expect(bench.venue.sent).toHaveLength(1);
  });
});

describe('the fills of an order', () => {
  it('are waited for until they add up to what the order says', async () => {
    bench.venue.onSend = (order) => {
      const placed = bench.venue.place(order);
      // 0.1 shows at once, 0.15 after 20 s.
      bench.venue.trade(placed, '0.1');
      bench.venue.trade(placed, '0.15', START + 20_000);
      bench.venue.amend(placed.orderId, { status: 'filled', filled: '0.25' });
      return { kind: 'acknowledged', order: { ...placed, status: 'filled', filled: '0.25' } };
    };
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(bench.seconds).toBeGreaterThanOrEqual(20);
    expect([...bench.ledger.fills.values()].map(({ quantity }) => quantity)).toEqual(['0.1', '0.15']);
  });

  it('are asked for again when the venue gives no answer', async () => {
    bench.venue.fail('fillsOfOrder', 5);
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(bench.venue.reads.filter((read) => read === 'fillsOfOrder')).toHaveLength(6);
  });

  it('are not asked for where nothing filled', async () => {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.fill(bench.venue.place(order), '0') });
    await run();
    expect(bench.venue.reads).not.toContain('fillsOfOrder');
  });

  it('may exceed what a stale answer said of the order: it is asked for again', async () => {
    bench.venue.onSend = (order) => {
      const placed = bench.venue.place(order);
      const ended = bench.venue.fill(placed, '0.2');
      // The answer was formed when 0.1 had traded.
      return { kind: 'acknowledged', order: { ...ended, filled: '0.1' } };
    };
    await expect(run()).resolves.toMatchObject({ result: 'partially-filled', totalFilled: '0.2' });
    expect(bench.logged).toContain('the fills of an order exceed what the order says it filled');
  });

  it('are stored once, however often they are read', async () => {
    bench.venue.onSend = (order) => {
      bench.venue.fill(bench.venue.place(order), '0.25');
      throw new Error('killed');
    };
    await expect(run()).rejects.toThrow('killed');
    const end = bench.ledger.endIntent.bind(bench.ledger);
    bench.ledger.endIntent = async (...args) => {
      await end(...args);
      throw new Error('connection lost after the commit');
    };
    await expect(run()).rejects.toThrow('connection lost');
    bench.ledger.endIntent = end;
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(bench.ledger.fills.size).toBe(1);
    expect(bench.venue.traded(FIRST_ID)).toHaveLength(1);
  });
});
