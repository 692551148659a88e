import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { suggestion } from '../../../domain/parameters/closest-match.ts';
import type { RouteOptions } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { venueView } from '../../venue-status.ts';
import { schemas } from './schema.ts';

/** `/v1/venues` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { venues } }) => {
  app.get('', { schema: schemas.list }, async () => ({
    items: (await venues.listVenues()).map(venueView),
    next: null,
  }));

  app.get('/:id', { schema: schemas.show }, async ({ params: { id } }) => {
    const entries = await venues.listVenues();
    const entry = entries.find((each) => each.profile.id === id);
    if (entry === undefined) {
      const message = `no such venue; ${suggestion(
        id,
        entries.map((each) => each.profile.id),
      )}`;
      throw new Problem('VENUE_NOT_FOUND', `venue "${id}": ${message}`, [{ field: 'id', value: id, message }]);
    }
    return { ...venueView(entry), instruments: await venues.listInstruments(id) };
  });
};

export default routes;
