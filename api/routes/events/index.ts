import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { followEvents, SlowClient } from '../../events/follow.ts';
import { eventView } from '../../events/view.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { schemas } from './schema.ts';

/** Seconds after which a client that was refused a place, or lost its own, may ask again. */
const AGAIN_S = 5;

/** `/v1/events` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies, places }) => {
  const { events, keys, settings } = dependencies;
  const open = new Set<AbortController>();
  // A stream has no end of its own: without this the server would wait for its clients.
  app.addHook('preClose', async () => {
    for (const stream of open) stream.abort();
  });

  // Not for HEAD as well: its answer would have no end either.
  app.get('', { ...viewer, schema: schemas.follow, exposeHeadRoute: false }, async (request, reply) => {
    const { after, ...filter } = request.query;
    const last = request.headers['last-event-id'];
    void reply.header('retry-after', AGAIN_S);
    const free = places.take(request.owner);
    // Refused while there is still an answer to refuse with.
    await events.position().catch((error: unknown) => {
      free();
      throw error;
    });
    reply.removeHeader('retry-after').hijack();
    const { raw } = reply;
    const stream = new AbortController();
    open.add(stream);
    raw.once('close', () => stream.abort());
    raw.on('error', () => stream.abort());
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string | string[]>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // Nothing follows a stream on its connection; kept alive, it would hold up the end of the API.
      connection: 'close',
    });
    try {
      await followEvents(
        raw,
        events,
        {
          filter,
          after: last === undefined ? (after ?? null) : Number(last),
          isAllowed: async () => (await keys.findKey(request.keyHash)) !== null,
          stop: stream.signal,
        },
        settings.follow,
      );
      raw.end();
    } catch (error) {
      if (error instanceof SlowClient) request.log.info(`${request.owner} follows events too slowly: cut off`);
      else request.log.warn({ err: error }, 'a stream of events broke off');
      // Not ended but cut: the client must not take it for whole.
      raw.destroy();
    } finally {
      open.delete(stream);
      free();
    }
  });

  app.get('/history', { ...viewer, schema: schemas.history }, async ({ query: { after = 0, limit, ...filter } }) => {
    const size = limitOf(limit === undefined ? {} : { limit });
    // What was written before this request is in its answer.
    await events.position();
    const { events: items, upTo } = await events.read(after, filter, size);
    return {
      items: items.map(eventView),
      next: items.length === size ? String(upTo) : null,
      last: upTo,
      prunedThrough: await events.prunedThrough(),
    };
  });
};

export default routes;
