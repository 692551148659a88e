import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { RouteOptions } from '../../ports.ts';
import { unknownVenue } from '../../unknown-venue.ts';
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
      throw unknownVenue(
        'id',
        id,
        entries.map((each) => each.profile.id),
      );
    }
    return { ...venueView(entry), instruments: await venues.listInstruments(id) };
  });
};

export default routes;
