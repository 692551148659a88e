import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { streamView } from '../../stream-status.ts';
import { unknownVenue } from '../../unknown-venue.ts';
import { schemas } from './schema.ts';

/** `/v1/streams` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { streams, venues } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async ({ query: { venue } }) => {
    if (venue !== undefined) {
      const ids = (await venues.listVenues()).map(({ profile }) => profile.id);
      if (!ids.includes(venue)) throw unknownVenue('venue', venue, ids);
    }
    const all = await streams.list();
    return {
      items: all.filter((stream) => venue === undefined || stream.venue === venue).map(streamView),
      next: null,
    };
  });
};

export default routes;
