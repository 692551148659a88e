import Type from 'typebox';
import { Amount, Nullable } from '../../schemas.ts';

const price = (description: string) => Nullable(Amount(`${description}, in quote per base`));
const money = (description: string) => Nullable(Amount(`${description}, in quote`));
const instant = Nullable(Type.String());

export const Slice = Type.Object({
  n: Type.Integer(),
  dueAt: Type.String(),
  sentAt: instant,
  latenessMs: Nullable(Type.Integer()),
  target: Amount('cumulative, in base'),
  quantity: Amount('sent, in base; of a maker-first slice the order that waited and the one that crossed'),
  filled: Amount('in base'),
  avgPrice: price('average of its fills'),
  clientOrderIds: Type.Array(Type.String()),
  note: Nullable(Type.String()),
});

/** The cost report; `domain/execution/costs/report.ts` says what each figure means. */
export const Report = Type.Object({
  id: Type.String(),
  status: Type.String(),
  symbol: Type.String(),
  side: Type.String(),
  venue: Type.Object({ id: Type.String(), label: Type.String(), assumptions: Type.Unknown() }),
  ordered: Amount('base'),
  filled: Amount('base'),
  residual: Amount('ordered - filled, dust included'),
  dust: Amount('base'),
  fillRatio: Nullable(Amount('filled / ordered')),
  avgPrice: price('average of all fills'),
  decision: price('mid at acceptance'),
  decisionAt: instant,
  arrival: price('mid at the first slice'),
  arrivalAt: instant,
  end: price('mid at the end'),
  endAt: instant,
  marketVwap: price("the others' trades on [arrival, end]"),
  marketTwap: price('time-weighted last price on [arrival, end]'),
  marketVolume: Nullable(Amount('of the others, in base')),
  marketTrades: Nullable(Type.Integer()),
  participation: Nullable(Amount('filled / marketVolume')),
  slippageBps: Type.Object({
    arrival: Nullable(Amount('bps')),
    vwap: Nullable(Amount('bps')),
    twap: Nullable(Amount('bps')),
  }),
  shortfall: Type.Object(
    {
      quote: money('total'),
      bps: Nullable(Amount('bps')),
      delay: money('delay'),
      execution: money('execution'),
      opportunity: money('opportunity'),
      fees: money('fees'),
    },
    { description: 'delay + execution + opportunity + fees = quote; positive = a cost' },
  ),
  feesByAsset: Type.Array(Type.Object({ asset: Type.String(), amount: Amount('paid') })),
  fills: Type.Integer(),
  makerShare: Nullable(Amount('filled as maker / filled')),
  selfTraded: Amount('of filled, traded with other orders of the same account, in base'),
  worstLatenessMs: Nullable(Type.Number()),
  medianLatenessMs: Nullable(Type.Number()),
  slices: Type.Array(Slice),
  reasons: Type.Record(Type.String(), Type.String(), { description: 'why a figure is null, under its path' }),
});
