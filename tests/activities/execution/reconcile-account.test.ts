import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import { reconcileAccount } from '../../../activities/execution/reconcile-account.ts';
import type { ReconciliationFindings } from '../../../domain/execution/janitor.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import { NOTHING_FOUND } from '../../helpers/sample-findings.ts';
import { Bench, FIRST_ID, firstChild } from '../fakes/bench.ts';
import { MemoryReconciliations } from '../fakes/memory-reconciliations.ts';
import { MemoryStore } from '../fakes/memory-store.ts';
import { btc } from '../fakes/scripted-venue.ts';

const MINUTE = 60_000;
const eth: Instrument = { ...btc, symbol: 'ETH/BTC', base: 'ETH', quote: 'BTC' };

let bench: Bench;
let records: MemoryReconciliations;
let store: MemoryStore;
beforeEach(() => {
  bench = new Bench();
  records = new MemoryReconciliations(bench.ledger, bench.clock);
  store = new MemoryStore();
  store.record = { ...store.record, status: 'running' };
});

const reconcile = (cause: 'start' | 'janitor' = 'start', listed: readonly Instrument[] = [btc]) =>
  reconcileAccount(
    { ...bench.deps({ store }), reconciliations: records, intake: records, instruments: () => listed },
    cause,
  );

/** A process that dies in the send, after the venue has made this of the order. */
async function dieInSend(arrive: (order: OrderRequest) => void): Promise<void> {
  bench.venue.onSend = (order) => {
    arrive(order);
    throw new Error('killed');
  };
  await expect(executeChild(bench.deps(), firstChild)).rejects.toThrow('killed');
}

const findings = (given: Partial<ReconciliationFindings>) => ({ findings: { ...NOTHING_FOUND, ...given } });
const ours = { orderId: '1', symbol: 'BTC/USDT', side: 'buy', price: '60061' } as const;
const byHand: OrderRequest = {
  symbol: 'BTC/USDT',
  side: 'sell',
  type: 'limit',
  timeInForce: 'GTC',
  price: '70000',
  quantity: '1',
  clientOrderId: 'by-hand',
};

/** What the venue says that the account holds. */
function hold(USDT: string, BTC: string): void {
  bench.venue.free = [
    { asset: 'USDT', free: USDT, locked: '0' },
    { asset: 'BTC', free: BTC, locked: '0' },
  ];
}

describe('orders that a dead process left', () => {
  it('are none where all is settled', async () => {
    await executeChild(bench.deps(), firstChild);
    await expect(reconcile()).resolves.toMatchObject(findings({}));
  });

  it('are brought to their end, with their fills', async () => {
    await dieInSend((order) => bench.venue.fill(bench.venue.place(order), '0.1'));
    await expect(reconcile()).resolves.toMatchObject(findings({ settled: 1 }));
    expect(bench.ledger.all).toMatchObject([{ state: 'partially-filled', filled: '0.1' }]);
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('that never arrived are closed as not placed, and not sent', async () => {
    await dieInSend(() => undefined);
    await expect(reconcile()).resolves.toMatchObject(findings({ settled: 1 }));
    expect(bench.ledger.all).toMatchObject([{ state: 'not-placed' }]);
    expect(bench.venue.sent).toHaveLength(1);
  });

  it('keep no account closed when one of them cannot be settled', async () => {
    bench.venue.hasOrderDeadline = false;
    await dieInSend(() => undefined);
    await expect(reconcile()).resolves.toMatchObject(findings({ unsettled: 1 }));
    // 1 + 1 + 2 s and 15 s of patience.
    expect(bench.seconds).toBeLessThanOrEqual(19);
    expect(bench.ledger.all).toMatchObject([{ state: 'sending' }]);
  });

  it('that no look-up will ever settle delay no start for long', async () => {
    bench.venue.hasOrderDeadline = false;
    await dieInSend(() => undefined);
    bench.clock.advance(60 * MINUTE);
    const before = bench.clock.now();
    await expect(reconcile()).resolves.toMatchObject(findings({ unsettled: 1 }));
    expect(bench.clock.now() - before).toBeLessThanOrEqual(2_000);
  });

  it('are left to their executions by the janitor, until they are overdue', async () => {
    await dieInSend((order) => bench.venue.fill(bench.venue.place(order), '0.1'));
    // Its time is over at 15 s; 1 + 1 + 2 s for a conclusive answer and a minute more are its execution's.
    bench.clock.advance(79_000);
    await expect(reconcile('janitor')).resolves.toMatchObject(findings({ fills: 1 }));
    expect(bench.ledger.all).toMatchObject([{ state: 'working', filled: '0.1' }]);
    bench.clock.advance(1_001);
    await expect(reconcile('janitor')).resolves.toMatchObject(findings({ settled: 1 }));
    expect(bench.ledger.all).toMatchObject([{ state: 'partially-filled', filled: '0.1' }]);
  });

  it('fail the reconciliation when the venue cannot be read: an account that is not reconciled must not trade', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.fail('fillsSince', 1);
    await expect(reconcile()).rejects.toThrow('fillsSince gave no answer');
    expect(records.runs).toEqual([]);
  });
});

describe('orders that wait at the touch', () => {
  /** A process that dies while its order waits, which it may for an hour. */
  async function dieAtTheTouch(): Promise<void> {
    bench.venue.onSend = (order) => ({ kind: 'acknowledged', order: bench.venue.place(order) });
    const dying = bench.deps({ store, rest: () => Promise.reject(new Error('killed')) });
    const child = { ...firstChild, role: 'maker', notAfter: firstChild.dueAt + 60 * MINUTE } as const;
    await expect(executeChild(dying, child)).rejects.toThrow('killed');
  }

  it('keep no account closed at a start: their executions go on with them', async () => {
    await dieAtTheTouch();
    await expect(reconcile('start')).resolves.toMatchObject(findings({}));
    expect([bench.waits, bench.venue.reads.includes('cancel')]).toEqual([[], false]);
    expect(bench.ledger.all).toMatchObject([{ state: 'working' }]);
  });

  it('are settled at a start once their time has passed', async () => {
    await dieAtTheTouch();
    bench.clock.advance(60 * MINUTE + 1);
    await expect(reconcile('start')).resolves.toMatchObject(findings({ settled: 1 }));
    expect(bench.ledger.all).toMatchObject([{ state: 'cancelled' }]);
  });

  it.each(['start', 'janitor'] as const)(
    'are taken off the book at once when their execution has ended, however long they might rest (%s)',
    async (cause) => {
      await dieAtTheTouch();
      bench.venue.amend('1', { filled: '0.1' });
      bench.venue.trade({ ...ours, price: '59999' }, '0.1');
      store.record = { ...store.record, status: 'failed' };
      await expect(reconcile(cause)).resolves.toMatchObject(findings({ settled: 1 }));
      await expect(bench.venue.openOrders()).resolves.toEqual([]);
      expect(bench.ledger.all).toMatchObject([{ state: 'partially-filled', filled: '0.1' }]);
      // The pauses between looks at the balances, and nothing for the order.
      expect(bench.seconds).toBe(2);
    },
  );

  it('are left alone by the janitor while their executions run', async () => {
    await dieAtTheTouch();
    await expect(reconcile('janitor')).resolves.toMatchObject(findings({}));
    await expect(bench.venue.openOrders()).resolves.toHaveLength(1);
  });
});

describe('orders that had ended', () => {
  it('are given a trade that comes to light later, once', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.trade(ours, '0.01');
    await expect(reconcile()).resolves.toMatchObject(findings({ lateFills: 1 }));
    await expect(reconcile()).resolves.toMatchObject(findings({}));
    expect(bench.ledger.all).toMatchObject([{ filled: '0.26' }]);
  });

  it('are compared an hour back at a start, and as far as no run has looked', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.trade(ours, '0.01');
    bench.clock.advance(60 * MINUTE + 1);
    await expect(reconcile()).resolves.toMatchObject(findings({}));
    // Down for two hours: the next one looks back over all of them.
    bench.venue.trade(ours, '0.02');
    bench.clock.advance(120 * MINUTE);
    await expect(reconcile()).resolves.toMatchObject(findings({ lateFills: 1 }));
  });

  it('are compared ten minutes back by most runs of the janitor, and an hour back by one in ten minutes', async () => {
    await executeChild(bench.deps(), firstChild);
    for (let minute = 0; minute <= 10; minute += 1) {
      await reconcile('janitor');
      bench.clock.advance(MINUTE);
    }
    expect(records.runs.map(({ lookedBackMs }) => Math.round(lookedBackMs / MINUTE))).toEqual([
      60, 11, 11, 11, 11, 11, 11, 11, 11, 11, 60,
    ]);
  });

  it('as not placed, and that show up, are an alarm; they are taken off the book and what they traded is counted', async () => {
    await dieInSend(() => undefined);
    await reconcile();
    const order = bench.venue.place(bench.venue.sent[0]!.order);
    bench.venue.trade(order, '0.05');
    bench.venue.amend(order.orderId, { filled: '0.05' });
    const { findings: found } = await reconcile('janitor');
    expect(found.reappeared + found.orphansCancelled).toBeGreaterThan(0);
    expect(records.alarms).toEqual([`orphan ${FIRST_ID}`, `reappeared ${FIRST_ID}`]);
    expect(bench.venue.reads).toContain('cancel');
    expect(bench.ledger.all).toMatchObject([{ state: 'not-placed', filled: '0.05' }]);
    await reconcile('janitor');
    expect(records.alarms).toHaveLength(2);
    await expect(bench.venue.openOrders()).resolves.toEqual([]);
  });

  it('as not placed are asked about for a day', async () => {
    await dieInSend(() => undefined);
    await reconcile();
    bench.clock.advance(24 * 60 * MINUTE - 30_000);
    await reconcile();
    const asked = (): number => bench.venue.reads.filter((read) => read === 'findByClientOrderId').length;
    const before = asked();
    bench.clock.advance(30_000);
    await reconcile();
    expect(asked()).toBe(before);
    // The run before did ask.
    bench.clock.advance(-60_000);
    await reconcile();
    expect(asked()).toBe(before + 1);
  });

  it('and rest at the venue nevertheless are cancelled and accounted for', async () => {
    await executeChild(bench.deps(), firstChild);
    // The venue had said "filled" and shows the order open: its word has changed.
    bench.venue.amend('1', { status: 'open' });
    await expect(reconcile()).resolves.toMatchObject(findings({ orphansCancelled: 1 }));
    expect(records.alarms).toEqual([`orphan ${FIRST_ID}`]);
    await expect(bench.venue.openOrders()).resolves.toEqual([]);
  });
});

describe('an order that the venue will not cancel', () => {
  it('keeps no account closed: it is told, and the next run tries again', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.amend('1', { status: 'open' });
    bench.venue.fail('cancel', 5);
    await expect(reconcile()).resolves.toMatchObject(findings({ unsettled: 1 }));
    expect(bench.logged).toContain('the venue does not cancel an order of ours');
    await expect(bench.venue.openOrders()).resolves.toHaveLength(1);
    await expect(reconcile('janitor')).resolves.toMatchObject(findings({ orphansCancelled: 1 }));
    await expect(bench.venue.openOrders()).resolves.toEqual([]);
  });
});

describe('what somebody else does on the account', () => {
  it('is reported, kept as foreign, and never counted nor touched', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.trade(bench.venue.place(byHand), '0.5');
    await expect(reconcile()).resolves.toMatchObject(findings({ foreignOrders: 1, foreignTrades: 1 }));
    expect(records.foreignOrders).toMatchObject([{ clientOrderId: 'by-hand', price: '70000', quantity: '1' }]);
    expect([...records.foreign.values()]).toMatchObject([{ quantity: '0.5' }]);
    expect(bench.ledger.all).toMatchObject([{ filled: '0.25' }]);
    expect(bench.venue.reads).not.toContain('cancel');
    await expect(reconcile()).resolves.toMatchObject(findings({ foreignOrders: 1, foreignTrades: 0 }));
  });

  it('is looked at on a symbol that we have no orders on', async () => {
    bench.venue.trade(bench.venue.place(byHand), '0.5');
    await expect(reconcile()).resolves.toMatchObject(findings({ foreignOrders: 1, foreignTrades: 1 }));
  });

  it('is not decided while the venue does not show the order of a trade', async () => {
    await executeChild(bench.deps(), firstChild);
    bench.venue.trade({ ...ours, orderId: '99' }, '0.5');
    await expect(reconcile()).resolves.toMatchObject(findings({ unattributedTrades: 1 }));
    expect(records.foreign.size).toBe(0);
  });
});

describe('trades whose order the venue does not show', () => {
  it('that were kept as foreign without a client order id are asked about again, and are ours once the order shows', async () => {
    await dieInSend((order) => bench.venue.place(order));
    const fill = bench.venue.trade(ours, '0.1');
    bench.venue.amend('1', { filled: '0.1' });
    // A stream that named neither.
    await expect(records.acceptStreamFill('sim', fill, null, fill.orderId)).resolves.toBe('foreign');
    await expect(reconcile('janitor')).resolves.toMatchObject(findings({ fills: 1 }));
    expect(records.foreign.size).toBe(0);
    expect(bench.ledger.all).toMatchObject([{ state: 'working', filled: '0.1' }]);
  });

  it('are counted over all symbols, by the last look', async () => {
    await executeChild(bench.deps(), firstChild);
    // A person's order makes the second market one to look at; the trade of nobody is on the first.
    bench.venue.place({ ...byHand, symbol: 'ETH/BTC' });
    bench.venue.trade({ ...ours, orderId: '99' }, '0.5');
    bench.venue.fillsSince = async (symbol) => bench.venue.fillsOfOrder(symbol, symbol === btc.symbol ? '99' : 'none');
    await expect(reconcile('start', [btc, eth])).resolves.toMatchObject(
      findings({ unattributedTrades: 1, foreignOrders: 1 }),
    );
  });
});

describe('balances', () => {
  const unexplained = async (listed?: readonly Instrument[]) => (await reconcile('janitor', listed)).differences;

  /** A first run that takes the balances as they are: 1,000,000 USDT and 10 BTC. */
  async function firstRun(): Promise<void> {
    expect((await reconcile()).differences).toEqual({});
    expect(records.runs.at(-1)!.snapshot).toMatchObject({ balances: { USDT: '1000000', BTC: '10' } });
    bench.clock.advance(MINUTE);
  }

  it('are explained by our fills', async () => {
    await firstRun();
    await executeChild(bench.deps(), { ...firstChild, notAfter: firstChild.notAfter + 2 * MINUTE });
    bench.clock.advance(MINUTE);
    // 1,000,000 - 0.25 * 60,061 (the scripted venue fills at the limit) and 10 + 0.25
    hold('984984.75', '10.25');
    await expect(unexplained()).resolves.toEqual({});
    expect(bench.waits).toEqual([]);
  });

  it('are explained by foreign trades', async () => {
    await firstRun();
    bench.venue.trade(bench.venue.place(byHand), '0.5');
    bench.clock.advance(MINUTE);
    // 1,000,000 + 0.5 * 70,000
    hold('1035000', '9.5');
    await expect(unexplained()).resolves.toEqual({});
  });

  it('that nothing explains are reported once, by asset', async () => {
    await firstRun();
    hold('1000500', '7');
    await expect(unexplained()).resolves.toEqual({ USDT: '500', BTC: '-3' });
    // Three looks, a second apart.
    expect(bench.waits).toEqual([1_000, 1_000]);
    bench.clock.advance(MINUTE);
    await expect(unexplained()).resolves.toEqual({});
  });

  it('are explained by trades on a market that nobody watched', async () => {
    await firstRun();
    bench.venue.fill(bench.venue.place({ ...byHand, symbol: 'ETH/BTC', side: 'buy', price: '0.05' }), '1');
    bench.clock.advance(MINUTE);
    bench.venue.free = [
      { asset: 'USDT', free: '1000000', locked: '0' },
      { asset: 'BTC', free: '9.95', locked: '0' },
      { asset: 'ETH', free: '1', locked: '0' },
    ];
    await expect(unexplained([btc, eth])).resolves.toEqual({});
    expect([...records.foreign.values()]).toMatchObject([{ symbol: 'ETH/BTC' }]);
  });

  it('count what is locked in open orders', async () => {
    await firstRun();
    bench.venue.free = [
      { asset: 'USDT', free: '400000', locked: '600000' },
      { asset: 'BTC', free: '9', locked: '1' },
    ];
    await expect(unexplained()).resolves.toEqual({});
  });

  it('that do not stand still are compared by the next run', async () => {
    await firstRun();
    let reads = 0;
    bench.venue.onRead = (read) => {
      if (read === 'balances') hold(String(1_000_000 + (reads += 1)), '10');
    };
    await expect(unexplained()).resolves.toEqual({});
    expect(records.runs.at(-1)!.snapshot).toBeNull();
    bench.venue.onRead = () => undefined;
    await expect(unexplained()).resolves.toEqual({ USDT: '3' });
  });

  it('are not taken for a first time while it is unclear which trades they contain', async () => {
    bench.venue.trade(bench.venue.place(byHand), '0.5');
    bench.venue.onRead = (read) => {
      if (read === 'balances') bench.venue.trade({ ...ours, orderId: '1', side: 'sell' }, '0.01');
    };
    await reconcile();
    expect(records.runs.at(-1)!.snapshot).toBeNull();
  });
});
