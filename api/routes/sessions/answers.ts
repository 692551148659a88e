import Type from 'typebox';
import { Amount, Nullable } from '../../schemas.ts';

// What answers about sessions are made of.

export const Status = Type.Enum(['running', 'paused', 'stopping', 'stopped', 'failed'], {
  description: 'how the session stands; the last two are final',
});

export const Started = Type.Object({ id: Type.String(), workflowId: Type.String(), status: Status });
const Number = Nullable(Type.Number());
export const Instant = Nullable(Type.String());
const Problem = Nullable(Type.Object({ code: Type.String(), detail: Type.String() }));

export const Position = Type.Object({
  symbol: Type.String(),
  units: Type.Number({ description: 'base' }),
  entryPrice: Number,
  mark: Number,
  unrealised: Type.Number(),
  stopLoss: Number,
  takeProfit: Number,
});

export const Wanted = Type.Object({
  order: Type.Integer(),
  version: Type.Integer(),
  symbol: Type.String(),
  side: Type.Enum(['buy', 'sell']),
  kind: Type.Enum(['marketable', 'limit', 'stop']),
  purpose: Type.Enum(['entry', 'exit', 'stop-loss', 'take-profit']),
  quantity: Amount('base'),
  limit: Nullable(Amount('price')),
  stop: Nullable(Amount('price')),
});

const Note = Type.Object({
  after: Nullable(Type.String({ description: 'opening time of the last bar that had closed' })),
  symbol: Type.String(),
  order: Nullable(Type.Integer()),
  code: Type.String(),
  detail: Type.String(),
});

export const Session = Type.Object({
  id: Type.String(),
  workflowId: Type.String(),
  status: Status,
  name: Type.String(),
  venue: Type.String(),
  label: Type.String({ description: '"paper" or "live"' }),
  marketTime: Type.String({ description: '"wall", or "candles" where the venue replays recorded ones' }),
  symbols: Type.Array(Type.String()),
  timeframe: Type.String(),
  strategy: Type.Unknown({ description: 'id or file, with the parameters that hold now' }),
  strategyHash: Nullable(Type.String({ description: "SHA-256 of a user's file, and of what it imports" })),
  strategyParts: Type.Array(Type.Object({ name: Type.String(), version: Type.String() }), {
    description:
      "a user's file and what it imports, each with its SHA-256, packages with their version; none where it imports nothing",
  }),
  capital: Amount('quote'),
  quote: Type.String(),
  firstCandle: Instant,
  startBar: Instant,
  lastBar: Nullable(Type.String({ description: 'opening time of the last bar that was handled' })),
  nextBarClosesAt: Instant,
  isOpen: Type.Boolean({ description: 'whether trading hours let it open positions at the close of the last bar' }),
  hoursChangeAt: Nullable(Type.String({ description: "when that changes, in the market's time; null for never" })),
  bars: Type.Integer({ description: 'bars handled' }),
  settled: Type.Boolean({ description: 'all that is wanted is at the venue, and all trades known are in the books' }),
  fillsTaken: Type.Integer({ description: "the venue's trades that are in the books" }),
  openOrders: Type.Integer(),
  cash: Type.Number(),
  equity: Type.Number(),
  commission: Type.Number(),
  positions: Type.Array(Position),
  dust: Type.Record(Type.String(), Type.String()),
  otherFees: Type.Record(Type.String(), Type.String(), {
    description: 'fees in neither asset of their symbol, by asset: they are in none of these amounts',
  }),
  notes: Type.Array(Note, { description: 'what went otherwise than wanted, the newest last' }),
  watched: Type.Array(Wanted, { description: 'orders that are sent when a price is reached' }),
  candleSeen: Nullable(
    Type.Object(
      { time: Type.String({ description: 'when it opened' }), high: Type.Number(), low: Type.Number() },
      {
        description:
          'where candles are replayed: what it has last looked at of the open one for prices that it watches',
      },
    ),
  ),
  stopMode: Nullable(Type.String()),
  block: Nullable(Type.Object({ reason: Type.String(), problem: Type.Unknown(), since: Instant })),
  problem: Problem,
  owner: Type.String(),
  createdAt: Type.String(),
  endedAt: Instant,
});

export const Decision = Type.Object({
  symbol: Type.String(),
  bar: Type.String({ description: 'opening time of the bar' }),
  closedAt: Type.String(),
  decidedAt: Type.String({ description: 'our clock' }),
  mode: Type.Enum(['ask', 'exits', 'mute']),
  blocked: Nullable(Type.String({ description: 'why not all signals were acted upon' })),
  close: Type.Number(),
  values: Type.Record(Type.String(), Number, { description: "the strategy's lines" }),
  signals: Type.Array(
    Type.Object({
      action: Type.String(),
      side: Nullable(Type.String()),
      outcome: Type.Enum(['fired', 'blocked', 'refused']),
      reason: Nullable(Type.String()),
      orders: Type.Array(Type.Integer()),
    }),
  ),
  position: Type.Number(),
  equity: Type.Number(),
});

export const Trade = Type.Object({
  number: Type.Integer(),
  symbol: Type.String(),
  size: Type.Number(),
  entryTime: Type.String(),
  exitTime: Type.String(),
  entryPrice: Type.Number(),
  exitPrice: Type.Number(),
  pnl: Type.Number(),
  commission: Type.Number(),
  exitReason: Type.String({ description: '"adjusted" where a person took it out of the books' }),
  entryOrder: Nullable(Type.Integer({ description: 'null where a person did it' })),
  exitOrder: Nullable(Type.Integer()),
});

export const Order = Type.Object({
  ...Wanted.properties,
  bar: Instant,
  state: Type.Enum(['open', 'working', 'ended']),
  cancelRequested: Type.Boolean(),
  intended: Amount('the price that it was decided on'),
  decisionMid: Nullable(Amount('mid when it was sent')),
  sentAt: Instant,
  filled: Amount('base'),
  price: Nullable(Amount('mean price that it traded at')),
  fees: Type.Record(Type.String(), Type.String()),
  fills: Type.Integer(),
  firstFillAt: Instant,
  costToIntendedBps: Nullable(Amount('basis points, positive when worse')),
  costToMidBps: Nullable(Amount('basis points, positive when worse')),
  executionId: Type.String(),
  executionStatus: Type.String(),
  problem: Problem,
  clientOrderIds: Type.Array(Type.String()),
  createdAt: Type.String(),
  endedAt: Instant,
});

export const checkList = {
  label: Type.String(),
  ok: Type.Boolean({ description: 'no problem: a session would start' }),
  needsConfirmation: Type.Boolean({ description: 'real money: it starts only with "confirm": "live"' }),
  items: Type.Array(
    Type.Object({
      check: Type.String(),
      outcome: Type.Enum(['ok', 'warning', 'unknown', 'problem']),
      detail: Type.String(),
      code: Nullable(Type.String()),
      errors: Type.Array(Type.Unknown()),
    }),
  ),
};

export const Reconciliation = Type.Object({
  ok: Nullable(Type.Boolean({ description: 'null before the first comparison' })),
  readAt: Instant,
  differences: Type.Array(Type.Unknown({ description: '{asset, expected, actual, missing, cause, detail}' })),
  recognised: Type.Array(Type.Unknown({ description: 'deposits, withdrawals and trades by hand that were seen' })),
  undecided: Type.Array(Type.String(), { description: 'assets that were being traded meanwhile' }),
  block: Nullable(Type.Unknown()),
});
