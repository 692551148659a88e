import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import { beginRest } from '../../../activities/execution/resting-orders.ts';
import type { ChildCommand } from '../../../domain/execution/commands.ts';
import { Bench, firstChild, plan, START } from '../fakes/bench.ts';
import { MemoryStore } from '../fakes/memory-store.ts';

let bench: Bench;
let store: MemoryStore;
beforeEach(() => {
  bench = new Bench();
  store = new MemoryStore();
  store.record = { ...store.record, status: 'running' };
  // It rests until somebody cancels it.
  bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
});

/** The first slice at the touch, to cross after 9 s of its 15. */
const atTheTouch: ChildCommand = { ...firstChild, role: 'maker', notAfter: START + 9_000 };
const run = (given: Partial<ChildCommand> = {}) => executeChild(bench.deps({ store }), { ...atTheTouch, ...given });
/** The order that waits at the touch trades 0.1 of its 0.25 BTC. */
function tradeTenth(): void {
  bench.venue.amend('1', { filled: '0.1' });
  bench.venue.trade({ orderId: '1', symbol: 'BTC/USDT', side: 'buy', price: '59999' }, '0.1');
}
const cancels = () => bench.venue.reads.filter((read) => read === 'cancel').length;

describe('a child that waits at the touch', () => {
  it('is sent post-only at the best bid, and is written down as such before', async () => {
    await run();
    expect(bench.venue.sent.map(({ order }) => order)).toMatchObject([
      { type: 'limit', timeInForce: 'GTC', postOnly: true, price: '59999', quantity: '0.25' },
    ]);
    expect(bench.ledger.all).toMatchObject([{ mode: 'post-only', price: '59999' }]);
  });

  it('is cancelled when its time is over, and ends with what it has traded by then', async () => {
    bench.onWait = () => {
      if (bench.seconds < 4 || bench.venue.traded(bench.ledger.all[0]!.clientOrderId).length > 0) return;
      tradeTenth();
    };
    await expect(run()).resolves.toMatchObject({ result: 'partially-filled', totalFilled: '0.1' });
    expect(cancels()).toBe(1);
    // Not before its time, and not a long pause after it.
    expect(bench.seconds).toBeGreaterThan(9);
    expect(bench.seconds).toBeLessThan(9.01);
    expect(bench.ledger.all).toMatchObject([{ state: 'partially-filled' }]);
  });

  it('has its trades stored while it waits, whether or not a stream tells them, and once', async () => {
    let stored = Number.NaN;
    bench.onWait = () => {
      if (bench.seconds < 4) return;
      if (bench.venue.traded(bench.ledger.all[0]!.clientOrderId).length === 0) {
        tradeTenth();
      }
      if (bench.ledger.all[0]!.filled !== '0.1' || !Number.isNaN(stored)) return;
      stored = bench.seconds;
      expect(bench.ledger.all[0]!.state).toBe('working');
    };
    await expect(run()).resolves.toMatchObject({ result: 'partially-filled', totalFilled: '0.1' });
    // It is looked up every two seconds.
    expect(stored).toBeLessThanOrEqual(8);
    expect(bench.ledger.fills.size).toBe(1);
    // Once for what has traded, and once at the end: not at each look.
    expect(bench.venue.reads.filter((read) => read === 'fillsOfOrder')).toHaveLength(2);
  });

  it('is looked up on when the venue does not tell its trades while it waits', async () => {
    bench.onWait = () => {
      if (bench.seconds < 4 || bench.venue.traded(bench.ledger.all[0]!.clientOrderId).length > 0) return;
      tradeTenth();
      bench.venue.fail('fillsOfOrder', 1);
    };
    await expect(run()).resolves.toMatchObject({ result: 'partially-filled', totalFilled: '0.1' });
    expect(bench.ledger.fills.size).toBe(1);
  });

  it('is not cancelled while it may wait', async () => {
    bench.onWait = () => {
      if (bench.seconds < 9) expect(cancels()).toBe(0);
    };
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
  });

  it('is taken back within half a second once it is wanted back', async () => {
    let asked = Number.NaN;
    bench.onWait = () => {
      if (bench.seconds < 3 || store.withdrawn > 0) return;
      store.withdrawn = 1;
      asked = bench.seconds;
    };
    await expect(run()).resolves.toMatchObject({ result: 'expired', totalFilled: '0' });
    expect(cancels()).toBe(1);
    expect(bench.seconds - asked).toBeLessThanOrEqual(0.5);
    expect(bench.seconds).toBeLessThan(9);
  });

  it('is taken back within half a second of a halt that covers it, and of no other', async () => {
    let halted = Number.NaN;
    bench.onWait = () => {
      if (bench.seconds < 2) return;
      store.halted = ['sim|ETH/USDT', 'other|BTC/USDT'];
      if (bench.seconds < 5) return expect(cancels()).toBe(0);
      if (Number.isNaN(halted)) halted = bench.seconds;
      store.halted = ['sim|BTC/USDT'];
    };
    await expect(run()).resolves.toMatchObject({ result: 'expired', totalFilled: '0' });
    expect(cancels()).toBe(1);
    expect(bench.seconds - halted).toBeLessThanOrEqual(0.5);
    expect(bench.seconds).toBeLessThan(9);
  });

  it('is taken back once its execution has ended', async () => {
    bench.onWait = () => {
      if (bench.seconds >= 3) store.record = { ...store.record, status: 'failed' };
    };
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(cancels()).toBe(1);
    expect(bench.seconds).toBeLessThan(6);
  });

  it('keeps no worker that is told to stop: the order stays, and the next attempt takes it off in time', async () => {
    const stopping = bench.deps({ store, rest: () => Promise.reject(new Error('told to stop')) });
    await expect(executeChild(stopping, atTheTouch)).rejects.toThrow('told to stop');
    expect(bench.seconds).toBe(0);
    expect([cancels(), bench.ledger.all[0]!.state]).toEqual([0, 'working']);
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.venue.sent).toHaveLength(1);
    expect(bench.seconds).toBeGreaterThan(9);
  });

  it('stays when an earlier child was wanted back', async () => {
    store.withdrawn = 1;
    const second = { child: 2, slice: 2, target: '0.5', previousTarget: '0.25' };
    bench.onWait = () => {
      if (bench.seconds < 9) expect(cancels()).toBe(0);
    };
    await run(second);
    expect(bench.seconds).toBeGreaterThan(9);
  });

  it('is looked up and not sent again by the attempt after a crash, which cancels it when its time is over', async () => {
    const send = bench.venue.send.bind(bench.venue);
    bench.venue.send = async (order, at) => {
      await send(order, at);
      throw new Error('killed');
    };
    await expect(run()).rejects.toThrow('killed');
    bench.venue.send = send;
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.venue.sent).toHaveLength(1);
    expect(cancels()).toBe(1);
  });

  it('that the venue refuses because it would take may be tried otherwise', async () => {
    bench.venue.onSend = () => ({ kind: 'refused', code: '-2010', message: 'would take', retry: 'later' });
    await expect(run()).resolves.toMatchObject({ result: 'refused', retryable: true });
  });

  it('is none at a venue without such orders', async () => {
    bench.venue.hasPostOnly = false;
    await expect(run()).resolves.toMatchObject({ result: 'carried', problem: { code: 'NO_POST_ONLY' } });
    expect(bench.venue.sent).toEqual([]);
  });
});

describe('a child that waits beside many others', () => {
  const looks = () => bench.venue.reads.filter((read) => read === 'findByClientOrderId').length;
  /** So many orders of the account wait as well. */
  const others = (count: number) => Array.from({ length: count }, () => beginRest(bench.venue, null));

  it('is looked up five times a second shared by all of them', async () => {
    const hour = { notAfter: START + 3_600_000 };
    others(99);
    await expect(run(hour)).resolves.toMatchObject({ result: 'expired' });
    // 100 of them at five a second: each every 20 s, 180 in an hour, and once after the cancel.
    expect(looks()).toBeGreaterThan(170);
    expect(looks()).toBeLessThanOrEqual(181);
  });

  it('is looked up every two seconds when it is alone, and counts no longer once it has ended', async () => {
    for (const other of others(99)) other.end();
    await run();
    // At 0.4, 1 and 2 s, then at 4, 6 and 8 s, and after the cancel.
    expect(looks()).toBe(7);
    await expect(run({ child: 2, attempt: 1, slice: 2, notAfter: bench.clock.now() + 9_000 })).resolves.toMatchObject({
      result: 'expired',
    });
    expect(looks()).toBe(14);
  });

  it('is looked up at once when a stream has shown that it traded', async () => {
    others(99);
    let traded = Number.NaN;
    bench.onWait = () => {
      if (bench.seconds < 3 || !Number.isNaN(traded)) return;
      const intent = bench.ledger.all[0]!;
      const order = { orderId: '1', symbol: 'BTC/USDT', side: 'buy', price: '59999' } as const;
      bench.venue.amend('1', { filled: '0.25', status: 'filled' });
      void bench.ledger.addLateFills(intent, [bench.venue.trade(order, '0.25')]);
      traded = bench.seconds;
    };
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(bench.seconds - traded).toBeLessThanOrEqual(2);
    expect(cancels()).toBe(0);
  });

  it('is taken back as soon as without them', async () => {
    others(199);
    bench.onWait = () => {
      if (bench.seconds >= 3) store.withdrawn = 1;
    };
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.seconds).toBeLessThan(6);
  });
});

describe('a child that rests at a price of its own', () => {
  const DAY_MS = 86_400_000;
  const single = {
    ...plan,
    algo: 'single',
    side: 'sell',
    quantity: '0.25',
    endAt: START + 400 * DAY_MS,
    params: { kind: 'stop', stopPrice: '50000', aggressionBps: 50, stopSlippageBps: 50, reduceOnly: 0 },
  } as const;
  const stop: ChildCommand = {
    ...firstChild,
    plan: single,
    role: 'resting',
    finalTarget: '0.25',
    notAfter: single.endAt,
  };
  const looks = () => bench.venue.reads.filter((read) => read === 'findByClientOrderId').length;

  it('is sent with its trigger, far from the market, and is written down as such before', async () => {
    bench.onWait = () => void (store.withdrawn = 1);
    await run(stop);
    expect(bench.venue.sent.map(({ order }) => order)).toMatchObject([
      { side: 'sell', timeInForce: 'GTC', stopPrice: '50000', price: '49750', quantity: '0.25' },
    ]);
    expect(bench.ledger.all).toMatchObject([{ mode: 'stop', stopPrice: '50000', price: '49750' }]);
  });

  it('rests as a limit order that may take, when it is one', async () => {
    bench.onWait = () => void (store.withdrawn = 1);
    await run({ ...stop, plan: { ...single, limit: '70000', params: { ...single.params, kind: 'limit' } } });
    expect(bench.ledger.all).toMatchObject([{ mode: 'rest', stopPrice: null, price: '70000' }]);
    expect(bench.venue.sent[0]!.order).not.toHaveProperty('postOnly', true);
  });

  it('is looked up every half a minute while no stream tells anything of it', async () => {
    bench.onWait = () => {
      if (bench.seconds >= 600) store.withdrawn = 1;
    };
    await expect(run(stop)).resolves.toMatchObject({ result: 'expired', problem: null });
    // 600 s, a look each 30 to 32 s, and once after the cancel.
    expect(looks()).toBeGreaterThanOrEqual(18);
    expect(looks()).toBeLessThanOrEqual(21);
    expect(cancels()).toBe(1);
  });

  it('ends within half a second of a fill that a stream has shown', async () => {
    let traded = Number.NaN;
    bench.onWait = () => {
      if (bench.seconds < 100 || !Number.isNaN(traded)) return;
      const order = { orderId: '1', symbol: 'BTC/USDT', side: 'sell', price: '49900' } as const;
      bench.venue.amend('1', { filled: '0.25', status: 'filled' });
      void bench.ledger.addLateFills(bench.ledger.all[0]!, [bench.venue.trade(order, '0.25')]);
      traded = bench.seconds;
    };
    await expect(run(stop)).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(bench.seconds - traded).toBeLessThanOrEqual(0.5);
    expect(cancels()).toBe(0);
  });

  it('that the venue refuses for good says so with the code of the venue', async () => {
    bench.venue.onSend = () => ({ kind: 'refused', code: 'TRIGGER_PASSED', message: 'would trigger', retry: 'never' });
    await expect(run(stop)).resolves.toMatchObject({
      result: 'refused',
      retryable: false,
      problem: { code: 'TRIGGER_PASSED', detail: 'would trigger' },
    });
  });

  it('is none at a venue without stops', async () => {
    bench.venue.hasStopOrders = false;
    await expect(run(stop)).resolves.toMatchObject({ result: 'carried', problem: { code: 'NO_STOP_ORDERS' } });
    expect(bench.venue.sent).toEqual([]);
  });
});

describe('a child of an execution that was amended meanwhile', () => {
  it('is not sent, and says so', async () => {
    bench.ledger.amendment = 1;
    await expect(executeChild(bench.deps(), firstChild)).resolves.toMatchObject({
      result: 'carried',
      totalFilled: '0',
      problem: { code: 'AMENDED' },
    });
    expect(bench.venue.sent).toEqual([]);
    expect(bench.ledger.decisions.get('e1|1|1')).toMatchObject({ action: 'carry', reason: 'AMENDED', slice: 1 });
  });

  it('that was written down before is brought to its end as it is', async () => {
    const send = bench.venue.send.bind(bench.venue);
    bench.venue.onSend = bench.venue.fillWhole;
    bench.venue.send = async (order, at) => {
      await send(order, at);
      throw new Error('killed');
    };
    await expect(executeChild(bench.deps(), firstChild)).rejects.toThrow('killed');
    bench.ledger.amendment = 1;
    await expect(executeChild(bench.deps(), firstChild)).resolves.toMatchObject({
      result: 'filled',
      totalFilled: '0.25',
    });
  });

  it('goes when it is decided on the amended plan', async () => {
    bench.ledger.amendment = 1;
    bench.venue.onSend = bench.venue.fillWhole;
    await expect(executeChild(bench.deps(), { ...firstChild, amendment: 1 })).resolves.toMatchObject({
      result: 'filled',
    });
  });
});
