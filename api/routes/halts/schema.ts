import Type from 'typebox';
import { answers, Name, Nullable, Page, PageQuery, Reason } from '../../schemas.ts';

const Scope = Type.Enum(['all', 'venue', 'symbol'], { description: 'what is halted' });

export const Halt = Type.Object({
  id: Type.String(),
  scope: Scope,
  target: Nullable(Type.String({ description: 'venue id or symbol; null for scope all' })),
  reason: Type.String(),
  setBy: Type.String(),
  setAt: Type.String(),
  liftedBy: Nullable(Type.String()),
  liftedAt: Nullable(Type.String()),
  liftReason: Nullable(Type.String()),
});

const tags = ['halts'];

export const schemas = {
  list: {
    tags,
    summary: 'List halts, newest first',
    querystring: Type.Object(
      {
        active: Type.Optional(Type.Boolean({ description: 'true or false; true for those in force only' })),
        ...PageQuery,
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Halt) }, 400),
  },
  set: {
    tags,
    summary: 'Stop trading on everything, a venue or a symbol',
    description: 'A halt latches: it stands until somebody lifts it with a reason.',
    body: Type.Object(
      {
        scope: Scope,
        target: Type.Optional(Name('the venue id or the symbol; leave it out for scope "all"')),
        reason: Reason,
      },
      { additionalProperties: false, description: 'a JSON object' },
    ),
    response: answers({ 201: Halt }, 400, 403, 413, 415),
  },
  lift: {
    tags,
    summary: 'Lift a halt (admin)',
    params: Type.Object({ id: Name('the id of a halt') }),
    body: Type.Object({ reason: Reason }, { additionalProperties: false, description: 'a JSON object' }),
    response: answers({ 200: Halt }, 400, 403, 404, 409, 413, 415),
  },
};
