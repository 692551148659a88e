import type { FastifyInstance } from 'fastify';
import { Gauge, Histogram, type Registry } from 'prom-client';

const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What the API can tell of itself. */
export interface OwnFigures {
  readonly openStreams: () => number;
  /** Events that are written and not settled yet. */
  readonly eventLag: () => number;
}

/**
 * Counts requests by route, method and status, with their lengths. Routes are those that exist, never addresses as they were asked for, so
 * that nobody can make labels.
 */
export function countRequests(app: FastifyInstance, registry: Registry, own: OwnFigures): void {
  const durations = new Histogram({
    name: 'tradewind_api_request_duration_seconds',
    help: 'Requests of the API by route, method and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BOUNDS_S,
    registers: [registry],
  });
  new Gauge({
    name: 'tradewind_api_event_streams',
    help: 'Streams of events that are open.',
    registers: [registry],
    collect() {
      this.set(own.openStreams());
    },
  });
  new Gauge({
    name: 'tradewind_outbox_lag_events',
    help: 'Events that were written and are not given out yet, because a transaction below them has not ended.',
    registers: [registry],
    collect() {
      this.set(own.eventLag());
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? undefined : request.routeOptions.url;
    durations.observe(
      {
        method: route === undefined ? 'other' : request.method,
        route: route ?? 'unknown',
        status: String(reply.statusCode),
      },
      reply.elapsedTime / 1000,
    );
  });
}
