import type { FastifyInstance } from 'fastify';
import type { DurationMs } from '../domain/market/decimal.ts';

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
