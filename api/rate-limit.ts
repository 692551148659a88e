import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problems.ts';

const WINDOW_MS = 60_000;
/** Callers that are remembered at once. */
const CALLERS = 10_000;

/**
 * Lets each key, and each address on routes that need none, have so many requests a minute; beyond them it answers `RATE_LIMITED` with
 * `Retry-After`. Call it behind `requireKeys`, which says whose request it is.
 */
export async function limitRate(app: FastifyInstance, requestsPerMinute: number): Promise<void> {
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: WINDOW_MS,
    cache: CALLERS,
    keyGenerator: ({ owner, ip }) => (owner === '' ? `address ${ip}` : `key ${owner}`),
    errorResponseBuilder: (_request, { max, ttl }) =>
      new Problem(
        'RATE_LIMITED',
        `More than ${max} requests within a minute; ask again in ${Math.max(1, Math.ceil(ttl / 1000))} s.`,
      ),
  });
}
