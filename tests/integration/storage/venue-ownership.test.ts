import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Ownership, OwnershipLost } from '../../../adapters/ports/venue-ownership.ts';
import { type Database, inTransaction, openDatabase } from '../../../adapters/storage/database.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import { fenceOf, SILENCE_MS, takeOwnership } from '../../../adapters/storage/venue-ownership.ts';
import { until } from '../../helpers/rig-until.ts';
import { startHoldProxy } from '../../helpers/tcp-hold-proxy.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, type Storage } from './storage.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);

const taken: Ownership[] = [];
/** Over with the test: whoever still asks then stops. */
let over: AbortController;
const logged: string[] = [];
beforeEach(async () => {
  over = new AbortController();
  await storage.clear();
  logged.length = 0;
  await createExecutionStore(storage.database).accept(executionOf('e1'), null);
});
afterEach(async () => {
  over.abort();
  await Promise.all(taken.splice(0).map((ownership) => ownership.release()));
});

interface Asking {
  readonly venue?: string;
  readonly databaseUrl?: string;
  readonly stop?: AbortSignal;
  readonly standsBy?: () => void;
}

async function take(owner: string, given: Asking = {}): Promise<Ownership> {
  const ownership = await takeOwnership({
    databaseUrl: storage.url,
    venue: 'sim',
    stop: over.signal,
    standsBy: () => undefined,
    ...given,
    owner,
    log: (message, details) => void logged.push(`${owner} ${message} ${JSON.stringify(details)}`),
  });
  if (ownership === null) throw new Error('stopped');
  taken.push(ownership);
  return ownership;
}

/** Begins to ask, and resolves once it stands by. */
function standByOf(owner: string): Promise<{ readonly ownership: Promise<Ownership> }> {
  return new Promise((resolve) => {
    const ownership = take(owner, { standsBy: () => resolve({ ownership }) });
  });
}

const ledgerOf = (ownership: Ownership, database: Database = storage.database) =>
  createOrderLedger(database, fenceOf(ownership));

const place = (ownership: Ownership, child: number, database?: Database) =>
  ledgerOf(ownership, database).orderTransaction('sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(keyOf('e1', child)));
    await transaction.insertIntent(intentOf(keyOf('e1', child)));
  });

const ordersOf = async () => (await createExecutionStore(storage.database).ordersOf('e1')).map(({ child }) => child);

/** As a network or an operator would: the server ends the connection that holds the account. */
const cut = () =>
  storage.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tradewind owner of sim'
     and pid in (select pid from pg_locks where locktype = 'advisory' and granted)`,
  );

/** When a process that stands by last asked. */
const LAST_ASKED = `select max(query_start) as at from pg_stat_activity
  where application_name = 'tradewind owner of sim' and query like 'select pg_try_advisory_lock%'`;

describe('the owner of a venue account', () => {
  it('is one at a time; who stands by takes over with a higher epoch, and is told once whom it waits for', async () => {
    const first = await take('a/1');
    expect(first.epoch).toBe(1);
    const standing = await standByOf('b/2');
    const asked = async () => (await storage.database.query<{ at: Date }>(LAST_ASKED)).rows[0]?.at ?? new Date(0);
    const before = await asked();
    await until('it to have asked again', async () => (await asked()) > before);
    expect(logged).toEqual(['b/2 stands by: another process owns the account {"owner":"a/1","epoch":1}']);
    await first.release();
    const second = await standing.ownership;
    expect(second.epoch).toBe(2);
    expect(first.lost.aborted).toBe(false);
    await expect(storage.events('sim')).resolves.toEqual(['venue.owner', 'venue.owner']);
  });

  it('of one account is nobody for another', async () => {
    const [one, other] = await Promise.all([take('a/1'), take('a/1', { venue: 'other' })]);
    expect([one.epoch, other.epoch]).toEqual([1, 1]);
  });

  it('is exactly one of many who ask at once, again and again', async () => {
    const stop = new AbortController();
    let owners = 0;
    let most = 0;
    const epochs: number[] = [];
    const contend = async (owner: string) => {
      for (let round = 0; round < 3; round += 1) {
        const ownership = await take(owner, { stop: stop.signal });
        owners += 1;
        most = Math.max(most, owners);
        epochs.push(ownership.epoch);
        await storage.database.query('select pg_sleep(0.02)');
        owners -= 1;
        await ownership.release();
      }
    };
    await Promise.all(Array.from({ length: 5 }, (_, index) => contend(`a/${index}`)));
    expect(most).toBe(1);
    expect(epochs).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  }, 60_000);

  it('is shown with worker, epoch and whether it holds the account now', async () => {
    const directory = createVenueDirectory(storage.database);
    await directory.saveVenue({ id: 'sim', exchange: 'binance', label: 'paper', assumptions: null }, []);
    const shown = async () => (await directory.listVenues())[0]?.owner;
    await expect(shown()).resolves.toBeNull();
    const ownership = await take('a/1');
    await expect(shown()).resolves.toMatchObject({ worker: 'a/1', epoch: 1, held: true });
    await ownership.release();
    await expect(shown()).resolves.toMatchObject({ worker: 'a/1', epoch: 1, held: false });
  });

  it('learns that its connection is gone, and takes the account again under a new epoch', async () => {
    const first = await take('a/1');
    await cut();
    await until('the loss to be noticed', () => Promise.resolve(first.lost.aborted));
    expect(first.lost.reason).toBeInstanceOf(OwnershipLost);
    expect((await take('a/1')).epoch).toBe(2);
  });

  it('waits for a database that is away, and takes the account when it is back', async () => {
    const proxy = await startHoldProxy(storage.url);
    const first = await take('a/1', { databaseUrl: proxy.url });
    await proxy.close();
    await until('the loss to be noticed', () => Promise.resolve(first.lost.aborted));
    const stop = new AbortController();
    const asking = take('a/1', { databaseUrl: proxy.url, stop: stop.signal });
    await until('the try to be told', () => Promise.resolve(logged.some((line) => line.includes('gives no answer'))));
    stop.abort();
    await expect(asking).rejects.toThrow('stopped');
  });

  it('that is stopped with its connection open loses the account when it has been silent too long', async () => {
    const stopped = await startOwner();
    const standing = await standByOf('b/2');
    const silentFrom = performance.now();
    stopped.kill('SIGSTOP');
    const second = await standing.ownership;
    expect(second.epoch).toBe(2);
    // Not sooner than its last sign of life allows (one a second).
    expect(performance.now() - silentFrom).toBeGreaterThan(SILENCE_MS - 1_500);
    stopped.kill('SIGKILL');
  }, 60_000);

  it('that is killed loses the account at once', async () => {
    const killed = await startOwner();
    const standing = await standByOf('b/2');
    killed.kill('SIGKILL');
    const second = await standing.ownership;
    expect(second.epoch).toBe(2);
  }, 60_000);
});

describe('the fence', () => {
  it('lets the owner write and refuses everything of an owner whose time is over', async () => {
    const first = await take('a/1');
    await place(first, 1);
    await place(first, 2);
    await ledgerOf(first).markWorking(keyOf('e1', 2), '77');
    const intent = (await ledgerOf(first).findIntent(keyOf('e1', 1)))!;
    await first.release();
    await take('b/2');

    const ledger = ledgerOf(first);
    const refused = 'b/2 has owned the account since';
    await expect(place(first, 3)).rejects.toThrow(refused);
    await expect(place(first, 3)).rejects.toBeInstanceOf(OwnershipLost);
    await expect(ledger.markWorking(keyOf('e1', 1), '78')).rejects.toThrow(refused);
    const end = { state: 'filled', venueOrderId: '78', fills: [fillOf('1', '0.25')], problem: null } as const;
    await expect(ledger.endIntent(keyOf('e1', 1), end)).rejects.toThrow(refused);
    await expect(ledger.addLateFills(intent, [fillOf('1', '0.25')])).rejects.toThrow(refused);
    await expect(ordersOf()).resolves.toEqual([1, 2]);
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0', open: '0.5' });
    await expect(ledger.findIntent(keyOf('e1', 1))).resolves.toMatchObject({ state: 'sending', venueOrderId: null });
  });

  it('tells an owner that does not know yet that its time is over', async () => {
    const first = await take('a/1');
    await storage.database.query("update venue_owners set epoch = epoch + 1, owner = 'b/2' where venue = 'sim'");
    await expect(place(first, 1)).rejects.toThrow('epoch 1 of venue account "sim" is over');
    expect(first.lost.aborted).toBe(true);
  });

  it('refuses when the account has no owner at all', async () => {
    const first = await take('a/1');
    await storage.database.query('delete from venue_owners');
    await expect(place(first, 1)).rejects.toThrow('the account has no owner any more');
  });

  it('makes a take-over wait for a transaction that has passed it, and then shows what that wrote', async () => {
    const first = await take('a/1');
    let commit: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (commit = resolve));
    let passed: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => (passed = resolve));
    const order = ledgerOf(first).orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf('e1', 1)));
      passed();
      await held;
      await transaction.insertIntent(intentOf(keyOf('e1', 1)));
    });
    await inside;
    await cut();
    const taking = take('b/2');
    await until('the take-over to wait for the row', async () => {
      const { rowCount } = await storage.database.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into venue_owners%'",
      );
      return rowCount === 1;
    });
    commit();
    await order;
    const second = await taking;
    await expect(ledgerOf(second).unsettledIntents('sim')).resolves.toMatchObject([{ child: 1, state: 'sending' }]);
    await expect(place(first, 2)).rejects.toBeInstanceOf(OwnershipLost);
  });

  it('does not let a transaction that its owner has left open hold up a take-over for ever', async () => {
    const first = await take('a/1');
    const pool = openDatabase(storage.url, 'left open', { idleInTransactionMs: 500 });
    let passed: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => (passed = resolve));
    const left = inTransaction(pool, async (connection) => {
      await fenceOf(first)(connection);
      passed();
      await until('the database to end the transaction', async () => {
        const { rowCount } = await storage.database.query(
          "select from pg_stat_activity where application_name = 'left open'",
        );
        return rowCount === 0;
      });
      await connection.query('select 1');
    });
    const taking = inside.then(cut).then(() => take('b/2'));
    await expect(left).rejects.toThrow(/terminat|not queryable/i);
    expect((await taking).epoch).toBe(2);
    await pool.end();
  });
});

/** Another process that owns the account and shows its signs of life. */
async function startOwner() {
  const program = `
    import { takeOwnership } from ${JSON.stringify(new URL('../../../dist/adapters/storage/venue-ownership.js', import.meta.url).href)};
    await takeOwnership({ databaseUrl: ${JSON.stringify(storage.url)}, venue: 'sim', owner: 'a/1',
      stop: new AbortController().signal, standsBy: () => undefined, log: () => undefined });
    console.log('owns');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}
