import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '../../../adapters/storage/database.ts';
import { createHaltStore } from '../../../adapters/storage/halt-store.ts';
import { createKeyStore } from '../../../adapters/storage/key-store.ts';
import { runMigrations } from '../../../adapters/storage/migrations.ts';
import { appendEvent } from '../../../adapters/storage/outbox.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

describe('halts', () => {
  const halts = () => createHaltStore(storage.database);
  const inForce = async () => (await halts().listHalts({ activeOnly: true, limit: 10 })).items;

  it('latch until somebody lifts them with a reason', async () => {
    const set = await halts().setHalt({ scope: 'symbol', target: 'BTC/USDT', reason: 'odd prices', by: 'anna' });
    expect(set).toEqual({
      id: expect.any(String),
      scope: 'symbol',
      target: 'BTC/USDT',
      reason: 'odd prices',
      setBy: 'anna',
      setAt: expect.any(Number),
      liftedBy: null,
      liftedAt: null,
      liftReason: null,
    });
    await expect(inForce()).resolves.toEqual([set]);
    const lifted = await halts().liftHalt(set.id, 'ben', 'prices are right');
    expect(lifted).toEqual({ ...set, liftedBy: 'ben', liftReason: 'prices are right', liftedAt: expect.any(Number) });
    await expect(inForce()).resolves.toEqual([]);
    await expect(halts().listHalts({ activeOnly: false, limit: 10 })).resolves.toEqual({ items: [lifted], next: null });
    await expect(storage.events(set.id)).resolves.toEqual(['halt.set', 'halt.lifted']);
  });

  it('keep who lifted them first, and why', async () => {
    const { id } = await halts().setHalt({ scope: 'all', target: null, reason: 'drill', by: 'anna' });
    const lifted = await halts().liftHalt(id, 'ben', 'over');
    await expect(halts().liftHalt(id, 'carl', 'again')).resolves.toEqual(lifted);
    await expect(storage.events(id)).resolves.toEqual(['halt.set', 'halt.lifted']);
  });

  it('stand one by one: lifting one leaves another of the same kind in force', async () => {
    const first = await halts().setHalt({ scope: 'all', target: null, reason: 'drill', by: 'anna' });
    const second = await halts().setHalt({ scope: 'all', target: null, reason: 'real', by: 'ben' });
    await halts().liftHalt(first.id, 'anna', 'drill over');
    await expect(inForce()).resolves.toEqual([second]);
  });

  it.each(['11111111-1111-1111-1111-111111111111', 'no-such', ''])('that are not there are null: %j', async (id) => {
    await expect(halts().liftHalt(id, 'ben', 'over')).resolves.toBeNull();
  });

  it.each([
    ['all', 'sim'],
    ['venue', null],
  ] as const)('of scope %s cannot have the target %s', async (scope, target) => {
    await expect(halts().setHalt({ scope, target, reason: 'x', by: 'anna' })).rejects.toThrow('check constraint');
    await expect(storage.events()).resolves.toEqual([]);
  });
});

describe('venues', () => {
  const directory = () => createVenueDirectory(storage.database);
  const profile = { id: 'sim', exchange: 'binance', label: 'paper', assumptions: { speed: 1 } } as const;
  const instrument = (symbol: string, given: Partial<Instrument> = {}): Instrument => ({
    symbol,
    base: symbol.split('/')[0]!,
    quote: 'USDT',
    tick: '0.01',
    lot: '0.00001',
    minQuantity: '0.00001',
    maxQuantity: '9000',
    minNotional: '5',
    ...given,
  });
  const btc = instrument('BTC/USDT');
  const tiny = instrument('SHIB/USDT', { tick: '0.00000001', lot: '1', maxQuantity: null, minNotional: '0' });

  it('keep their instruments to the last digit', async () => {
    await directory().saveVenue(profile, [tiny, btc]);
    await expect(directory().listInstruments('sim')).resolves.toEqual([btc, tiny]);
    await expect(directory().findInstrument('sim', 'SHIB/USDT')).resolves.toEqual(tiny);
    await expect(directory().findInstrument('other', 'SHIB/USDT')).resolves.toBeNull();
    await expect(directory().findInstrument('sim', 'LTC/USDT')).resolves.toBeNull();
  });

  it('follow what the venue lists now', async () => {
    await directory().saveVenue(profile, [tiny, btc]);
    const coarser = { ...btc, lot: '0.0001' };
    await directory().saveVenue({ ...profile, label: 'live', assumptions: null }, [coarser]);
    await expect(directory().listInstruments('sim')).resolves.toEqual([coarser]);
    await expect(directory().listVenues()).resolves.toEqual([
      {
        profile: { ...profile, label: 'live', assumptions: null, marketTime: 'wall' },
        health: null,
        healthAgeMs: null,
        owner: null,
      },
    ]);
  });

  it('say how old their health is', async () => {
    const health = {
      status: 'degraded',
      clockOffsetMs: -3,
      lastOkAt: 1,
      lastErrorAt: 2,
      lastError: 'timeout',
      usedWeight: 40,
      weightLimit: 6_000,
    } as const;
    await directory().saveVenue(profile, []);
    await directory().saveHealth('sim', health);
    await storage.database.query("update venues set health_at = health_at - interval '90 seconds'");
    const [entry] = await directory().listVenues();
    expect(entry).toMatchObject({ health });
    expect(entry?.healthAgeMs).toBeGreaterThanOrEqual(90_000);
    expect(entry?.healthAgeMs).toBeLessThan(120_000);
  });
});

describe('keys of the API', () => {
  it('are found by their hash; a new key of the same name takes the place of the old', async () => {
    const keys = createKeyStore(storage.database);
    const first = { hash: createHash('sha256').update('one').digest('hex'), name: 'admin', role: 'admin' } as const;
    const second = { ...first, hash: createHash('sha256').update('two').digest('hex') };
    await expect(keys.saveKey(first)).resolves.toEqual(first);
    await expect(keys.findKey(first.hash)).resolves.toEqual(first);
    await keys.saveKey(second);
    await expect(keys.findKey(first.hash)).resolves.toBeNull();
    await expect(keys.findKey(second.hash)).resolves.toEqual(second);
  });
});

describe('a transaction', () => {
  it('keeps nothing of what failed, and its connection is fit for the next', async () => {
    const failing = inTransaction(storage.database, async (connection) => {
      await appendEvent(connection, 'test', 'x', {});
      await connection.query('select 1/0');
    });
    await expect(failing).rejects.toThrow('division by zero');
    await expect(storage.events()).resolves.toEqual([]);
    await inTransaction(storage.database, (connection) => appendEvent(connection, 'test', 'x', {}));
    await expect(storage.events()).resolves.toEqual(['test']);
  });

  it('survives the end of its connection: the pool opens another', async () => {
    const dying = inTransaction(storage.database, async (connection) => {
      await connection.query('select pg_terminate_backend(pg_backend_pid())');
    });
    await expect(dying).rejects.toThrow('terminating connection');
    await expect(storage.events()).resolves.toEqual([]);
  });
});

describe('migrations', () => {
  it('change nothing the second time', async () => {
    await expect(runMigrations(storage.url)).resolves.toEqual([]);
  });

  it('wait for one another when several processes start at once', async () => {
    await expect(Promise.all([1, 2, 3].map(() => runMigrations(storage.url)))).resolves.toEqual([[], [], []]);
  });

  it('refuse a file that was changed after it had been applied', async () => {
    const { rows } = await storage.database.query<{ name: string; hash: string }>(
      "update migrations set hash = 'x' || hash returning name, hash",
    );
    await expect(runMigrations(storage.url)).rejects.toThrow(
      `migration ${rows[0]!.name} was changed after it had been applied: add a new file instead`,
    );
    await storage.database.query('update migrations set hash = substr(hash, 2)');
    await expect(runMigrations(storage.url)).resolves.toEqual([]);
  });

  it('apply every file of the folder, in order', async () => {
    const { rows } = await storage.database.query<{ name: string }>(
      'select name from migrations order by applied_at, name',
    );
    expect(rows[0]?.name).toBe('0001_execution_path.sql');
  });
});
