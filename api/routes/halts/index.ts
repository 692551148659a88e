import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { HaltRecord } from '../../../adapters/ports/execution-store.ts';
import type { VenueDirectory } from '../../../adapters/ports/order-ledger.ts';
import { suggestion } from '../../../domain/parameters/closest-match.ts';
import { iso } from '../../iso.ts';
import { limitOf } from '../../paging.ts';
import type { RouteOptions } from '../../ports.ts';
import { admin, operator, viewer } from '../../roles.ts';
import { fieldsProblem, Problem } from '../../problems.ts';
import { schemas } from './schema.ts';

function haltView(halt: HaltRecord) {
  return {
    id: halt.id,
    scope: halt.scope,
    target: halt.target,
    reason: halt.reason,
    setBy: halt.setBy,
    setAt: iso(halt.setAt),
    liftedBy: halt.liftedBy,
    liftedAt: iso(halt.liftedAt),
    liftReason: halt.liftReason,
  };
}

/** A halt of something that does not exist would stop nothing, and whoever set it would think otherwise. */
async function requireTarget(
  venues: Pick<VenueDirectory, 'listVenues' | 'listInstruments'>,
  scope: 'all' | 'venue' | 'symbol',
  target: string | undefined,
): Promise<string | null> {
  if (scope === 'all') {
    if (target === undefined) return null;
    throw fieldsProblem('INVALID_FIELDS', [
      { field: 'target', value: target, message: 'leave it out for scope "all"' },
    ]);
  }
  if (target === undefined) {
    throw fieldsProblem('INVALID_FIELDS', [
      { field: 'target', value: null, message: `missing; give the ${scope} to halt` },
    ]);
  }
  const ids = (await venues.listVenues()).map((entry) => entry.profile.id);
  const symbols = async () =>
    (await Promise.all(ids.map((id) => venues.listInstruments(id)))).flat().map((each) => each.symbol);
  const known = scope === 'venue' ? ids : [...new Set(await symbols())];
  if (known.includes(target)) return target;
  throw fieldsProblem(scope === 'venue' ? 'UNKNOWN_VENUE' : 'UNKNOWN_SYMBOL', [
    { field: 'target', value: target, message: `no such ${scope}; ${suggestion(target, known)}` },
  ]);
}

/** `/v1/halts` */
const routes: FastifyPluginAsyncTypebox<RouteOptions> = async (app, { dependencies: { halts, venues } }) => {
  app.get('', { ...viewer, schema: schemas.list }, async ({ query: { active, ...page } }) => {
    const { items, next } = await halts.listHalts({ ...page, activeOnly: active ?? false, limit: limitOf(page) });
    return { items: items.map(haltView), next };
  });

  app.post('', { ...operator, schema: schemas.set }, async (request, reply) => {
    const { scope, reason } = request.body;
    const target = await requireTarget(venues, scope, request.body.target);
    return reply.code(201).send(haltView(await halts.setHalt({ scope, target, reason, by: request.owner })));
  });

  app.post('/:id/lift', { ...admin, schema: schemas.lift }, async (request) => {
    const { id } = request.params;
    const before = await halts.findHalt(id);
    if (before !== null && before.liftedAt !== null) {
      throw new Problem('HALT_LIFTED', `${before.liftedBy} lifted this halt at ${iso(before.liftedAt)}.`);
    }
    const lifted = await halts.liftHalt(id, request.owner, request.body.reason);
    if (lifted === null) {
      throw new Problem('HALT_NOT_FOUND', `There is no halt "${id}".`, [
        { field: 'id', value: id, message: 'not known' },
      ]);
    }
    return haltView(lifted);
  });
};

export default routes;
