import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { unknownVenue } from '../../unknown-venue.ts';
import { instrumentsPage } from '../../venues/instruments-page.ts';
import { venueView } from '../../venue-status.ts';
import { schemas } from './schema.ts';

/** `/v1/venues` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { venues } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async () => ({
    items: (await venues.listVenues()).map(venueView),
    next: null,
  }));

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params: { id } }) => {
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

  app.get('/:id/instruments', { ...viewer, schema: schemas.instruments }, async ({ params: { id }, query }) => {
    const instruments = await venues.listInstruments(id);
    if (instruments.length === 0) {
      const known = (await venues.listVenues()).map(({ profile }) => profile.id);
      if (!known.includes(id)) throw unknownVenue('id', id, known);
    }
    return instrumentsPage(instruments, query, limitOf(query.limit === undefined ? {} : { limit: query.limit }));
  });
};

export default routes;
