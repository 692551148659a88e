import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiKey, KeyStore, Role } from '../adapters/storage/key-store.ts';
import { Problem } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Least role that may call the route; `public` needs no key. Without it a route takes any valid key. */
    role?: Role | 'public';
  }
  interface FastifyRequest {
    /** Name of the key that the request came with; empty on public routes. */
    owner: string;
  }
}

/** From the least to the most powerful; each may do what those before it may. */
const RANKS: readonly Role[] = ['viewer', 'operator', 'trader', 'admin'];

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

async function authenticate(request: FastifyRequest, keys: Pick<KeyStore, 'findKey'>): Promise<ApiKey> {
  const hash = hashKey(bearerKey(request));
  const known = await keys.findKey(hash);
  if (known === null || !timingSafeEqual(Buffer.from(known.hash, 'hex'), Buffer.from(hash, 'hex'))) {
    throw new Problem('UNAUTHENTICATED', 'The key is not known.');
  }
  return known;
}

/** Lets a request through to a route only with a key of a sufficient role; sets `request.owner`. */
export function requireKeys(app: FastifyInstance, keys: Pick<KeyStore, 'findKey'>): void {
  app.decorateRequest('owner', '');
  app.addHook('onRequest', async (request, reply) => {
    const needed = request.routeOptions.config.role ?? 'viewer';
    if (needed === 'public' || request.is404) return;
    try {
      const key = await authenticate(request, keys);
      if (RANKS.indexOf(key.role) < RANKS.indexOf(needed)) {
        throw new Problem('FORBIDDEN', `The key "${key.name}" has the role ${key.role}; this call needs ${needed}.`);
      }
      request.owner = key.name;
    } catch (error) {
      if (error instanceof Problem && error.code === 'UNAUTHENTICATED')
        void reply.header('www-authenticate', 'Bearer realm="tradewind"');
      throw error;
    }
  });
}
