import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ApiKey } from '../../adapters/storage/key-store.ts';
import { ensureAdminKey } from '../../api/admin-key.ts';

describe('the admin key', () => {
  let path: string;
  let saved: ApiKey[];
  const keys = {
    saveKey: async (key: ApiKey) => {
      saved.push(key);
      return key;
    },
  };
  const unexpected = (error: unknown) => {
    throw error;
  };
  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'tradewind-key-')), 'home', 'admin.key');
    saved = [];
  });

  it('is made on the first start, readable by its owner alone, and stored as a hash', async () => {
    await ensureAdminKey(path, keys, unexpected);
    const key = readFileSync(path, 'utf8').trim();
    // 32 random bytes are 43 characters of base64url.
    expect(key).toMatch(/^tw_[\w-]{43}$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(saved).toEqual([{ hash: createHash('sha256').update(key).digest('hex'), name: 'admin', role: 'admin' }]);
    expect(readdirSync(dirname(path))).toEqual(['admin.key']);
  });

  it('stays the same at the next start, and its mode is tightened', async () => {
    await ensureAdminKey(path, keys, unexpected);
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, before, { mode: 0o644 });
    await ensureAdminKey(path, keys, unexpected);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(saved[1]).toEqual(saved[0]);
  });

  it('is refused when the file holds something else', async () => {
    await ensureAdminKey(path, keys, unexpected);
    writeFileSync(path, 'password\n');
    await expect(ensureAdminKey(path, keys, unexpected)).rejects.toThrow('holds no admin key');
    expect(saved).toHaveLength(1);
  });

  it('is stored once the database is back, when the API starts while it is away', async () => {
    const told: unknown[] = [];
    let stored: (key: ApiKey) => void = () => undefined;
    const later = new Promise<ApiKey>((resolve) => (stored = resolve));
    const away = {
      saveKey: async (key: ApiKey) => {
        if (told.length < 2) throw new Error('the database is away');
        stored(key);
        return key;
      },
    };
    const stop = await ensureAdminKey(path, away, (error) => told.push(error), 1);
    expect(told).toEqual([new Error('the database is away')]);
    await expect(later).resolves.toMatchObject({ role: 'admin' });
    expect(told).toHaveLength(2);
    await stop();
  });

  it('is stored no more when the API stops first', async () => {
    const told: unknown[] = [];
    const away = { saveKey: () => Promise.reject(new Error('the database is away')) };
    const stop = await ensureAdminKey(path, away, (error) => told.push(error), 3_600_000);
    await stop();
    expect(told).toHaveLength(1);
  });
});
