import Type from 'typebox';
import { Amount, answers, Name, Nullable, Page, PageQuery, Reason } from '../../schemas.ts';

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
  mode: Type.Enum(['take', 'post-only', 'rest', 'stop'], {
    description:
      'take: trades at once or expires; post-only: may only wait; rest: takes what it can and waits; stop: sleeps at the venue until stopPrice',
  }),
  stopPrice: Nullable(Amount('trigger of a stop, in quote per base')),
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
    description: 'Filters compare letter by letter; one that nothing fits gives an empty list.',
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
  settle: {
    tags,
    summary: 'Close an order as never placed (admin)',
    description:
      'For an order whose outcome no look-up can tell, after somebody has looked at the venue itself: its orders carry no deadline, so that one which does not show might still arrive. It is watched for a day: should it show up it is an alarm, is taken off the book, and what it traded is counted.',
    params: Type.Object({ clientOrderId: Name('the client order id of an order') }),
    body: Type.Object(
      { outcome: Type.Enum(['not-placed'], { description: 'what was found at the venue' }), reason: Reason },
      { additionalProperties: false, description: 'a JSON object' },
    ),
    response: answers({ 200: Order }, 400, 403, 404, 409, 413, 415),
  },
};
