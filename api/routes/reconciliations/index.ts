import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ForeignOrder, ForeignTrade, ReconciliationRecord } from '../../../adapters/ports/reconciliation-store.ts';
import { iso } from '../../iso.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { schemas } from './schema.ts';

function reconciliationView({ snapshot, startedAt, endedAt, ...record }: ReconciliationRecord) {
  return {
    ...record,
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    balances: snapshot?.balances ?? null,
  };
}

function foreignOrderView(order: ForeignOrder) {
  return {
    ...order,
    acceptedAt: iso(order.acceptedAt),
    firstSeenAt: iso(order.firstSeenAt),
    lastSeenAt: iso(order.lastSeenAt),
  };
}

function foreignTradeView(trade: ForeignTrade) {
  return { ...trade, at: iso(trade.at), seenAt: iso(trade.seenAt) };
}

/** `/v1/reconciliations` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { reconciliations } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await reconciliations.listReconciliations({ ...query, limit: limitOf(query) });
    return { items: items.map(reconciliationView), next };
  });

  app.get('/foreign-orders', { ...viewer, schema: schemas.foreignOrders }, async ({ query }) => {
    const { items, next } = await reconciliations.listForeignOrders({ ...query, limit: limitOf(query) });
    return { items: items.map(foreignOrderView), next };
  });

  app.get('/foreign-trades', { ...viewer, schema: schemas.foreignTrades }, async ({ query }) => {
    const { items, next } = await reconciliations.listForeignTrades({ ...query, limit: limitOf(query) });
    return { items: items.map(foreignTradeView), next };
  });
};

export default routes;
