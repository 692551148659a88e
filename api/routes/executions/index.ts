import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { isFinal } from '../../../domain/execution/commands.ts';
import { sliceLines } from '../../../domain/execution/costs/slice-lines.ts';
import { acceptExecution } from '../../executions/accept.ts';
import { amendExecution, type AmendBody, commandExecution, executionOf } from '../../executions/command.ts';
import { reportOf } from '../../executions/report.ts';
import { sliceRecords } from '../../executions/slice-records.ts';
import { executionView, fillView, startedView } from '../../executions/views.ts';
import { idempotencyKeyOf } from '../../idempotency.ts';
import { limitOf, pageOf } from '../../paging.ts';
import type { ExecutionCommand, RouteOptions } from '../../ports.ts';
import { trader, viewer } from '../../roles.ts';
import { starterOf, startOrLeave } from '../../start-sweep.ts';
import { schemas, type StartRequest } from './schema.ts';

const COMMANDS: readonly ExecutionCommand[] = ['pause', 'resume', 'cancel'];

/** `/v1/executions` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies }) => {
  const { executions, venues, workflows } = dependencies;
  const starter = starterOf(executions, workflows);

  app.post('', { ...trader, schema: schemas.start }, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const { execution, created } = await acceptExecution(dependencies, request.body as StartRequest, {
      owner: request.owner,
      key,
    });
    if (!isFinal(execution.status)) await startOrLeave(starter, execution, 'execution', request.log);
    return reply
      .code(created ? 201 : 200)
      .header('location', `/v1/executions/${execution.id}`)
      .send(startedView(execution));
  });

  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await executions.listExecutions({ ...query, limit: limitOf(query) });
    return { items: items.map(executionView), next };
  });

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params }) =>
    executionView(await executionOf(executions, params.id)),
  );

  app.get('/:id/slices', { ...viewer, schema: schemas.slices }, async ({ params, query }) => {
    const record = await executionOf(executions, params.id);
    const [decisions, orders, fills] = await Promise.all([
      executions.decisionsOf(record.id),
      executions.ordersOf(record.id),
      executions.fillsOf(record.id),
    ]);
    return pageOf(sliceLines(sliceRecords(record, decisions, orders), fills), query);
  });

  app.get('/:id/fills', { ...viewer, schema: schemas.fills }, async ({ params, query }) => {
    const record = await executionOf(executions, params.id);
    const fills = await executions.fillsOf(record.id);
    return pageOf(fills.map(fillView), query);
  });

  app.get('/:id/report', { ...viewer, schema: schemas.report }, async ({ params }) =>
    reportOf(await executionOf(executions, params.id), executions, venues),
  );

  app.post('/:id/amend', { ...trader, schema: schemas.amend }, async ({ params, body }) =>
    executionView(await amendExecution(dependencies, params.id, body as AmendBody)),
  );

  for (const command of COMMANDS) {
    app.post(`/:id/${command}`, { ...trader, schema: schemas[command] }, async ({ params }) =>
      startedView(await commandExecution(dependencies, params.id, command)),
    );
  }
};

export default routes;
