import Type from 'typebox';
import { Amount, answers, Name, Nullable, Page, PageQuery } from '../../schemas.ts';

const Count = (description: string) => Type.Integer({ minimum: 0, description });
const Amounts = (description: string) => Type.Record(Type.String(), Amount('amount'), { description });

const Findings = Type.Object({
  settled: Count('orders of ours that nobody had brought to their end'),
  unsettled: Count('orders of ours that the venue gave no conclusive answer about'),
  lateFills: Count('trades of ours that came to light after their order had ended: each is an alarm'),
  fills: Count('trades of working orders of ours that had not been stored'),
  reappeared: Count('orders closed as never placed that the venue shows now: each is an alarm'),
  orphansCancelled: Count('orders of ours that rested at the venue after their end, and were cancelled'),
  foreignOrders: Count('open orders of somebody else: reported, never touched'),
  foreignTrades: Count('new trades of somebody else'),
  unattributedTrades: Count('trades whose order the venue does not show yet'),
  unlisted: Count('symbols of ours that the venue has taken off its list'),
});

const Reconciliation = Type.Object({
  id: Type.String(),
  venue: Type.String(),
  cause: Type.Enum(['start', 'janitor'], { description: 'a worker that took the account over, or the schedule' }),
  startedAt: Type.String(),
  endedAt: Type.String(),
  lookedBackMs: Count('how far back orders and trades were compared'),
  findings: Findings,
  differences: Amounts(
    'what neither our fills nor trades of somebody else explain, by asset: a deposit is positive; {} when all is explained',
  ),
  balances: Nullable(
    Amounts('free and locked together; null when they would not stand still: the next run compares them'),
  ),
});

const ForeignOrder = Type.Object({
  venue: Type.String(),
  symbol: Type.String(),
  orderId: Type.String(),
  clientOrderId: Nullable(Type.String()),
  side: Type.String(),
  price: Nullable(Amount('quote per base; null for a market order')),
  quantity: Amount('base'),
  filled: Amount('base'),
  acceptedAt: Nullable(Type.String()),
  firstSeenAt: Type.String(),
  lastSeenAt: Type.String(),
});

const ForeignTrade = Type.Object({
  venue: Type.String(),
  symbol: Type.String(),
  tradeId: Type.String(),
  orderId: Type.String(),
  clientOrderId: Nullable(Type.String()),
  side: Type.String(),
  price: Amount('quote per base'),
  quantity: Amount('base'),
  fee: Amount('in feeAsset'),
  feeAsset: Type.String(),
  maker: Type.Boolean(),
  at: Type.String(),
  seenAt: Type.String(),
});

const querystring = Type.Object(
  { venue: Type.Optional(Name('only this venue account')), ...PageQuery },
  { additionalProperties: false },
);
const tags = ['reconciliations'];

export const schemas = {
  list: {
    tags,
    summary: 'List reconciliations of accounts with their venues, newest first',
    description: 'One at every start of an owner of an account, then one a minute. They are kept for 30 days.',
    querystring,
    response: answers({ 200: Page(Reconciliation) }, 400),
  },
  foreignOrders: {
    tags,
    summary: 'List open orders of somebody else on our accounts',
    description: 'Such as orders that a person has placed by hand. They are reported and never touched.',
    querystring,
    response: answers({ 200: Page(ForeignOrder) }, 400),
  },
  foreignTrades: {
    tags,
    summary: 'List trades of somebody else on our accounts, newest first',
    description: 'They are never counted as ours; they explain balances.',
    querystring,
    response: answers({ 200: Page(ForeignTrade) }, 400),
  },
};
