import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { hashKey } from '../../api/auth.ts';
import { ADMIN_KEY, type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const create = (body: object, key = ADMIN_KEY) =>
  app.inject({ method: 'POST', url: '/v1/keys', headers: withKey(key), body });
const revoke = (name: string, key = ADMIN_KEY) =>
  app.inject({ method: 'DELETE', url: `/v1/keys/${name}`, headers: withKey(key) });

it('a new key is shown once, works at once and is stored as its hash', async () => {
  const answer = await create({ name: 'wall-screen', role: 'viewer' });
  expect(answer.statusCode).toBe(201);
  expect(answer.headers['cache-control']).toBe('no-store');
  const { key, ...rest } = answer.json();
  expect(key).toMatch(/^tw_[A-Za-z0-9_-]{43}$/);
  expect(rest).toMatchObject({ name: 'wall-screen', role: 'viewer', createdBy: 'admin', revokedAt: null });
  expect(platform.keys.keys.get('wall-screen')?.hash).toBe(hashKey(key));
  expect((await app.inject({ url: '/v1/halts', headers: withKey(key) })).statusCode).toBe(200);
  const list = await app.inject({ url: '/v1/keys', headers: withKey() });
  expect(list.json().items.map(({ name }: { name: string }) => name)).toEqual(['admin', 'wall-screen']);
  expect(list.body).not.toContain(key);
  expect(list.body).not.toContain(hashKey(key));
});

it('two keys are never the same', async () => {
  const first = (await create({ name: 'a', role: 'viewer' })).json().key;
  const second = (await create({ name: 'b', role: 'viewer' })).json().key;
  expect(first).not.toBe(second);
});

it('a name is used once, and stays taken when its key is revoked', async () => {
  await create({ name: 'desk', role: 'trader' });
  expect((await create({ name: 'desk', role: 'viewer' })).json()).toMatchObject({
    status: 409,
    code: 'KEY_NAME_TAKEN',
  });
  await revoke('desk');
  expect((await create({ name: 'desk', role: 'viewer' })).json()).toMatchObject({ code: 'KEY_NAME_TAKEN' });
});

it('a revoked key opens nothing from then on', async () => {
  const { key } = (await create({ name: 'desk', role: 'trader' })).json();
  const revoked = await revoke('desk');
  expect(revoked.statusCode).toBe(200);
  expect(revoked.json()).toMatchObject({ name: 'desk', revokedBy: 'admin', revokedAt: expect.any(String) });
  expect((await app.inject({ url: '/v1/halts', headers: withKey(key) })).statusCode).toBe(401);
  expect((await revoke('desk')).statusCode).toBe(200);
});

it('the key of the file cannot be revoked: nobody is locked out', async () => {
  const { key } = (await create({ name: 'second', role: 'admin' })).json();
  expect((await revoke('admin', key)).json()).toMatchObject({
    status: 409,
    code: 'KEY_PROTECTED',
    errors: [{ field: 'name', message: expect.stringContaining('admin.key') }],
  });
  expect((await app.inject({ url: '/v1/keys', headers: withKey() })).statusCode).toBe(200);
});

it('the last admin key cannot be revoked, should there be none of a file', async () => {
  platform.keys.keys.clear();
  platform.addKey('tw_only', 'only', 'admin');
  expect((await revoke('only', 'tw_only')).json()).toMatchObject({ status: 409, code: 'KEY_PROTECTED' });
});

it('a key that is not there is 404', async () => {
  expect((await revoke('nobody')).json()).toMatchObject({ status: 404, code: 'KEY_NOT_FOUND' });
});
