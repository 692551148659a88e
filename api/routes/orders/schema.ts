import Type from 'typebox';
import { Amount, answers, Name, Nullable, Page, PageQuery } from '../../schemas.ts';

const State = Type.Enum(
  ['sending', 'working', 'filled', 'partially-filled', 'expired', 'cancelled', 'refused', 'not-placed'],
  {
    description:
      '"sending": it may have been sent and its outcome is not known yet; "not-placed": it has surely never reached the venue; all but "sending" and "working" are final',
  },
);

export const Order = Type.Object({
  clientOrderId: Type.String(),
  executionId: Type.String(),
  slice: Nullable(Type.Integer({ description: 'the slice that it was sent for' })),
  child: Type.Integer(),
  attempt: Type.Integer(),
  venue: Type.String(),
  symbol: Type.String(),
  side: Type.Enum(['buy', 'sell']),
  price: Amount('limit price, in quote per base'),
  quantity: Amount('base'),
  filled: Amount('base, by the fills that are stored'),
  avgPrice: Nullable(Amount('quote per base; null without a fill')),
  state: State,
  postOnly: Type.Boolean({ description: 'it may only wait at the touch' }),
  mid: Amount('mid when it was decided on'),
  venueOrderId: Nullable(Type.String()),
  sentAt: Type.String(),
  notAfter: Type.String({ description: 'it is never sent later than this' }),
  endedAt: Nullable(Type.String()),
  problem: Nullable(Type.Object({ code: Type.String(), detail: Type.String() })),
});

const Fill = Type.Object({
  tradeId: Type.String(),
  price: Amount('quote per base'),
  quantity: Amount('base'),
  fee: Amount('in feeAsset; positive = paid'),
  feeAsset: Type.String(),
  maker: Type.Boolean(),
  at: Type.String(),
});

const tags = ['orders'];

export const schemas = {
  list: {
    tags,
    summary: 'List the orders of all executions, newest first',
    querystring: Type.Object(
      {
        ...PageQuery,
        execution: Type.Optional(Name('the id of an execution')),
        venue: Type.Optional(Name('a venue account')),
        symbol: Type.Optional(Name('a unified symbol')),
        state: Type.Optional(State),
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Order) }),
  },
  show: {
    tags,
    summary: 'Read an order with its fills',
    params: Type.Object({ clientOrderId: Name('the client order id of an order') }),
    response: answers({ 200: Type.Interface([Order], { fills: Type.Array(Fill) }) }, 404),
  },
};
