import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Big from 'big.js';
import type { SessionEntry } from '../../../adapters/ports/session-reader.ts';
import type { SessionCommand } from '../../../domain/session/commands.ts';
import { toText } from '../../../domain/market/decimal.ts';
import { isOver } from '../../../domain/session/status.ts';
import { idempotencyKeyOf } from '../../idempotency.ts';
import { iso } from '../../iso.ts';
import { limitOf, type PageRequest } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { admin, trader, viewer } from '../../roles.ts';
import { acceptSession, startBody } from '../../sessions/accept.ts';
import { adjustSession } from '../../sessions/adjust.ts';
import { checkSession, parseSession } from '../../sessions/check.ts';
import { amendSession, commandSession, sessionOf } from '../../sessions/command.ts';
import { compareSession } from '../../sessions/compare.ts';
import { reconcileNow, reconciliationOf } from '../../sessions/reconciliation.ts';
import { sessionStarter } from '../../sessions/start.ts';
import { startOrLeave } from '../../start-sweep.ts';
import {
  checkView,
  decisionView,
  equityView,
  journalView,
  orderView,
  sessionView,
  startedView,
  tradeView,
} from '../../sessions/views.ts';
import { schemas } from './schema.ts';

const page = (query: PageRequest) => ({
  limit: limitOf(query),
  ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
});

/** A page of a list that can be read from either end. */
const orderedPage = (query: PageRequest & { readonly order?: 'oldest' | 'newest' }) => ({
  ...page(query),
  newestFirst: query.order === 'newest',
});

/** `/v1/sessions` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies }) => {
  const { sessionReader, venues } = dependencies;
  const starter = sessionStarter(dependencies);

  /** Sessions with what is said of their accounts. */
  const shown = async (entries: readonly SessionEntry[]) => {
    const profiles = new Map((await venues.listVenues()).map(({ profile }) => [profile.id, profile]));
    return entries.map((entry) => sessionView(entry, profiles.get(entry.record.spec.venue)));
  };
  const shownOne = async (entry: SessionEntry) => (await shown([entry]))[0]!;

  app.post('', { ...trader, schema: schemas.start }, async (request, reply) => {
    const key = idempotencyKeyOf(request);
    const { session, created } = await acceptSession(dependencies, request.body, { owner: request.owner, key });
    if (!isOver(session.status)) await startOrLeave(starter, session, 'session', request.log);
    return reply
      .code(created ? 201 : 200)
      .header('location', `/v1/sessions/${session.id}`)
      .send(startedView(session));
  });

  app.post('/check', { ...trader, schema: schemas.check }, async ({ body }) => {
    const check = await checkSession(dependencies, parseSession(startBody(body).spec));
    const { made } = check;
    return {
      ...checkView(check),
      spec: made?.spec ?? null,
      neededBars: made?.neededBars ?? null,
      startBar: iso(made?.startBar ?? null),
      firstCandle: iso(made?.firstCandle ?? null),
    };
  });

  app.get('', { ...viewer, schema: schemas.list }, async ({ query }) => {
    const { items, next } = await sessionReader.listSessions({ ...query, limit: limitOf(query) });
    return { items: await shown(items), next };
  });

  app.get('/:id', { ...viewer, schema: schemas.show }, async ({ params }) =>
    shownOne(await sessionOf(dependencies, params.id)),
  );

  // It runs the strategy's code, and asks the venue for prices: more than reading.
  app.get('/:id/check-list', { ...trader, schema: schemas.checkList }, async ({ params }) => {
    const { record, books } = await sessionOf(dependencies, params.id);
    const strategy = { ...record.spec.strategy, params: record.params };
    const cash =
      books === null ? record.spec.capital : toText(new Big(Math.max(0, books.cash)).round(8, Big.roundDown));
    const running = isOver(record.status) ? null : { id: record.id, cash };
    return checkView(await checkSession(dependencies, { ...record.spec, strategy }, running));
  });

  app.get('/:id/decisions', { ...viewer, schema: schemas.decisions }, async ({ params, query }) => {
    const { record } = await sessionOf(dependencies, params.id);
    const withSignals = query.signals === 'only';
    const { items, next } = await sessionReader.decisions(record.id, { ...page(query), withSignals });
    return { items: items.map(decisionView), next };
  });

  app.get('/:id/trades', { ...viewer, schema: schemas.trades }, async ({ params, query }) => {
    const { record } = await sessionOf(dependencies, params.id);
    const { items, next } = await sessionReader.trades(record.id, orderedPage(query));
    return { items: items.map(tradeView), next };
  });

  app.get('/:id/equity', { ...viewer, schema: schemas.equity }, async ({ params, query }) => {
    const { record } = await sessionOf(dependencies, params.id);
    const { items, next } = await sessionReader.equity(record.id, orderedPage(query));
    return { items: items.map(equityView), next };
  });

  app.get('/:id/orders', { ...viewer, schema: schemas.orders }, async ({ params, query }) => {
    const { record } = await sessionOf(dependencies, params.id);
    const { items, next } = await sessionReader.orders(record.id, page(query));
    return { items: items.map(orderView), next };
  });

  app.get('/:id/positions', { ...viewer, schema: schemas.positions }, async ({ params }) => {
    const { positions, dust, watched, cash, equity, quote, lastBar } = await shownOne(
      await sessionOf(dependencies, params.id),
    );
    return { lastBar, quote, cash, equity, items: positions, dust, watched };
  });

  app.get('/:id/journal', { ...viewer, schema: schemas.journal }, async ({ params, query }) => {
    const { record } = await sessionOf(dependencies, params.id);
    const { items, next } = await sessionReader.journal(record.id, orderedPage(query));
    return { items: items.map(journalView), next };
  });

  app.get('/:id/reconciliation', { ...viewer, schema: schemas.reconciliation }, async ({ params }) =>
    reconciliationOf(dependencies, params.id),
  );

  app.post('/:id/reconcile', { ...trader, schema: schemas.reconcile }, async ({ params }) =>
    reconcileNow(dependencies, params.id),
  );

  app.post('/:id/comparison', { ...trader, schema: schemas.comparison }, async ({ params }) =>
    compareSession(dependencies, params.id),
  );

  app.post('/:id/adjust', { ...admin, schema: schemas.adjust }, async (request) => {
    const by = { owner: request.owner, key: idempotencyKeyOf(request) };
    return shownOne(await adjustSession(dependencies, request.params.id, request.body, by));
  });

  app.post('/:id/amend', { ...trader, schema: schemas.amend }, async ({ params, body, owner }) =>
    shownOne(await amendSession(dependencies, params.id, body.params, owner)),
  );

  const command = async (id: string, asked: SessionCommand) => shownOne(await commandSession(dependencies, id, asked));

  app.post('/:id/pause', { ...trader, schema: schemas.pause }, async ({ params, body, owner }) =>
    command(params.id, { kind: 'pause', mode: body?.mode ?? 'keep', by: owner }),
  );
  app.post('/:id/resume', { ...trader, schema: schemas.resume }, async ({ params, body, owner }) =>
    command(params.id, { kind: 'resume', reason: body.reason, by: owner }),
  );
  app.post('/:id/stop', { ...trader, schema: schemas.stop }, async ({ params, body, owner }) =>
    command(params.id, { kind: 'stop', mode: body.mode, by: owner }),
  );
};

export default routes;
