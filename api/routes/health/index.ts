import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { checkHealth } from '../../health.ts';
import type { RouteOptions } from '../../ports.ts';
import { schema } from './schema.ts';

/** `/v1/health` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies }) => {
  app.get('', { config: { role: 'public' }, schema }, async (_request, reply) => {
    const health = await checkHealth(dependencies);
    return reply.code(health.status === 'down' ? 503 : 200).send(health);
  });
};

export default routes;
