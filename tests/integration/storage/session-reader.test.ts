import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionReader } from '../../../adapters/ports/session-reader.ts';
import type { SessionReconciliations } from '../../../adapters/ports/session-reconciliations.ts';
import { stopsBeside } from '../../../adapters/ports/session-stops.ts';
import type { NewSession } from '../../../adapters/ports/session-store.ts';
import { reconcileAccountSessions } from '../../../adapters/reconciliation/reconcile-sessions.ts';
import { createAccountFactsBoard } from '../../../adapters/storage/account-facts.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { foldFigures } from '../../../adapters/storage/figure-totals.ts';
import { createFiguresReader } from '../../../adapters/storage/platform-figures.ts';
import { createSessionAdjustments } from '../../../adapters/storage/session-adjustments.ts';
import { createSessionReader } from '../../../adapters/storage/session-reader.ts';
import { createSessionReconciliations } from '../../../adapters/storage/session-reconciliations.ts';
import { createSessionStore } from '../../../adapters/storage/session-store.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import type { SessionSpec } from '../../../domain/session/spec.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

const QUARTER = 900_000;

const SPEC: SessionSpec = {
  name: 'cross',
  venue: 'sim',
  symbols: ['BTC/USDT'],
  timeframe: '15m',
  strategy: { id: 'sma-cross', params: { fast: 3, slow: 8 } },
  sizing: { kind: 'units', value: 0.5 },
  capital: '50000',
  hours: { kind: 'always' },
  atClose: 'keep',
  catchUp: 'latest',
  maxBarAgeMs: QUARTER,
  orders: { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 },
};

let storage: Storage;
let reader: SessionReader;
let reconciliations: SessionReconciliations;
beforeAll(async () => {
  storage = await openStorage();
  reader = createSessionReader(storage.database);
  reconciliations = createSessionReconciliations(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  await createVenueDirectory(storage.database).saveVenue(
    { id: 'sim', exchange: 'binance', label: 'paper', marketTime: 'wall', assumptions: null },
    [
      {
        symbol: 'BTC/USDT',
        base: 'BTC',
        quote: 'USDT',
        tick: '0.01',
        lot: '0.00001',
        minQuantity: '0.00001',
        maxQuantity: null,
        minNotional: '5',
      },
    ],
  );
});

async function accept(id: string, given: Partial<SessionSpec> = {}): Promise<void> {
  const session: NewSession = {
    id,
    workflowId: `session/${id}`,
    owner: 'admin',
    spec: { ...SPEC, ...given },
    strategyHash: null,
    base: { 'BTC/USDT': 'BTC' },
    quote: 'USDT',
    restsStops: true,
    startBar: START,
    firstCandle: START - 8 * QUARTER,
  };
  await createSessionStore(storage.database).accept(session, null);
}

/** What the venue worker has read of the account. */
const saveFacts = (usdt: string, btc: string): Promise<void> =>
  createAccountFactsBoard(storage.database).saveFacts(
    'sim',
    {
      canTrade: true,
      canWithdraw: null,
      balances: [
        { asset: 'USDT', free: usdt, locked: '1000' },
        { asset: 'BTC', free: btc, locked: '0' },
      ],
    },
    3.5,
  );

/** The books of a session as its last step left them, long enough ago for balances to be compared with. */
async function holds(id: string, units: number, cash: number): Promise<void> {
  const position = { symbol: 'BTC/USDT', units, entryPrice: 60_000, mark: 60_000, unrealised: 0, stopLoss: null };
  await storage.database.query('update sessions set books = $2, settled = true where id = $1', [
    id,
    JSON.stringify({ cash, equity: cash, positions: [{ ...position, takeProfit: null }], commission: 0, dust: {} }),
  ]);
}

describe('facts about accounts', () => {
  it('are those that were saved last, with their age', async () => {
    const board = createAccountFactsBoard(storage.database);
    expect(await board.findFacts('sim')).toBeNull();
    await saveFacts('1', '2');
    await saveFacts('49000', '0.5');
    expect(await board.findFacts('sim')).toMatchObject({
      canTrade: true,
      canWithdraw: null,
      clockOffsetMs: 3.5,
      balances: [{ asset: 'USDT', free: '49000' }, { asset: 'BTC' }],
    });
    expect((await board.findFacts('sim'))!.ageMs).toBeLessThan(10_000);
  });

  it('are to be read anew at first, when somebody wants it, when the stream was made anew, and after a time', async () => {
    const board = createAccountFactsBoard(storage.database);
    expect(await board.isDue('sim', 30_000)).toBe(true);
    await saveFacts('1', '1');
    expect(await board.isDue('sim', 30_000)).toBe(false);
    expect(await board.isDue('sim', 0)).toBe(true);
    const wanted = await board.wantFacts('sim');
    expect(await board.isDue('sim', 30_000)).toBe(true);
    await saveFacts('1', '1');
    expect(await board.isDue('sim', 30_000)).toBe(false);
    expect((await board.findFacts('sim'))!.at).toBeGreaterThanOrEqual(wanted);
    await storage.database.query(
      "insert into outbox (kind, subject, payload) values ('account.connected', 'sim', '{}')",
    );
    expect(await board.isDue('sim', 30_000)).toBe(true);
  });
});

describe('reading sessions', () => {
  it('lists them newest first, in pages, by status and account', async () => {
    await accept('a');
    await accept('b', { capital: '100' });
    await storage.database.query("update sessions set status = 'paused' where id = 'a'");
    const first = await reader.listSessions({ limit: 1 });
    expect(first.items.map(({ record }) => record.id)).toEqual(['b']);
    const second = await reader.listSessions({ limit: 1, cursor: first.next! });
    expect(second).toMatchObject({ items: [{ record: { id: 'a' }, openOrders: 0, fillsTaken: 0 }], next: null });
    expect((await reader.listSessions({ limit: 9, status: 'paused' })).items).toHaveLength(1);
    expect((await reader.listSessions({ limit: 9, venue: 'other' })).items).toEqual([]);
    await storage.database.query("update sessions set status = 'stopped', ended_at = now() where id = 'b'");
    expect((await reader.openSessions('sim')).map(({ record }) => record.id)).toEqual(['a']);
  });

  it('pages equity, trades and the journal in their order, decisions newest first', async () => {
    await accept('a');
    for (let n = 0; n < 3; n += 1) {
      const bar = new Date(START + n * QUARTER);
      const decision = { symbol: 'BTC/USDT', bar: START + n * QUARTER, signals: n === 1 ? [{ action: 'buy' }] : [] };
      await storage.database.query('insert into session_equity values ($1, $2, $3, $4)', ['a', bar, 100 + n, 50]);
      await storage.database.query(
        'insert into session_decisions (session_id, bar, symbol, decision, signals) values ($1, $2, $3, $4, $5)',
        ['a', bar, 'BTC/USDT', JSON.stringify(decision), decision.signals.length],
      );
      await storage.database.query(
        'insert into session_journal (session_id, seq, after, event) values ($1, $2, $3, $4)',
        ['a', n + 1, bar, JSON.stringify({ kind: 'flatten', reason: `r${n}` })],
      );
    }
    const equity = await reader.equity('a', { limit: 2 });
    expect(equity.items.map((row) => row.equity)).toEqual([100, 101]);
    expect(await reader.equity('a', { limit: 2, cursor: equity.next! })).toEqual({
      items: [{ bar: START + 2 * QUARTER, equity: 102, cash: 50 }],
      next: null,
    });
    const decisions = await reader.decisions('a', { limit: 2, withSignals: false });
    expect(decisions.items.map(({ decision }) => decision.bar)).toEqual([START + 2 * QUARTER, START + QUARTER]);
    expect((await reader.decisions('a', { limit: 2, withSignals: false, cursor: decisions.next! })).items).toHaveLength(
      1,
    );
    expect((await reader.decisions('a', { limit: 9, withSignals: true })).items).toHaveLength(1);
    const journal = await reader.journal('a', { limit: 2 });
    expect(journal.items.map(({ seq }) => seq)).toEqual([1, 2]);
    expect((await reader.journal('a', { limit: 2, cursor: journal.next! })).items).toMatchObject([
      { seq: 3, after: START + 2 * QUARTER, event: { reason: 'r2' } },
    ]);
  });

  it('from the newest one on as well, page by page', async () => {
    await accept('a');
    const ordered = (number: number) => ['a', number, JSON.stringify({ pnl: number })];
    for (let n = 1; n <= 3; n += 1) {
      const bar = new Date(START + n * QUARTER);
      await storage.database.query('insert into session_equity values ($1, $2, $3, $4)', ['a', bar, n, 50]);
      await storage.database.query(
        'insert into session_trades (session_id, number, trade) values ($1, $2, $3)',
        ordered(n),
      );
      await storage.database.query(
        'insert into session_journal (session_id, seq, after, event) values ($1, $2, $3, $4)',
        ['a', n, bar, JSON.stringify({ kind: 'flatten', reason: 'x' })],
      );
    }
    const page = { limit: 2, newestFirst: true };
    const equity = await reader.equity('a', page);
    expect(equity.items.map((row) => row.equity)).toEqual([3, 2]);
    expect(await reader.equity('a', { ...page, cursor: equity.next! })).toMatchObject({
      items: [{ equity: 1 }],
      next: null,
    });
    const trades = await reader.trades('a', page);
    expect(trades.items.map(({ number }) => number)).toEqual([3, 2]);
    expect(await reader.trades('a', { ...page, cursor: trades.next! })).toMatchObject({
      items: [{ number: 1 }],
      next: null,
    });
    const journal = await reader.journal('a', page);
    expect(journal.items.map(({ seq }) => seq)).toEqual([3, 2]);
    expect(await reader.journal('a', { ...page, cursor: journal.next! })).toMatchObject({
      items: [{ seq: 1 }],
      next: null,
    });
  });
});

it('a cursor beyond everything gives an empty page', async () => {
  await accept('a');
  const page = { limit: 5, cursor: '999999999999999' };
  const pages = [
    reader.listSessions({ ...page, status: 'failed' }),
    reader.decisions('a', { ...page, withSignals: false }),
    reader.trades('a', page),
    reader.equity('a', page),
    reader.orders('a', page),
    reader.journal('a', page),
  ];
  expect(await Promise.all(pages)).toEqual(pages.map(() => ({ items: [], next: null })));
});

it('an order shows what it was decided on, what it traded, and its fees', async () => {
  await accept('a');
  const execution = executionOf('e1', { algo: 'single', quantity: '0.25', params: {} });
  await createExecutionStore(storage.database).accept(execution, null);
  const ledger = createOrderLedger(storage.database);
  await ledger.orderTransaction('sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(keyOf('e1')));
    await transaction.insertIntent(intentOf(keyOf('e1')));
  });
  const fills = [
    fillOf('1', '0.1', { price: '60000', fee: '0.0001' }),
    fillOf('2', '0.15', { price: '60010', fee: '0.00015' }),
  ];
  await ledger.endIntent(keyOf('e1'), { state: 'filled', venueOrderId: '77', fills, problem: null });
  await storage.database.query(
    `insert into session_orders (session_id, number, version, execution_id, wanted, state, fills)
     values ('a', 1, 1, 'e1', '{"order": 1}', 'ended', 2)`,
  );
  const { items } = await reader.orders('a', { limit: 5 });
  // 0.1 * 60000 + 0.15 * 60010 = 15001.5
  expect(items).toMatchObject([
    {
      executionId: 'e1',
      decided: { mid: '60000' },
      filled: '0.25',
      notional: '15001.5',
      fees: { BTC: '0.00025' },
      fills: 2,
      clientOrderIds: ['e1-1-1'],
    },
  ]);
  expect(await reader.findSession('a')).toMatchObject({ openOrders: 0, fillsTaken: 2 });
});

it('a session tells what of the open candle it has acted upon last', async () => {
  await accept('a');
  expect(await reader.findSession('a')).toMatchObject({ candleSeen: null });
  const candle = { time: START, high: 101.5, low: 99, volume: 2 };
  const store = createSessionStore(storage.database);
  const before = await store.find('a');
  await store.saw('a', candle);
  expect(await reader.findSession('a')).toMatchObject({ candleSeen: candle });
  // It is of no step: whoever has reckoned one may take it.
  expect(await store.find('a')).toEqual(before);
});

it('what was seen of an older candle, or less of the same, takes no place of what is known', async () => {
  await accept('a');
  const store = createSessionStore(storage.database);
  const seen = async () => (await reader.findSession('a'))!.candleSeen;
  const candle = { time: START, high: 101.5, low: 99, volume: 2 };
  await store.saw('a', candle);
  // Somebody who was thought gone wakes up.
  const stale = [
    { ...candle, time: START - 60_000, high: 200, low: 1 },
    { ...candle, high: 101.4 },
    { ...candle, low: 99.1 },
    { ...candle, high: 102, low: 99.1 },
  ];
  for (const older of stale) {
    await store.saw('a', older);
    expect(await seen()).toEqual(candle);
  }
  const wider = { ...candle, high: 102, volume: 3 };
  await store.saw('a', wider);
  expect(await seen()).toEqual(wider);
  const next = { time: START + 60_000, high: 100, low: 99.5, volume: 1 };
  await store.saw('a', next);
  expect(await seen()).toEqual(next);
});

describe('figures of sessions', () => {
  it('count decisions, and how late each was where bars are of our time', async () => {
    await accept('a');
    const decide = (symbol: string, closedMsAgo: number): Promise<unknown> =>
      storage.database.query(
        `insert into session_decisions (session_id, bar, symbol, decision, signals)
         values ('a', now(), $1, jsonb_build_object('closedAt', extract(epoch from now()) * 1000 - $2::double precision), 0)`,
        [symbol, closedMsAgo],
      );
    await decide('A', 80);
    await decide('B', 700);
    const read = () => createFiguresReader(storage.database).readFigures();
    const figures = await read();
    expect(figures.sessions).toEqual([{ status: 'running', count: 1 }]);
    expect(figures.barsDecided).toBe(2);
    // 0.08 s lies under the bound of 0.1 s, 0.7 s under that of 1 s.
    const { bounds, counts, count, sum } = figures.decisionLatency;
    expect([counts[bounds.indexOf(0.1)], counts[bounds.indexOf(0.5)], counts[bounds.indexOf(1)], count]).toEqual([
      1, 1, 2, 2,
    ]);
    expect(sum).toBeCloseTo(0.78, 6);
    await foldFigures(storage.database);
    expect((await read()).decisionLatency).toMatchObject({ counts, count: 2 });
    // Recorded bars closed long ago: that says nothing.
    await storage.database.query("update venues set market_time = 'candles'");
    await decide('C', 1e12);
    expect(await read()).toMatchObject({ barsDecided: 3, decisionLatency: { count: 2 } });
  });
});

describe('an adjustment', () => {
  const request = { symbol: 'BTC/USDT', quantity: '-0.2', price: '60000', reason: 'sold' };
  const event = { kind: 'adjusted', ...request } as const;

  it('is the next entry of the journal, and whoever reckoned on the one before reads again', async () => {
    await accept('a');
    const adjustments = createSessionAdjustments(storage.database);
    const before = (await reader.findSession('a'))!.record;
    await holds('a', 0.5, 20_000);
    expect(await adjustments.adjust('a', request, 'admin', null)).toEqual({ kind: 'adjusted' });
    const { record } = (await reader.findSession('a'))!;
    expect([record.seq, record.settled]).toEqual([before.seq + 1, false]);
    expect(record.version).toBeGreaterThan(before.version);
    expect((await reader.journal('a', { limit: 9 })).items).toMatchObject([{ seq: 1, after: null, event }]);
    expect(await storage.events('a')).toContain('session.adjusted');
  });

  it('is not taken by a session that has ended', async () => {
    await accept('a');
    await storage.database.query("update sessions set status = 'stopped', ended_at = now()");
    expect(await createSessionAdjustments(storage.database).adjust('a', request, 'admin', null)).toEqual({
      kind: 'ended',
    });
    expect((await reader.journal('a', { limit: 9 })).items).toEqual([]);
  });

  it('is put on record once under one key, also when it is sent twice at once, and the key is not for another', async () => {
    await accept('a');
    await accept('b', { capital: '100' });
    await holds('a', 0.5, 20_000);
    const adjustments = createSessionAdjustments(storage.database);
    const send = (id: string, bodyHash = 'one') =>
      adjustments.adjust(id, request, 'admin', { owner: 'admin', key: 'k', bodyHash });
    const kinds = (await Promise.all([send('a'), send('a')])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['adjusted', 'known']);
    expect((await reader.journal('a', { limit: 9 })).items).toHaveLength(1);
    expect(await send('a', 'another')).toEqual({ kind: 'key-reused' });
    expect(await send('b')).toEqual({ kind: 'key-reused' });
    await storage.database.query("update sessions set status = 'stopped', ended_at = now()");
    expect(await send('a')).toEqual({ kind: 'known' });
  });

  it('takes no more than the books hold, with what is on record and not booked yet', async () => {
    await accept('a');
    await holds('a', 0.5, 20_000);
    const fold = { engine: '1', seq: 0, lastBar: null, orders: 0, hash: 'x' };
    await storage.database.query(`update sessions set books = books || $1 where id = 'a'`, [JSON.stringify({ fold })]);
    const adjust = (quantity: string) =>
      createSessionAdjustments(storage.database).adjust('a', { ...request, quantity }, 'admin', null);
    // 0.5 less 0.3 leave 0.2, whichever of two that come at once is the first.
    const kinds = (await Promise.all([adjust('-0.3'), adjust('-0.3')])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['adjusted', 'refused']);
    expect(await adjust('-0.200000001')).toMatchObject({
      kind: 'refused',
      problem: { field: 'quantity', message: expect.stringContaining('by its books it holds 0.2 (') },
    });
    expect(await adjust('-0.2')).toEqual({ kind: 'adjusted' });
    expect((await reader.journal('a', { limit: 9 })).items).toHaveLength(2);
    expect(await storage.events('a')).toEqual(['session.started', 'session.adjusted', 'session.adjusted']);
    // A stop that takes no fold has booked both, and has 0.1 left.
    await holds('a', 0.1, 20_000);
    const bookedUpTo = 2;
    await storage.database.query(`update sessions set books = books || $1 where id = 'a'`, [
      JSON.stringify({ fold, bookedUpTo }),
    ]);
    expect(await adjust('-0.1')).toEqual({ kind: 'adjusted' });
  });
});

describe('stop orders of a symbol', () => {
  /** An order of a session, or of nobody, that waits at the venue, or would. */
  async function places(id: string, owner: string, mode: 'stop' | 'rest', state = 'working'): Promise<void> {
    const execution = { ...executionOf(id, { algo: 'single', side: 'sell', params: {} }), owner };
    await createExecutionStore(storage.database).accept(execution, null);
    await createOrderLedger(storage.database).orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf(id)));
      await transaction.insertIntent(
        intentOf(keyOf(id), { side: 'sell', mode, stopPrice: mode === 'stop' ? '59000' : null }),
      );
    });
    await storage.database.query('update intents set state = $2 where execution_id = $1', [id, state]);
    if (!owner.startsWith('session/')) return;
    await storage.database.query(
      `insert into session_orders (session_id, number, version, execution_id, wanted, taken)
       values ($1, (select count(*) + 1 from session_orders), 1, $2, $3, 1)`,
      [
        owner.slice('session/'.length),
        id,
        JSON.stringify({ symbol: 'BTC/USDT', kind: mode === 'stop' ? 'stop' : 'limit' }),
      ],
    );
  }

  it('are told by whose they are, and who may come to want one', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await accept(id, { capital: '100' });
    await places('a1', 'session/a', 'stop');
    await places('a2', 'session/a', 'stop', 'sending');
    await places('b1', 'session/b', 'stop', 'filled');
    await places('c1', 'session/c', 'rest', 'filled');
    await places('e1', 'session/e', 'stop');
    await places('hand', 'admin', 'stop');
    await storage.database.query("update sessions set status = 'stopped', ended_at = now() where id = 'e'");
    const stops = await reader.stops('sim', ['BTC/USDT', 'ETH/USDT']);
    const of = (sessionId: string | null, open: number, mayWant: boolean) => ({
      symbol: 'BTC/USDT',
      sessionId,
      open,
      mayWant,
    });
    // c has traded without a stop, and d has not traded yet; e has ended and left its stop.
    expect(stops).toEqual([
      of('a', 2, true),
      of('b', 0, true),
      of('c', 0, false),
      of('d', 0, true),
      of(null, 2, false),
    ]);
    expect(stopsBeside(stops, 'BTC/USDT', 'a')).toEqual({ stops: 4, sessions: 2, byHand: 2 });
    expect(stopsBeside(stops, 'BTC/USDT', null)).toEqual({ stops: 6, sessions: 3, byHand: 2 });
    expect(await reader.stops('other', ['BTC/USDT'])).toEqual([]);
  });
});

describe('refusals on record from before they had codes of ours', () => {
  it('get them, so that the books of their sessions come to what they came to', async () => {
    await accept('a');
    const refusal = (detail: string) =>
      JSON.stringify({ kind: 'ended', order: 2, version: 1, status: 'failed', problem: { code: '-2010', detail } });
    await storage.database.query(
      `insert into session_journal (session_id, seq, event) values ('a', 1, $1), ('a', 2, $2)`,
      [
        refusal('Stop price would trigger immediately.'),
        refusal('Account has insufficient balance for requested action.'),
      ],
    );
    const file = new URL('../../../db/migrations/0025_refusal_reasons.sql', import.meta.url);
    await storage.database.query(await readFile(file, 'utf8'));
    const codes = (await reader.journal('a', { limit: 9 })).items.map(({ event }) =>
      event.kind === 'ended' ? event.problem?.code : null,
    );
    expect(codes).toEqual(['TRIGGER_PASSED', '-2010']);
  });

  it('get them where the order is on record and the end of its execution is not', async () => {
    const codes = { s1: 'Order would trigger immediately.', s2: 'Insufficient balance.' };
    for (const [id, detail] of Object.entries(codes)) {
      await createExecutionStore(storage.database).accept({ ...executionOf(id), owner: 'session/a' }, null);
      await createOrderLedger(storage.database).orderTransaction('sim', async (transaction) => {
        await transaction.recordDecision(decisionOf(keyOf(id)));
        await transaction.insertIntent(intentOf(keyOf(id), { mode: 'stop', stopPrice: '59000' }));
      });
      await storage.database.query("update intents set state = 'refused', problem = $2 where execution_id = $1", [
        id,
        JSON.stringify({ code: '-2010', detail }),
      ]);
    }
    const file = new URL('../../../db/migrations/0029_refused_intents.sql', import.meta.url);
    await storage.database.query(await readFile(file, 'utf8'));
    const { rows } = await storage.database.query<{ problem: object }>(
      'select problem from intents order by execution_id',
    );
    expect(rows.map(({ problem }) => problem)).toEqual([
      { code: 'TRIGGER_PASSED', detail: codes.s1 },
      { code: '-2010', detail: codes.s2 },
    ]);
  });
});

describe('sessions against their account', () => {
  const reconcile = () =>
    reconcileAccountSessions(
      { reconciliations, sessions: createSessionStore(storage.database), clock: { now: () => START } },
      'sim',
    );
  const blockOf = async (id: string) => (await reader.findSession(id))!.record.block;

  it('says nothing before the account was read', async () => {
    await accept('a');
    expect(await reconcile()).toBeNull();
  });

  it('blocks entries once two readings lack the same, and not again after a person has let it pass', async () => {
    await accept('a');
    await accept('b', { capital: '100' });
    await holds('a', 0.5, 20_000);
    await saveFacts('20000', '0.5');
    expect((await reconcile())!.result.status).toBe('ok');
    // 0.2 BTC were sold by hand, or withdrawn.
    await saveFacts('20000', '0.3');
    expect((await reconcile())!.result.status).toBe('suspect');
    // The same reading once more confirms nothing.
    expect((await reconcile())!.result.status).toBe('suspect');
    expect(await blockOf('a')).toBeNull();
    await saveFacts('20000', '0.3');
    expect((await reconcile())!.result).toMatchObject({
      status: 'differs',
      differences: [{ asset: 'BTC', expected: '0.5', actual: '0.3', missing: '0.2', sessions: ['a'] }],
    });
    expect(await blockOf('a')).toMatchObject({ reason: 'RECONCILIATION', problem: { code: 'ACCOUNT_DIFFERS' } });
    expect(await blockOf('b')).toBeNull();
    await createSessionStore(storage.database).setBlock('a', null, 'admin');
    await saveFacts('20000', '0.3');
    await reconcile();
    expect(await blockOf('a')).toBeNull();
    // More is missing: that is news.
    await saveFacts('20000', '0.1');
    await reconcile();
    expect(await blockOf('a')).toMatchObject({ reason: 'RECONCILIATION' });
  });

  it('more than the sessions hold blocks nothing', async () => {
    await accept('a');
    await saveFacts('900000', '7');
    await reconcile();
    await saveFacts('900000', '8');
    expect((await reconcile())!.result).toMatchObject({ status: 'ok', differences: [] });
  });
});
