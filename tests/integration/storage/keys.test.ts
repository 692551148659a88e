import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type ApiKey, createKeyStore, type Role } from '../../../adapters/storage/key-store.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const keys = () => createKeyStore(storage.database);
const keyOf = (name: string, role: Role): ApiKey => ({
  name,
  role,
  hash: createHash('sha256').update(name).digest('hex'),
});

it('a key opens nothing once it is revoked, and its name stays taken', async () => {
  const key = keyOf('wall', 'viewer');
  await expect(keys().createKey(key, 'admin')).resolves.toEqual({
    name: 'wall',
    role: 'viewer',
    createdAt: expect.any(Number),
    createdBy: 'admin',
    revokedAt: null,
    revokedBy: null,
  });
  await expect(keys().findKey(key.hash)).resolves.toEqual(key);
  await expect(keys().createKey({ ...key, hash: 'other' }, 'admin')).resolves.toBeNull();
  const revoked = await keys().revokeKey('wall', 'anna');
  expect(revoked).toMatchObject({ kind: 'revoked', key: { revokedBy: 'anna', revokedAt: expect.any(Number) } });
  await expect(keys().findKey(key.hash)).resolves.toBeNull();
  await expect(keys().revokeKey('wall', 'ben')).resolves.toEqual(revoked);
  await expect(keys().createKey({ ...key, hash: 'other' }, 'admin')).resolves.toBeNull();
  await expect(storage.events('wall')).resolves.toEqual(['key.created', 'key.revoked']);
});

it('the last admin key cannot be revoked, not even by two at once', async () => {
  await keys().saveKey(keyOf('admin', 'admin'));
  await keys().createKey(keyOf('second', 'admin'), 'admin');
  await keys().createKey(keyOf('desk', 'trader'), 'admin');
  const outcomes = await Promise.all([keys().revokeKey('admin', 'second'), keys().revokeKey('second', 'admin')]);
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['last-admin', 'revoked']);
  await expect(keys().revokeKey('desk', 'admin')).resolves.toMatchObject({ kind: 'revoked' });
  const left = (await keys().listKeys()).filter(({ revokedAt }) => revokedAt === null);
  expect(left).toMatchObject([{ role: 'admin' }]);
});

it('a key that is not there is unknown', async () => {
  await expect(keys().revokeKey('nobody', 'admin')).resolves.toEqual({ kind: 'unknown' });
});

it('the key of the file holds again when its file is read again', async () => {
  await keys().saveKey(keyOf('admin', 'admin'));
  await keys().createKey(keyOf('second', 'admin'), 'admin');
  await keys().revokeKey('admin', 'second');
  await keys().saveKey({ ...keyOf('admin', 'admin'), hash: 'new' });
  await expect(keys().findKey('new')).resolves.toEqual({ name: 'admin', role: 'admin', hash: 'new' });
});

it('what is listed holds nothing of the key', async () => {
  const key = keyOf('wall', 'viewer');
  await keys().createKey(key, 'admin');
  expect(JSON.stringify(await keys().listKeys())).not.toContain(key.hash);
});
