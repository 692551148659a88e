import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { isOver } from '../../../domain/backtest/commands.ts';
import { acceptBacktest } from '../../backtests/accept.ts';
import { equityFile, reportDocument, reportFile, resultOf, tradesFile, tradesPage } from '../../backtests/artefacts.ts';
import { backtestOf, cancelBacktest } from '../../backtests/cancel.ts';
import { checkBacktest } from '../../backtests/check.ts';
import { comparisonFile } from '../../backtests/compare.ts';
import { backtestSummary, backtestView, startedView } from '../../backtests/views.ts';
import { idempotencyKeyOf } from '../../idempotency.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { trader, viewer } from '../../roles.ts';
import { starterOf, startOrLeave } from '../../start-sweep.ts';
import { schemas } from './schema.ts';

/** Strategies are code and specs name files: whoever may start one runs programs on the platform's machine. */
/** Orders may come as text. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const CSV = 'text/csv; charset=utf-8';
const HTML = 'text/html; charset=utf-8';

/** `/v1/backtests` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies }) => {
  const { backtests, backtestWorkflows } = dependencies;
  const starter = starterOf(backtests, backtestWorkflows);

  app.post('', { ...trader, schema: schemas.start, bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const { backtest, created } = await acceptBacktest(dependencies, request.body, { owner: request.owner, key });
    if (!isOver(backtest.status)) await startOrLeave(starter, backtest, 'backtest', request.log);
    return reply
      .code(created ? 201 : 200)
      .header('location', `/v1/backtests/${backtest.id}`)
      .send(startedView(backtest));
  });

  app.post('/check', { ...trader, schema: schemas.check, bodyLimit: BODY_LIMIT_BYTES }, async ({ body }) =>
    checkBacktest(dependencies, body),
  );

  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await backtests.listBacktests({ ...query, limit: limitOf(query) });
    return { items: items.map(backtestSummary), next };
  });

  app.get('/report.html', { ...viewer, schema: schemas.comparison }, async ({ query }, reply) =>
    reply.type(HTML).send(await comparisonFile(dependencies, query.ids)),
  );

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params }) =>
    backtestView(await backtestOf(dependencies, params.id)),
  );

  app.get('/:id/manifest', { ...viewer, schema: schemas.manifest }, async ({ params }) => {
    return resultOf(await backtestOf(dependencies, params.id)).manifest;
  });

  app.get('/:id/trades', { ...viewer, schema: schemas.trades }, async ({ params, query }) =>
    tradesPage(backtests, await backtestOf(dependencies, params.id), query),
  );

  app.get('/:id/trades.csv', { ...viewer, schema: schemas.tradesFile }, async ({ params }, reply) =>
    reply.type(CSV).send(tradesFile(backtests, await backtestOf(dependencies, params.id))),
  );

  app.get('/:id/equity.csv', { ...viewer, schema: schemas.equityFile }, async ({ params }, reply) =>
    reply.type(CSV).send(equityFile(backtests, await backtestOf(dependencies, params.id))),
  );

  app.get('/:id/report.html', { ...viewer, schema: schemas.report }, async ({ params }, reply) =>
    reply.type(HTML).send(await reportFile(backtests, await backtestOf(dependencies, params.id))),
  );

  app.get('/:id/report.json', { ...viewer, schema: schemas.reportDocument }, async ({ params }) =>
    reportDocument(backtests, await backtestOf(dependencies, params.id)),
  );

  app.post('/:id/cancel', { ...trader, schema: schemas.cancel }, async ({ params }) =>
    startedView(await cancelBacktest(dependencies, params.id)),
  );
};

export default routes;
