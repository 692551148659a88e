import type { FastifyInstance } from 'fastify';
import type { DurationMs } from '../domain/market/decimal.ts';
import { Problem } from './problems.ts';

const ADDRESS_LIMIT = 8 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body is a file, which may take its time. */
    arrivesSlowly?: boolean;
  }
}

/** Ends the connection of a request that has not arrived whole in time; routes that take files are spared. */
export function limitArrival(app: FastifyInstance, withinMs: DurationMs): void {
  app.addHook('onRequest', async ({ raw, routeOptions }, reply) => {
    if (raw.complete || routeOptions.config.arrivesSlowly === true) return;
    const timer = setTimeout(() => {
      if (!raw.complete) raw.destroy();
    }, withinMs).unref();
    reply.raw.once('close', () => clearTimeout(timer));
  });
}

/** Refuses addresses that are longer than any that we answer to, before anything else looks at them. */
export function limitAddresses(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    const length = raw.url?.length ?? 0;
    if (length > ADDRESS_LIMIT)
      throw new Problem('ADDRESS_TOO_LONG', `The address has ${length} characters; at most ${ADDRESS_LIMIT} are read.`);
  });
}
