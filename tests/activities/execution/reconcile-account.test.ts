import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import { reconcileAccount } from '../../../activities/execution/reconcile-account.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import { Bench, firstChild } from '../fakes/bench.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const reconcile = () => reconcileAccount(bench.deps(), ['BTC/USDT']);

/** A process that dies in the send, after the venue has made this of the order. */
async function dieInSend(arrive: (order: OrderRequest) => void): Promise<void> {
  bench.venue.onSend = (order) => {
    arrive(order);
    throw new Error('killed');
  };
  await expect(executeChild(bench.deps(), firstChild)).rejects.toThrow('killed');
}

describe('the reconciliation at the start', () => {
  it('finds nothing to do where all is settled', async () => {
    await executeChild(bench.deps(), firstChild);
    await expect(reconcile()).resolves.toEqual({ settled: 0, unsettled: 0, lateFills: 0, foreignOrders: 0 });
  });

  it('settles an order that was left, with its fills', async () => {
    await dieInSend((order) => bench.venue.fill(bench.venue.place(order), '0.1'));
    await expect(reconcile()).resolves.toMatchObject({ settled: 1, unsettled: 0, lateFills: 0 });
    expect(bench.ledger.all).toMatchObject([{ state: 'partially-filled', filled: '0.1' }]);
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('settles an order that never arrived as not placed, and sends it not', async () => {
    await dieInSend(() => undefined);
    await expect(reconcile()).resolves.toMatchObject({ settled: 1 });
    expect(bench.ledger.all).toMatchObject([{ state: 'not-placed' }]);
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('opens the account although one order cannot be settled', async () => {
    bench.venue.hasOrderDeadline = false;
    await dieInSend(() => undefined);
    await expect(reconcile()).resolves.toMatchObject({ settled: 0, unsettled: 1 });
    // 1 + 1 + 2 s and 15 s of patience.
    expect(bench.seconds).toBeLessThanOrEqual(19);
    expect(bench.ledger.all).toMatchObject([{ state: 'sending' }]);
  });

  it('stores a trade that came to light after its order had ended, once', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.trade({ orderId: '1', symbol: 'BTC/USDT', side: 'buy', price: '60061' }, '0.01');
    await expect(reconcile()).resolves.toMatchObject({ lateFills: 1 });
    await expect(reconcile()).resolves.toMatchObject({ lateFills: 0 });
    expect(bench.ledger.all).toMatchObject([{ filled: '0.26' }]);
  });

  it('looks an hour back for trades', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.trade({ orderId: '1', symbol: 'BTC/USDT', side: 'buy', price: '60061' }, '0.01');
    bench.clock.advance(3_600_001);
    await expect(reconcile()).resolves.toMatchObject({ lateFills: 0 });
  });

  it('reports what is not ours, and touches neither it nor its trades', async () => {
    const foreign: OrderRequest = {
      symbol: 'BTC/USDT',
      side: 'sell',
      type: 'limit',
      timeInForce: 'GTC',
      price: '70000',
      quantity: '1',
      clientOrderId: 'by-hand',
    };
    bench.venue.trade(bench.venue.place(foreign), '0.5');
    await expect(reconcile()).resolves.toEqual({ settled: 0, unsettled: 0, lateFills: 0, foreignOrders: 1 });
    expect(bench.ledger.fills.size).toBe(0);
    expect(bench.venue.reads).not.toContain('cancel');
    expect(bench.logged).toContain('an open order is none of ours');
  });

  it('fails when the venue cannot be read: an account that is not reconciled must not trade', async () => {
    bench.venue.fail('fillsSince', 1);
    await expect(reconcile()).rejects.toThrow('fillsSince gave no answer');
  });
});
