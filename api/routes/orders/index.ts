import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { orderFillView, orderView } from '../../orders/views.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { viewer } from '../../roles.ts';
import { schemas } from './schema.ts';

/** `/v1/orders` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { orders } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await orders.listOrders({ ...query, limit: limitOf(query) });
    return { items: items.map(orderView), next };
  });

  app.get('/:clientOrderId', { ...viewer, schema: schemas.show }, async ({ params: { clientOrderId } }) => {
    const found = await orders.findOrder(clientOrderId);
    if (found === null) {
      throw new Problem('ORDER_NOT_FOUND', `There is no order "${clientOrderId}".`, [
        { field: 'clientOrderId', value: clientOrderId, message: 'not known' },
      ]);
    }
    return { ...orderView(found.order), fills: found.fills.map(orderFillView) };
  });
};

export default routes;
