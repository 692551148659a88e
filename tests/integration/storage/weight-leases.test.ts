import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createWeightLeases } from '../../../adapters/storage/weight-leases.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const BINANCE = { exchange: 'binance', rest: null };
const leasesAt = (address: Parameters<typeof createWeightLeases>[1] = BINANCE) =>
  createWeightLeases(storage.database, address);

/** A minute of the database, so that a test may not begin at the end of one. */
async function withinOneMinute<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const minute = async () =>
      (await storage.database.query<{ at: Date }>("select date_trunc('minute', clock_timestamp()) as at")).rows[0]!.at;
    const before = (await minute()).getTime();
    const done = await work();
    if ((await minute()).getTime() === before) return done;
    await storage.clear();
  }
}

describe('leases of request weight', () => {
  it('together never pass the ceiling, however many ask at once', async () => {
    const granted = await withinOneMinute(async () => {
      const all = await Promise.all(Array.from({ length: 30 }, () => leasesAt().lease(60, 1_000)));
      return all.map((lease) => lease.granted);
    });
    // 16 * 60 + 40 = 1000
    expect(granted.toSorted((a, b) => b - a)).toEqual([
      ...Array.from({ length: 16 }, () => 60),
      40,
      ...Array.from({ length: 13 }, () => 0),
    ]);
  });

  it('end with the minute of the database, and begin anew with the next', async () => {
    const { full, ends } = await withinOneMinute(async () => {
      const first = await leasesAt().lease(1_000, 1_000);
      return { ends: first.endsInMs, full: await leasesAt().lease(1, 1_000) };
    });
    expect(full.granted).toBe(0);
    expect(ends).toBeGreaterThan(0);
    expect(ends).toBeLessThanOrEqual(60_000);
    await storage.database.query("update venue_weights set minute = minute - interval '1 minute'");
    await expect(leasesAt().lease(1_000, 1_000)).resolves.toMatchObject({ granted: 1_000 });
  });

  it('are apart for each address that an exchange is asked at', async () => {
    await withinOneMinute(async () => {
      await leasesAt().lease(1_000, 1_000);
      const other = leasesAt({ exchange: 'binance', rest: 'http://127.0.0.1:9100' });
      await expect(other.lease(7, 1_000)).resolves.toMatchObject({ granted: 7 });
    });
  });

  it('follow a ceiling that has come down', async () => {
    await withinOneMinute(async () => {
      await leasesAt().lease(500, 1_000);
      await expect(leasesAt().lease(10, 400)).resolves.toMatchObject({ granted: 0 });
    });
  });
});

describe('a wait that an exchange asks for', () => {
  it('is seen by every process, and is over when it is over', async () => {
    await expect(leasesAt().blocked()).resolves.toBeNull();
    await leasesAt().block({ ms: 120_000, status: '418' });
    const seen = await leasesAt().blocked();
    expect(seen).toMatchObject({ status: '418' });
    expect(seen!.ms).toBeGreaterThan(100_000);
    expect(seen!.ms).toBeLessThanOrEqual(120_000);
    await expect(leasesAt({ exchange: 'kraken', rest: null }).blocked()).resolves.toBeNull();
    await storage.database.query("update venue_weights set blocked_until = blocked_until - interval '2 minutes'");
    await expect(leasesAt().blocked()).resolves.toBeNull();
  });

  it('is never shortened by a shorter one', async () => {
    await leasesAt().block({ ms: 120_000, status: '418' });
    await leasesAt().block({ ms: 5_000, status: '429' });
    await expect(leasesAt().blocked()).resolves.toMatchObject({ status: '418' });
    await leasesAt().block({ ms: 240_000, status: '429' });
    await expect(leasesAt().blocked()).resolves.toMatchObject({ status: '429' });
  });

  it('leaves what has been leased as it is', async () => {
    await withinOneMinute(async () => {
      await leasesAt().lease(1_000, 1_000);
      await leasesAt().block({ ms: 1_000, status: '429' });
      await expect(leasesAt().lease(1, 1_000)).resolves.toMatchObject({ granted: 0 });
    });
  });
});
