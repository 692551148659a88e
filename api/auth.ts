import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKey, KeyStore, Role } from '../adapters/storage/key-store.ts';
import { KeyGuesses } from './key-guesses.ts';
import { Problem } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Least role that may call the route; `public` needs no key. Every route says which. */
    role?: Role | 'public';
  }
  interface FastifyRequest {
    /** Name of the key that the request came with; empty on public routes. */
    owner: string;
    /** Hash of that key, to look later whether it still holds; empty on public routes. */
    keyHash: string;
  }
}

/** From the least to the most powerful; each may do what those before it may. */
export const RANKS: readonly Role[] = ['viewer', 'operator', 'trader', 'admin'];

/** The form in which a key is stored: lower-case hex SHA-256. Keys carry 256 random bits, so a plain hash suffices. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

function bearerKey(request: FastifyRequest): string {
  const header = request.headers.authorization;
  if (header === undefined)
    throw new Problem('UNAUTHENTICATED', 'The request carries no key; send "Authorization: Bearer <key>".');
  const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
  if (key === undefined)
    throw new Problem('UNAUTHENTICATED', 'The Authorization header is not of the form "Bearer <key>".');
  return key;
}

async function authenticate(
  request: FastifyRequest,
  reply: FastifyReply,
  keys: Pick<KeyStore, 'findKey'>,
  guesses: KeyGuesses,
): Promise<ApiKey> {
  const hash = hashKey(bearerKey(request));
  const afterS = guesses.tryAfterS(request.ip, hash);
  if (afterS !== null) {
    void reply.header('retry-after', afterS);
    throw new Problem(
      'RATE_LIMITED',
      `Too many wrong keys from this address within a minute; ask again in ${afterS} s.`,
    );
  }
  const known = await keys.findKey(hash);
  if (known === null || !timingSafeEqual(Buffer.from(known.hash, 'hex'), Buffer.from(hash, 'hex'))) {
    guesses.wrong(hash);
    throw new Problem('UNAUTHENTICATED', 'The key is not known, or it has been revoked.');
  }
  guesses.right(request.ip, hash);
  return known;
}

/**
 * Lets a request through to a route only with a key of a sufficient role; sets `request.owner` and `request.keyHash`. A route that declares no
 * role cannot be added: an oversight must not open it.
 */
export function requireKeys(app: FastifyInstance, keys: Pick<KeyStore, 'findKey'>, wrongKeysPerMinute: number): void {
  const guesses = new KeyGuesses(wrongKeysPerMinute);
  app.decorateRequest('owner', '');
  app.decorateRequest('keyHash', '');
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.role === undefined)
      throw new Error(`${[method].flat().join(', ')} ${url} declares no role: see api/roles.ts`);
  });
  app.addHook('onRequest', async (request, reply) => {
    const needed = request.routeOptions.config.role ?? 'admin';
    if (needed === 'public' || request.is404) return;
    try {
      const key = await authenticate(request, reply, keys, guesses);
      request.owner = key.name;
      request.keyHash = key.hash;
      if (RANKS.indexOf(key.role) < RANKS.indexOf(needed)) {
        throw new Problem('FORBIDDEN', `The key "${key.name}" has the role ${key.role}; this call needs ${needed}.`);
      }
    } catch (error) {
      if (error instanceof Problem && error.code === 'UNAUTHENTICATED')
        void reply.header('www-authenticate', 'Bearer realm="tradewind"');
      throw error;
    }
  });
}
