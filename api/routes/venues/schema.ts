import Type from 'typebox';
import { Amount, answers, Name, Nullable, Page, PageQuery } from '../../schemas.ts';

const Health = Type.Object({
  clockOffsetMs: Nullable(Type.Number({ description: 'venue clock minus ours' })),
  lastOkAt: Nullable(Type.String()),
  lastErrorAt: Nullable(Type.String()),
  lastError: Nullable(Type.String()),
  usedWeight: Nullable(Type.Number()),
  weightLimit: Nullable(Type.Number()),
  ageMs: Nullable(Type.Number({ description: 'age of these figures' })),
});

const Owner = Type.Object({
  worker: Type.String({ description: 'the process that owns the account or owned it last, as host/pid' }),
  epoch: Type.Integer({ description: 'rises with every take-over' }),
  since: Nullable(Type.String()),
  held: Type.Boolean({ description: 'false while no venue worker owns the account' }),
});

export const Venue = Type.Object({
  id: Type.String(),
  label: Type.String({ description: '"paper" or "live"' }),
  exchange: Type.String(),
  marketTime: Type.String({
    description: '"wall", or "candles" where the venue replays recorded ones: its market has their time',
  }),
  assumptions: Type.Unknown({ description: 'what a simulated venue assumes; null for a real one' }),
  status: Type.Enum(['up', 'degraded', 'down', 'unknown'], {
    description: '"unknown" when no venue worker has reported lately',
  }),
  health: Nullable(Health),
  owner: Nullable(Owner),
});

const Instrument = Type.Object({
  symbol: Type.String(),
  base: Type.String(),
  quote: Type.String(),
  tick: Amount('price step'),
  lot: Amount('quantity step'),
  minQuantity: Amount('base'),
  maxQuantity: Nullable(Amount('base')),
  minNotional: Amount('quote'),
});

const params = Type.Object({ id: Name('the id of a venue account') });
const tags = ['venues'];

export const schemas = {
  list: {
    tags,
    summary: 'List venue accounts with their health',
    response: answers({ 200: Type.Object({ items: Type.Array(Venue), next: Type.Null() }) }),
  },
  show: {
    tags,
    summary: 'Read a venue account with its instruments',
    params,
    response: answers({ 200: Type.Interface([Venue], { instruments: Type.Array(Instrument) }) }, 404),
  },
  instruments: {
    tags,
    summary: 'List the instruments of a venue account by symbol',
    params,
    querystring: Type.Object(
      {
        limit: PageQuery.limit,
        cursor: Type.Optional(Name('the `next` of the page before, unchanged')),
        search: Type.Optional(Name('only symbols with this in them, in capitals or not')),
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Instrument) }, 404),
  },
};
