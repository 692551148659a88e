import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import type { Read } from '../fakes/scripted-venue.ts';
import { Bench, FIRST_ID, firstChild, START } from '../fakes/bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const firstKey = { executionId: 'e1', child: 1, attempt: 1 };

const run = () => executeChild(bench.deps(), firstChild);

/** The send times out; `arrive` says what the venue makes of the order. */
const sendUnanswered = (arrive: (order: OrderRequest) => void = () => undefined): void => {
  bench.venue.onSend = (order) => {
    arrive(order);
    return { kind: 'unknown', reason: 'request timed out' };
  };
};

/** Nothing ever comes of it: gives up waiting after `rounds`. */
const giveUpAfter = (rounds: number): void => {
  bench.onWait = (nth) => {
    if (nth >= rounds) throw new Error('still waiting');
  };
};

describe('looking an order up', () => {
  it('asks quickly at first, then every 5 s', async () => {
    bench.venue.consistency = { recvWindowMs: 5_000, apiTimeoutMs: 10_000, marginMs: 30_000 };
    sendUnanswered();
    await run();
    expect(bench.waits.slice(0, 6)).toEqual([250, 500, 1_000, 2_000, 5_000, 5_000]);
    // 45 s must have passed; the looks after 3.75 s are 5 s apart: the first beyond is at 48.75 s.
    expect(bench.seconds).toBe(48.75);
  });

  it('asks the cheap question only until the receive window has passed', async () => {
    sendUnanswered();
    await run();
    // Looks at 0, 0.25, 0.75 within the window of 1 s; at 1.75, 3.75 and 8.75 beyond. The first pair that proves it is 1.75 and 8.75.
    const count = (read: Read) => bench.venue.reads.filter((each) => each === read).length;
    expect([count('findByClientOrderId'), count('openOrders'), count('ordersSince'), count('fillsSince')]).toEqual([
      6, 3, 3, 3,
    ]);
  });

  it('measures in the time of the venue, whose clock may be ahead', async () => {
    bench.venue.offsetMs = 60_000;
    sendUnanswered();
    await run();
    expect(bench.seconds).toBe(8.75);
  });

  // Each of the four questions can be the one that shows the order.
  it('adopts an order that only the open orders or the history show', async () => {
    sendUnanswered((order) => bench.venue.fill(bench.venue.place(order), order.quantity));
    const find = bench.venue.findByClientOrderId.bind(bench.venue);
    bench.venue.findByClientOrderId = async (...args) => {
      await find(...args);
      return null;
    };
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
  });

  it('concludes nothing while a trade belongs to no order that is shown: the history lags', async () => {
    sendUnanswered((order) => {
      // The trade shows at once, its order not before 30 s.
      bench.venue.fill(bench.venue.place(order, START + 30_000), order.quantity);
    });
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
    expect(bench.seconds).toBeGreaterThanOrEqual(30);
  });

  it('concludes nothing from looks that a jump of our clock had dated too late', async () => {
    sendUnanswered();
    bench.venue.measureClock = () => {
      bench.venue.measureClock = () => Promise.resolve(bench.venue.offsetMs);
      bench.venue.offsetMs = -10_000;
      return Promise.resolve(bench.venue.offsetMs);
    };
    await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
    // The venue's own 4 s after the send are over only 14 s later on our clock.
    expect(bench.seconds).toBeGreaterThan(14);
  });

  it('takes the trade of an older order, such as one placed by hand, for what it is', async () => {
    sendUnanswered((order) => {
      // A resting order from long before, which no list since our send shows, trades just now.
      const byHand = bench.venue.place({ ...order, clientOrderId: 'by-hand' });
      bench.venue.amend(byHand.orderId, { acceptedAt: START - 3_600_000 });
      bench.venue.fill(byHand, order.quantity);
    });
    await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
  });

  it('does not mistake a trade on the other side for its own', async () => {
    sendUnanswered((order) => {
      const other = { ...order, side: 'sell', clientOrderId: 'other' } as const;
      bench.venue.fill(bench.venue.place(other, START + 3_600_000), order.quantity);
    });
    await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
  });

  it('starts anew after a look-up that failed: the row of negatives is broken', async () => {
    // Looks that count come at 1.75, 3.75 and 8.75 s. The one at 3.75 fails, so that the row begins at 8.75 and 13.75 ends it.
    sendUnanswered();
    bench.venue.onRead = (read, nth) => {
      if (read === 'openOrders' && nth === 2) bench.venue.fail('openOrders', 1);
    };
    await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
    expect(bench.seconds).toBe(13.75);
  });

  it.each<Read>(['findByClientOrderId', 'openOrders', 'ordersSince', 'fillsSince'])(
    'proves nothing while %s gives no answer',
    async (read) => {
      sendUnanswered();
      bench.venue.fail(read, 20);
      await expect(run()).resolves.toMatchObject({ result: 'not-placed' });
      // More than 20 rounds, all but the first few 5 s apart.
      expect(bench.waits.length).toBeGreaterThan(20);
      expect(bench.logged).toContain('order look-up proves nothing');
    },
  );

  it('holds a slow answer for no newer than its question', async () => {
    // The order shows at 3.9 s, in the venue's own time of 4 s. It is asked for at 3.75 s and the answer comes at 4.25 s.
    sendUnanswered((order) =>
      bench.venue.fill(bench.venue.place(order, START + 3_900), order.quantity, { shownFrom: START + 3_900 }),
    );
    bench.venue.onRead = (read, nth) => {
      bench.venue.readMs.fillsSince = read === 'fillsSince' && nth === 2 ? 500 : 0;
    };
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.25' });
  });

  it('never concludes where a late order would still be taken', async () => {
    bench.venue.hasOrderDeadline = false;
    sendUnanswered();
    giveUpAfter(200);
    await expect(run()).rejects.toThrow('still waiting');
    // 200 rounds are more than a quarter of an hour, and the order may still come.
    expect(bench.seconds).toBeGreaterThan(900);
    expect(bench.ledger.all).toMatchObject([{ state: 'sending' }]);
    bench.onWait = () => undefined;
    bench.venue.place(bench.venue.sent[0]!.order);
    bench.venue.amend('1', { status: 'expired' });
    await expect(run()).resolves.toMatchObject({ result: 'expired' });
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('ends there once somebody has settled the order by hand', async () => {
    bench.venue.hasOrderDeadline = false;
    sendUnanswered();
    bench.onWait = (nth) => {
      if (nth !== 20) return;
      const problem = { code: 'SETTLED_BY_HAND', detail: 'not there' };
      void bench.ledger.endIntent(firstKey, { state: 'not-placed', venueOrderId: null, fills: [], problem });
    };
    await expect(run()).resolves.toMatchObject({ result: 'not-placed', problem: { code: 'SETTLED_BY_HAND' } });
    expect(bench.waits).toHaveLength(20);
    expect(bench.venue.sent).toHaveLength(1);
  });

  describe('of an order that was seen once', () => {
    it('never gives it up, however long the venue forgets it', async () => {
      bench.venue.onSend = (order) => {
        const placed = bench.venue.place(order);
        bench.venue.forget(START + 120_000);
        return { kind: 'acknowledged', order: placed };
      };
      bench.onWait = () => {
        if (bench.seconds >= 120) bench.venue.amend('1', { status: 'expired' });
      };
      await expect(run()).resolves.toMatchObject({ result: 'expired' });
      expect(bench.seconds).toBeGreaterThanOrEqual(120);
    });

    it('neither does an attempt that comes after a crash', async () => {
      bench.venue.onSend = (order) => {
        const placed = bench.venue.place(order);
        bench.venue.forget(START + 120_000);
        return { kind: 'acknowledged', order: placed };
      };
      giveUpAfter(1);
      await expect(run()).rejects.toThrow('still waiting');
      expect(bench.ledger.all).toMatchObject([{ state: 'working', venueOrderId: '1' }]);
      bench.onWait = () => {
        if (bench.seconds >= 120)
          bench.venue.fill({ ...bench.venue.place(bench.venue.sent[0]!.order), orderId: '1' }, '0');
      };
      await expect(run()).resolves.toMatchObject({ result: 'expired' });
      expect(bench.logged).toContain('the venue has forgotten an order that it had shown');
      expect(bench.venue.sent).toHaveLength(1);
      expect(bench.venue.holds(FIRST_ID)).toBe(true);
    });
  });
});
