import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { schemas } from './schema.ts';

/** `/v1/limits` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { limits, clock } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async () => {
    const entries = await limits.listLimits(clock.now());
    return {
      items: entries.map(({ venue, limits: set, openNotional, ordersLast10s, ordersLastMinute }) => ({
        venue,
        limits:
          set === null
            ? null
            : {
                ...set,
                // One of 0.2 that has not been taken over since has none.
                quoteRates: (set.quoteRates as typeof set.quoteRates | undefined) ?? null,
                allowedSymbols:
                  set.allowedSymbols === null || set.allowedSymbols === 'all'
                    ? set.allowedSymbols
                    : [...set.allowedSymbols],
              },
        used: { openNotional, ordersLast10s, ordersLastMinute },
      })),
      next: null,
    };
  });
};

export default routes;
