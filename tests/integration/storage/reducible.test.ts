import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrderLedger } from '../../../adapters/ports/order-ledger.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createVenueLimitsBoard } from '../../../adapters/storage/venue-limits.ts';
import { insertSession } from './session-row.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

let storage: Storage;
let ledger: OrderLedger;
beforeAll(async () => {
  storage = await openStorage();
  ledger = createOrderLedger(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  for (const id of ['s1', 's2']) {
    await insertSession(storage.database, id, { symbols: ['BTC/USDT'], timeframe: '15m', firstCandle: START });
    await books(id, 0.7999999999999999, '0.00000392');
  }
});

/** What the last step of a session left: units as the books' floats have them. */
const books = (id: string, units: number, dust: string) =>
  storage.database.query('update sessions set books = $2 where id = $1', [
    id,
    JSON.stringify({ positions: [{ symbol: 'BTC/USDT', units }], dust: { 'BTC/USDT': dust } }),
  ]);

/** An order of a session, with what its books have taken in of its trades. */
async function order(session: string, id: string, given: { side?: 'buy' | 'sell'; taken?: string; state?: string }) {
  const { side = 'sell', taken = '0', state = 'open' } = given;
  await createExecutionStore(storage.database).accept(executionOf(id, { algo: 'single', side }), null);
  await storage.database.query(
    `insert into session_orders (session_id, number, version, execution_id, wanted, taken, state, ended_at)
     values ($1, (select count(*) + 1 from session_orders), 1, $2, '{}', $3, $4::text, case when $4 = 'ended' then now() end)`,
    [session, id, taken, state],
  );
}

const send = (id: string, quantity: string, side: 'buy' | 'sell' = 'sell') =>
  ledger.orderTransaction('sim', async (transaction) => {
    const reserve = side === 'sell' ? { asset: 'BTC', amount: quantity } : { asset: 'USDT', amount: '1' };
    await transaction.recordDecision(decisionOf(keyOf(id)));
    await transaction.insertIntent(intentOf(keyOf(id), { side, quantity, reserve }));
  });
const trade = async (id: string, tradeId: string, quantity: string) =>
  ledger.addLateFills((await ledger.findIntent(keyOf(id)))!, [fillOf(tradeId, quantity, { side: 'sell' })]);
const reducible = (id: string) => ledger.orderTransaction('sim', (transaction) => transaction.reducible(id));

describe('what sells of a session may take back', () => {
  it('is what its books hold, dust included, to the digit', async () => {
    await order('s1', 'exit', {});
    await expect(reducible('exit')).resolves.toBe('0.80000392');
  });

  it('is not known of an execution of nobody, nor before the books are', async () => {
    await createExecutionStore(storage.database).accept(executionOf('hand', { side: 'sell' }), null);
    await expect(reducible('hand')).resolves.toBeNull();
    await order('s1', 'exit', {});
    await storage.database.query('update sessions set books = null');
    await expect(reducible('exit')).resolves.toBeNull();
  });

  it('is less by what other sells of it may still sell, and not by those of another session', async () => {
    await order('s1', 'exit', {});
    await order('s1', 'stop', {});
    await order('s2', 'other', {});
    await send('other', '0.8');
    await send('stop', '0.5');
    await expect(reducible('exit')).resolves.toBe('0.30000392');
    // Of its trades the books know nothing yet: sold is sold.
    await trade('stop', '1', '0.2');
    await expect(reducible('exit')).resolves.toBe('0.30000392');
    await ledger.endIntent(keyOf('stop'), {
      state: 'cancelled',
      venueOrderId: '77',
      fills: [],
      problem: null,
    });
    await expect(reducible('exit')).resolves.toBe('0.60000392');
    // The step that takes them in writes both.
    await books('s1', 0.6, '0.00000392');
    await storage.database.query(
      "update session_orders set taken = 0.2, state = 'ended', ended_at = now() where execution_id = 'stop'",
    );
    await expect(reducible('exit')).resolves.toBe('0.60000392');
    // One that was found after its end.
    await trade('stop', '2', '0.1');
    await expect(reducible('exit')).resolves.toBe('0.50000392');
  });

  it('has at once what a person has put right, and once only', async () => {
    await order('s1', 'exit', {});
    // Booked, not booked yet, of another symbol, of another session.
    for (const [session, seq, symbol, quantity] of [
      ['s1', 7, 'BTC/USDT', '5'],
      ['s1', 8, 'BTC/USDT', '-0.5'],
      ['s1', 9, 'ETH/USDT', '-0.1'],
      ['s2', 8, 'BTC/USDT', '-0.1'],
    ] as const) {
      await storage.database.query('insert into session_journal (session_id, seq, event) values ($1, $2, $3)', [
        session,
        seq,
        JSON.stringify({ kind: 'adjusted', symbol, quantity, price: '60000', reason: 'looked' }),
      ]);
    }
    const told = (at: object) =>
      storage.database.query("update sessions set seq = 9, books = books || $1 where id = 's1'", [JSON.stringify(at)]);
    // Books without a print have all.
    await told({});
    await expect(reducible('exit')).resolves.toBe('0.80000392');
    await told({ fold: { seq: 7 } });
    await expect(reducible('exit')).resolves.toBe('0.30000392');
    await told({ bookedUpTo: 8 });
    await expect(reducible('exit')).resolves.toBe('0.80000392');
  });

  it('is nothing, and never less', async () => {
    await order('s1', 'exit', {});
    await order('s1', 'stop', {});
    await send('stop', '5');
    await expect(reducible('exit')).resolves.toBe('0');
  });
});

describe('the open notional of an account', () => {
  it('has buys of sessions in it, and sells by hand, and not the sells of sessions', async () => {
    const open = () => ledger.orderTransaction('sim', async (each) => (await each.gateFacts(START, 0)).openNotional);
    await order('s1', 'stop', {});
    await send('stop', '0.5');
    await expect(open()).resolves.toEqual({});
    await createExecutionStore(storage.database).accept(executionOf('hand', { side: 'sell' }), null);
    await send('hand', '0.1');
    await order('s1', 'entry', { side: 'buy' });
    await send('entry', '0.2', 'buy');
    // (0.1 + 0.2) * 60061
    await expect(open()).resolves.toEqual({ USDT: '18018.3' });
    // As it is shown. All three count as orders.
    await storage.database.query("insert into venues (id, exchange, label) values ('sim', 'binance', 'paper')");
    await expect(createVenueLimitsBoard(storage.database).listLimits(START)).resolves.toMatchObject([
      { venue: 'sim', openNotional: { USDT: '18018.3' }, ordersLast10s: 3 },
    ]);
  });
});
