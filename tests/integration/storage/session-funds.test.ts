import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { NewSession } from '../../../adapters/ports/session-store.ts';
import { createAccountFactsBoard } from '../../../adapters/storage/account-facts.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createSessionReader } from '../../../adapters/storage/session-reader.ts';
import { createSessionStore } from '../../../adapters/storage/session-store.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import { decisionOf, executionOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

const QUARTER = 900_000;

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  const steps = { tick: '0.01', lot: '0.00001', minQuantity: '0.00001', maxQuantity: null, minNotional: '5' };
  await createVenueDirectory(storage.database).saveVenue(
    { id: 'sim', exchange: 'binance', label: 'paper', marketTime: 'wall', assumptions: null },
    [{ symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', ...steps }],
  );
  // 19000 are free, and orders lock 1000.
  const balances = [{ asset: 'USDT', free: '19000', locked: '1000' }];
  await createAccountFactsBoard(storage.database).saveFacts('sim', { canTrade: true, canWithdraw: null, balances }, 0);
});

const accept = (id: string, capital: string, given: Partial<NewSession> = {}) => {
  const session: NewSession = {
    id,
    workflowId: `session/${id}`,
    owner: 'admin',
    spec: {
      name: id,
      venue: 'sim',
      symbols: ['BTC/USDT'],
      timeframe: '15m',
      strategy: { id: 'sma-cross', params: {} },
      sizing: { kind: 'units', value: 0.5 },
      capital,
      hours: { kind: 'always' },
      atClose: 'keep',
      catchUp: 'latest',
      maxBarAgeMs: QUARTER,
      orders: { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 },
    },
    strategyHash: null,
    base: { 'BTC/USDT': 'BTC' },
    quote: 'USDT',
    restsStops: true,
    startBar: START,
    firstCandle: START,
    ...given,
  };
  return createSessionStore(storage.database).accept(session, null);
};
const funds = (exceptFor: string | null = null) =>
  createSessionReader(storage.database).funds('sim', 'USDT', exceptFor);
const books = (id: string, cash: number) =>
  storage.database.query('update sessions set books = $2 where id = $1', [id, JSON.stringify({ cash })]);

/** An order of a session to buy 0.25 BTC at 60061: 15015.25 USDT. */
async function buys(session: string): Promise<void> {
  const execution = {
    ...executionOf('e1', { algo: 'single', quantity: '0.25', params: {} }),
    owner: `session/${session}`,
  };
  await createExecutionStore(storage.database).accept(execution, null);
  await createOrderLedger(storage.database).orderTransaction('sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(keyOf('e1')));
    await transaction.insertIntent(intentOf(keyOf('e1')));
  });
  await storage.database.query(
    `insert into session_orders (session_id, number, version, execution_id, wanted)
     values ($1, 1, 1, 'e1', '{"order": 1, "side": "buy"}')`,
    [session],
  );
}

it('what its strategy is made of is kept with a session, where that is more than one file', async () => {
  const strategyParts = [
    { name: './own.mjs', version: 'a'.repeat(64) },
    { name: 'averages', version: '1.0.0' },
  ];
  await accept('a', '1', { strategyHash: 'b'.repeat(64), strategyParts });
  await accept('b', '1');
  const store = createSessionStore(storage.database);
  expect(await store.find('a')).toMatchObject({ strategyHash: 'b'.repeat(64), strategyParts });
  expect(await store.find('b')).not.toHaveProperty('strategyParts');
});

it('two starts at once, from two processes, do not both take the same money', async () => {
  const kinds = (await Promise.all([accept('a', '12000'), accept('b', '12000')])).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['accepted', 'too-little']);
  expect((await accept('c', '7000.01')).kind).toBe('too-little');
  expect((await accept('d', '7000')).kind).toBe('accepted');
  expect(await funds()).toMatchObject({ usable: '19000', taken: '19000', sessions: 2 });
});

it('a session takes the cash of its books, not what it began with, and its own is not counted against it', async () => {
  await accept('a', '12000');
  await books('a', 3_000.5);
  expect(await funds()).toMatchObject({ usable: '19000', taken: '3000.5', sessions: 1 });
  expect(await funds('a')).toMatchObject({ taken: '0', sessions: 0 });
});

it('what a session has bought since the account was read is gone, though the balances still show it', async () => {
  await accept('a', '16000');
  await buys('a');
  await books('a', 975);
  const event = {
    kind: 'execution',
    order: 1,
    version: 1,
    quantity: '0.25',
    price: '60000',
    feeBase: '0',
    feeQuote: '25',
  };
  await storage.database.query(`insert into session_journal (session_id, seq, event) values ('a', 1, $1)`, [
    JSON.stringify(event),
  ]);
  // 975 of cash, and 0.25 * 60000 + 25 that were spent.
  expect(await funds()).toMatchObject({ usable: '19000', taken: '16000' });
  expect((await accept('b', '3000.01')).kind).toBe('too-little');
  // The account is read again later: now its balances show it themselves.
  await storage.database.query("update account_facts set at = now() + interval '6 seconds'");
  expect(await funds()).toMatchObject({ usable: '19000', taken: '975' });
});

it('what a buy order of a session locks is still there: it is a part of its cash', async () => {
  await accept('a', '16000');
  await buys('a');
  // Not known at the venue when the account was read: somebody else's order locks the 1000.
  expect(await funds()).toMatchObject({ usable: '19000', hasLocked: false });
  await storage.database.query("update intents set state = 'working', acknowledged_at = now() - interval '1 minute'");
  expect(await funds()).toMatchObject({ usable: '20000', taken: '16000', hasLocked: true });
});
