import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ForeignOrder, ForeignTrade, ReconciliationRecord } from '../../../adapters/ports/reconciliation-store.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { viewer } from '../../roles.ts';
import { schemas } from './schema.ts';

const instant = (ms: number): string => new Date(ms).toISOString();

function reconciliationView({ snapshot, startedAt, endedAt, ...record }: ReconciliationRecord) {
  return {
    ...record,
    startedAt: instant(startedAt),
    endedAt: instant(endedAt),
    balances: snapshot?.balances ?? null,
  };
}

function foreignOrderView(order: ForeignOrder) {
  return {
    ...order,
    acceptedAt: order.acceptedAt === null ? null : instant(order.acceptedAt),
    firstSeenAt: instant(order.firstSeenAt),
    lastSeenAt: instant(order.lastSeenAt),
  };
}

function foreignTradeView(trade: ForeignTrade) {
  return { ...trade, at: instant(trade.at), seenAt: instant(trade.seenAt) };
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
