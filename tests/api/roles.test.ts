import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import type { Role } from '../../adapters/storage/key-store.ts';
import { buildApp } from '../../api/app.ts';
import { RANKS } from '../../api/auth.ts';
import { DEFAULT_SETTINGS } from '../../api/settings.ts';
import { FakePlatform, withKey } from './fakes/platform.ts';

interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly role: Role | 'public';
}

let app: FastifyInstance;
const operations: Operation[] = [];
beforeAll(async () => {
  const platform = new FakePlatform();
  // Streams of events end at once, so that every answer is whole.
  platform.settings = { ...DEFAULT_SETTINGS, follow: { ...DEFAULT_SETTINGS.follow, lifeMs: 1 } };
  for (const role of RANKS) platform.addKey(`tw_${role}`, `a-${role}`, role);
  platform.addKey('tw_revoked', 'a-revoked', 'admin');
  await platform.keys.store.revokeKey('a-revoked', 'a-admin');
  app = await buildApp(platform.dependencies());
  const { paths } = (await app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, { 'x-role': Role | 'public' }>>;
  };
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods))
      operations.push({ method: method.toUpperCase() as 'GET', path, role: operation['x-role'] });
});
afterAll(() => app.close());

/** Ids that no record has: whoever is let through meets 404 or 422, and nothing happens. */
const call = ({ method, path }: Operation, headers: Record<string, string>) =>
  app.inject({ method, url: path.replaceAll(/\{\w+\}/g, 'x'), headers });

it('every route declares a role', () => {
  expect(operations.length).toBeGreaterThan(55);
  for (const { role } of operations) expect(['public', ...RANKS]).toContain(role);
});

it('every route lets exactly its role and those above it through', async () => {
  const wrong: string[] = [];
  let checked = 0;
  for (const operation of operations) {
    const needed = operation.role;
    const without = await call(operation, {});
    if ((without.statusCode === 401) === (needed === 'public')) wrong.push(`${operation.path} without a key`);
    for (const role of RANKS) {
      const { statusCode } = await call(operation, withKey(`tw_${role}`));
      const isAllowed = needed === 'public' || RANKS.indexOf(role) >= RANKS.indexOf(needed);
      // Behind the door it may be refused for another reason, and is answered in any case.
      const isRight = isAllowed ? statusCode !== 401 && statusCode !== 403 && statusCode < 500 : statusCode === 403;
      if (!isRight) wrong.push(`${operation.method} ${operation.path} as ${role}: ${statusCode}`);
      checked += 1;
    }
    const revoked = await call(operation, withKey('tw_revoked'));
    if (needed !== 'public' && revoked.statusCode !== 401) wrong.push(`${operation.path} with a revoked key`);
  }
  expect(wrong).toEqual([]);
  expect(checked).toBe(operations.length * RANKS.length);
});

it('a route without a role cannot be added', async () => {
  const bare = new FakePlatform();
  const other = await buildApp(bare.dependencies());
  await other.close();
  const { requireKeys } = await import('../../api/auth.ts');
  const { default: Fastify } = await import('fastify');
  const plain = Fastify();
  requireKeys(plain, bare.keys.store, 10);
  expect(() => plain.get('/open', () => 'come in')).toThrow('GET /open declares no role');
  await plain.close();
});

it('docs/api.md has the matrix of routes and roles', () => {
  const text = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const rows = operations
    .filter(({ role }) => role !== 'viewer')
    .map(({ method, path, role }) => `| \`${method} ${path}\` | ${role} |`)
    .toSorted();
  const told = text.split('\n').filter((line) => /^\| `(GET|POST|DELETE) /.test(line));
  expect(told.toSorted()).toEqual(rows);
});
