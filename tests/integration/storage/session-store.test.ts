import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createSessionStore } from '../../../adapters/storage/session-store.ts';
import { insertSession } from './session-row.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  await insertSession(storage.database, 's1', { symbols: ['BTC/USDT'], timeframe: '15m', firstCandle: START });
});

/** An order of the session that ended so many hours ago, when the books had taken in `taken` of its trades. */
async function ended(id: string, hoursAgo: number, trades: readonly string[], taken: number): Promise<void> {
  const ledger = createOrderLedger(storage.database);
  await createExecutionStore(storage.database).accept(executionOf(id, { algo: 'single' }), null);
  await ledger.orderTransaction('sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(keyOf(id)));
    await transaction.insertIntent(intentOf(keyOf(id)));
  });
  const fills = trades.map((trade) => fillOf(trade, '0.01'));
  await ledger.endIntent(keyOf(id), { state: 'partially-filled', venueOrderId: '77', fills, problem: null });
  await storage.database.query(
    `insert into session_orders (session_id, number, version, execution_id, wanted, state, fills, ended_at)
     values ('s1', (select count(*) + 1 from session_orders), 1, $1, '{}', 'ended', $2, now() - $3 * interval '1 hour')`,
    [id, taken, hoursAgo],
  );
}

it('sessions that run are those whose workflow has started; one that is failed for want of it has ended', async () => {
  const store = createSessionStore(storage.database);
  await expect(store.started()).resolves.toEqual([]);
  await store.markStarted('s1');
  await expect(store.started()).resolves.toEqual([{ id: 's1', workflowId: 's1' }]);
  await store.fail('s1', { code: 'WORKFLOW_ENDED', detail: 'terminated' });
  await expect(store.started()).resolves.toEqual([]);
  await expect(storage.events('s1')).resolves.toEqual(['session.status']);
  await store.fail('s1', { code: 'WORKFLOW_ENDED', detail: 'again' });
  await expect(storage.events('s1')).resolves.toHaveLength(1);
  const { rows } = await storage.database.query("select status, problem->>'detail' as detail from sessions");
  expect(rows).toEqual([{ status: 'failed', detail: 'terminated' }]);
});

const placed = async () => (await createSessionStore(storage.database).placed('s1')).map((each) => each.executionId);

describe('orders of a session that have ended', () => {
  it('are looked at for an hour, and as long as the books lack a trade of theirs that was found later', async () => {
    await ended('lately', 0.9, ['1'], 1);
    await ended('long-ago', 1.1, ['2'], 1);
    await ended('traded-late', 26, ['3', '4'], 1);
    await expect(placed()).resolves.toEqual(['lately', 'traded-late']);
  });

  it('are looked at after an outage of whoever takes them in, however long it was', async () => {
    await ended('traded-late', 24 * 30, ['1'], 0);
    await expect(placed()).resolves.toEqual([]);
    await storage.database.query("update sessions set updated_at = now() - interval '29 days'");
    await expect(placed()).resolves.toEqual(['traded-late']);
  });
});
