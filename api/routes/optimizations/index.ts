import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { isOver } from '../../../domain/optimization/job/commands.ts';
import type { OptimizationRecord } from '../../../adapters/ports/optimization-store.ts';
import { clientGone } from '../../client-gone.ts';
import { idempotencyKeyOf } from '../../idempotency.ts';
import { acceptOptimization } from '../../optimizations/accept.ts';
import { commandOptimization, optimizationOf, resumeOptimization } from '../../optimizations/command.ts';
import { reportFile } from '../../optimizations/report.ts';
import { bestOf, resultsFile, resultsPage } from '../../optimizations/result-rows.ts';
import { optimizationSummary, optimizationView, resultOf, startedView } from '../../optimizations/views.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { trader, viewer } from '../../roles.ts';
import { starterOf, startOrLeave } from '../../start-sweep.ts';
import { schemas } from './schema.ts';

/** Strategies are code and specs name files: whoever may start one runs programs on the platform's machines. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const CSV = 'text/csv; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

/** `/v1/optimizations` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies }) => {
  const { optimizations, optimizationWorkflows } = dependencies;
  const starter = starterOf(optimizations, optimizationWorkflows);
  const find = (id: string): Promise<OptimizationRecord> => optimizationOf(dependencies, id);

  const start = (record: OptimizationRecord): Promise<void> => startOrLeave(starter, record, 'optimization', app.log);

  app.post('', { ...trader, schema: schemas.start, bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const by = { owner: request.owner, key, gone: clientGone(reply) };
    const { optimization, created } = await acceptOptimization(dependencies, request.body, by);
    if (!isOver(optimization.status)) await start(optimization);
    return reply
      .code(created ? 201 : 200)
      .header('location', `/v1/optimizations/${optimization.id}`)
      .send(startedView(optimization));
  });

  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await optimizations.listOptimizations({ ...query, limit: limitOf(query) });
    return { items: items.map(optimizationSummary), next };
  });

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params }) => {
    const record = await find(params.id);
    return optimizationView(record, await bestOf(optimizations, record));
  });

  app.get('/:id/result', { ...viewer, schema: schemas.result }, async ({ params }) => resultOf(await find(params.id)));

  app.get('/:id/results', { ...viewer, schema: schemas.results }, async ({ params, query }) =>
    resultsPage(optimizations, await find(params.id), query),
  );

  app.get('/:id/results.csv', { ...viewer, schema: schemas.resultsFile }, async ({ params, query }, reply) =>
    reply.type(CSV).send(resultsFile(optimizations, await find(params.id), query)),
  );

  app.get('/:id/report.html', { ...viewer, schema: schemas.report }, async ({ params }, reply) =>
    reply.type(HTML).send(await reportFile(await find(params.id))),
  );

  app.post('/:id/pause', { ...trader, schema: schemas.pause }, async ({ params }) =>
    startedView(await commandOptimization(dependencies, params.id, 'pause')),
  );

  app.post('/:id/resume', { ...trader, schema: schemas.resume }, async ({ params }) => {
    const record = await resumeOptimization(dependencies, params.id);
    if (record.status === 'queued') await start(record);
    return startedView(record);
  });

  app.post('/:id/cancel', { ...trader, schema: schemas.cancel }, async ({ params }) =>
    startedView(await commandOptimization(dependencies, params.id, 'cancel')),
  );
};

export default routes;
