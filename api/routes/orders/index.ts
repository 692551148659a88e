import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { iso } from '../../iso.ts';
import { orderFillView, orderView } from '../../orders/views.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { admin, viewer } from '../../roles.ts';
import { schemas } from './schema.ts';

/** `/v1/orders` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { orders, settlement } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await orders.listOrders({ ...query, limit: limitOf(query) });
    return { items: items.map(orderView), next };
  });

  app.get('/:clientOrderId', { ...viewer, schema: schemas.show }, async ({ params: { clientOrderId } }) => {
    const found = await orders.findOrder(clientOrderId);
    if (found === null) throw notFound(clientOrderId);
    return { ...orderView(found.order), fills: found.fills.map(orderFillView) };
  });

  app.post('/:clientOrderId/settle', { ...admin, schema: schemas.settle }, async (request) => {
    const { clientOrderId } = request.params;
    const outcome = await settlement.settleNotPlaced(clientOrderId, { by: request.owner, reason: request.body.reason });
    switch (outcome.kind) {
      case 'settled':
        return orderView(outcome.order);
      case 'unknown':
        throw notFound(clientOrderId);
      case 'not-open':
        throw new Problem('ORDER_SETTLED', `The order "${clientOrderId}" is ${outcome.state}.`);
      case 'too-soon':
        throw new Problem('ORDER_TOO_YOUNG', `The order "${clientOrderId}" was sent at ${iso(outcome.sentAt)}.`);
      default:
        return outcome satisfies never;
    }
  });
};

function notFound(clientOrderId: string): Problem {
  return new Problem('ORDER_NOT_FOUND', `There is no order "${clientOrderId}".`, [
    { field: 'clientOrderId', value: clientOrderId, message: 'not known' },
  ]);
}

export default routes;
