import Type from 'typebox';
import { Amount, answers, Nullable } from '../../schemas.ts';

const Limits = Type.Object({
  quoteRates: Nullable(
    Type.Record(Type.String(), Amount('currency of the limits'), {
      description:
        'what one unit of each quote currency counts towards the two limits on notional; without a rate its orders are refused',
    }),
  ),
  maxOrderNotional: Nullable(Amount('quote at its rate: of one order')),
  maxOpenNotional: Nullable(Amount('quote at its rate: of all unsettled orders of the account together')),
  allowedSymbols: Nullable(
    Type.Union([Type.Literal('all'), Type.Array(Type.String())], { description: '"all" for what the venue lists' }),
  ),
  maxOrdersPer10s: Nullable(Type.Integer({ description: 'orders of the account within 10 s' })),
  maxOrdersPerMinute: Nullable(Type.Integer({ description: 'orders of the account within a minute' })),
  collarBps: Nullable(Amount('basis points: how far beyond the mid a limit price may lie on its costly side')),
  maxQuoteAgeMs: Nullable(Type.Integer({ description: 'ms: an older quote refuses the order' })),
  feeRate: Amount('ratio of the notional that is held back on top of a buy'),
});

const Entry = Type.Object({
  venue: Type.String(),
  limits: Nullable(Limits),
  used: Type.Object({
    openNotional: Type.Record(Type.String(), Amount('quote'), {
      description: 'by quote currency; sells of trading sessions, which only reduce, are not in it',
    }),
    ordersLast10s: Type.Integer({ minimum: 0 }),
    ordersLastMinute: Type.Integer({ minimum: 0 }),
  }),
});

export const schemas = {
  list: {
    tags: ['limits'],
    summary: 'List the limits of the risk gate of each venue account, and how much of them is used',
    description:
      'As the owner of the account has read them from its environment when it took the account over; null before. A limit that is null refuses every order.',
    response: answers({ 200: Type.Object({ items: Type.Array(Entry), next: Type.Null() }) }),
  },
};
