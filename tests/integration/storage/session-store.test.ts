import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { SessionMoved, type SessionStep } from '../../../adapters/ports/session-store.ts';
import { createSessionStore } from '../../../adapters/storage/session-store.ts';
import type { WantedOrder } from '../../../domain/session/order.ts';
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

it('sessions that run are those whose workflow has started, until they have ended', async () => {
  const store = createSessionStore(storage.database);
  await expect(store.started()).resolves.toEqual([]);
  await store.markStarted('s1');
  await expect(store.started()).resolves.toEqual([{ id: 's1', workflowId: 's1', problem: null }]);
  await storage.database.query("update sessions set status = 'stopped', ended_at = now()");
  await expect(store.started()).resolves.toEqual([]);
});

it('that nobody runs a session is told once, in the place of any other problem, until it is put right', async () => {
  const store = createSessionStore(storage.database);
  await store.markStarted('s1');
  const problemNow = async () => (await store.find('s1'))!.problem;
  const { version } = (await store.find('s1'))!;
  await store.setProblem('s1', 'CANDLES_LATE', { code: 'CANDLES_LATE', detail: 'no candle' });
  await store.noteUnattended('s1', { code: 'WORKFLOW_ENDED', detail: 'terminated' });
  await store.noteUnattended('s1', { code: 'WORKFLOW_ENDED', detail: 'told again' });
  const before = { code: 'CANDLES_LATE', detail: 'no candle' };
  await expect(problemNow()).resolves.toEqual({ code: 'WORKFLOW_ENDED', detail: 'terminated', before });
  // A step that was reckoned before finds another version.
  expect((await store.find('s1'))!.version).toBe(version + 2);
  // What it stood in the place of comes back, and where that was nothing, nothing.
  await store.setProblem('s1', 'WORKFLOW_ENDED', null);
  await expect(problemNow()).resolves.toEqual(before);
  await store.setProblem('s1', 'CANDLES_LATE', null);
  await store.noteUnattended('s1', { code: 'WORKFLOW_ENDED', detail: 'again' });
  await expect(problemNow()).resolves.toEqual({ code: 'WORKFLOW_ENDED', detail: 'again' });
  await store.noteRestart('s1', 'resume by ann');
  await store.command('s1', { kind: 'resume', by: 'ann', reason: 'looked' }, 'resume');
  await expect(problemNow()).resolves.toBeNull();
  await expect(storage.events('s1')).resolves.toEqual([
    'session.problem',
    'session.problem',
    'session.problem',
    'session.problem',
    'session.problem',
    'session.restarted',
    'session.status',
  ]);
  await storage.database.query("update sessions set status = 'stopped', ended_at = now()");
  await store.noteUnattended('s1', { code: 'WORKFLOW_ENDED', detail: 'terminated' });
  await expect(problemNow()).resolves.toBeNull();
});

const WANTED: WantedOrder = {
  order: 1,
  version: 1,
  symbol: 'BTC/USDT',
  side: 'buy',
  kind: 'marketable',
  purpose: 'entry',
  held: 'venue',
  quantity: '0.01',
  limit: null,
  stop: null,
  bar: START,
  intended: '60000',
};

/** A step reckoned on a session as it was inserted, which handles its first bar. */
const stepOf = (changes: Partial<SessionStep> = {}): SessionStep => ({
  sessionId: 's1',
  expectedSeq: 0,
  expectedVersion: 0,
  events: [],
  decisions: [],
  lastBar: START,
  bars: 1,
  equity: [{ bar: START, equity: 1_000, cash: 1_000 }],
  trades: [],
  orders: [],
  cancelRequested: [],
  working: [],
  ended: [],
  taken: [],
  settled: true,
  status: 'running',
  block: null,
  problem: null,
  books: { cash: 1_000, equity: 1_000, positions: [], commission: 0, closedTrades: 0, dust: {} },
  watched: [],
  ...changes,
});

/** How many rows each of the tables has that a step writes to. */
async function written(): Promise<object> {
  const { rows } = await storage.database.query(
    `select (select count(*)::int from executions) as executions, (select count(*)::int from session_orders) as orders,
       (select count(*)::int from session_journal) as entries, (select count(*)::int from session_equity) as equity,
       version, seq::int, bars from sessions`,
  );
  return rows[0] as object;
}

describe('steps of one session by two who both think that they run it', () => {
  it('are written once: the other is refused, and nothing of it stays', async () => {
    const store = createSessionStore(storage.database);
    const outcomes = await Promise.allSettled(
      ['e1', 'e2'].map((id) =>
        store.step(
          stepOf({
            events: [{ after: null, event: { kind: 'flatten', reason: id } }],
            orders: [{ wanted: WANTED, execution: executionOf(id, { algo: 'single' }) }],
          }),
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((each) => each.status === 'rejected');
    expect(refused?.reason).toBeInstanceOf(SessionMoved);
    expect(await written()).toEqual({ executions: 1, orders: 1, entries: 1, equity: 1, version: 1, seq: 1, bars: 1 });
  });

  it('are told apart also where a bar has left no entry', async () => {
    const store = createSessionStore(storage.database);
    await store.step(stepOf());
    await expect(store.step(stepOf({ lastBar: START + 900_000, bars: 2, equity: [] }))).rejects.toThrow(SessionMoved);
    expect(await written()).toMatchObject({ equity: 1, version: 1, seq: 0, bars: 1 });
  });

  it('are refused once the session is over', async () => {
    const store = createSessionStore(storage.database);
    await store.step(stepOf({ status: 'stopped' }));
    await expect(store.step(stepOf({ expectedVersion: 1 }))).rejects.toThrow(SessionMoved);
  });
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
