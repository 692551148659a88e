import Type from 'typebox';
import { Amount, answers, DecimalText, Name, NoBody, Nullable, Page, PageQuery, Reason } from '../../schemas.ts';

const Status = Type.Enum(['running', 'paused', 'stopping', 'stopped', 'failed'], {
  description: 'how the session stands; the last two are final',
});

const field = (description: string) => Type.Optional(Type.Unknown({ description }));

/** Fields are checked against one another, the venue and the strategy, so their schema only tells what they are. */
const specFields = {
  name: field('what people shall call it; made of strategy and symbols when absent'),
  venue: field('the id of a venue account'),
  symbols: field('1 to 20 spot symbols of one quote, such as ["BTC/USDT"]'),
  timeframe: field('the length of a bar, such as "15m"; made of shorter candles where the venue has none'),
  strategy: field('{id, params}, or {file, params} with an .mjs file'),
  sizing: field('{kind, value}: cashShare, cash, units, equityShare, riskPerTrade, volatilityTarget'),
  capital: field('quote currency that it works with, as decimal text'),
  hours: field('"always", the name of a calendar, or {zone, windows, closedOn}'),
  atClose: field('"keep" or "flatten" when trading hours end'),
  catchUp: field('bars that were missed: "skip", "latest" or "replay"'),
  maxBarAgeMs: field('a bar that closed longer ago is not traded on under "latest"'),
  orders: field('{aggressionBps, stopSlippageBps, timeoutMs}'),
  confirm: field('"live" lets a session of a live account use real money'),
};

const SpecBody = Type.Object(specFields, { additionalProperties: true, description: 'what the session shall do' });

const Started = Type.Object({ id: Type.String(), workflowId: Type.String(), status: Status });
const Number = Nullable(Type.Number());
const Instant = Nullable(Type.String());
const Problem = Nullable(Type.Object({ code: Type.String(), detail: Type.String() }));

const Position = Type.Object({
  symbol: Type.String(),
  units: Type.Number({ description: 'base' }),
  entryPrice: Number,
  mark: Number,
  unrealised: Type.Number(),
  stopLoss: Number,
  takeProfit: Number,
});

const Wanted = Type.Object({
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

const Session = Type.Object({
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

const Decision = Type.Object({
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

const Trade = Type.Object({
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

const Order = Type.Object({
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

const checkList = {
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

const Reconciliation = Type.Object({
  ok: Nullable(Type.Boolean({ description: 'null before the first comparison' })),
  readAt: Instant,
  differences: Type.Array(Type.Unknown({ description: '{asset, expected, actual, missing, cause, detail}' })),
  recognised: Type.Array(Type.Unknown({ description: 'deposits, withdrawals and trades by hand that were seen' })),
  undecided: Type.Array(Type.String(), { description: 'assets that were being traded meanwhile' }),
  block: Nullable(Type.Unknown()),
});

const params = Type.Object({ id: Name('the id of a session') });
const tags = ['sessions'];
const paged = Type.Object(PageQuery, { additionalProperties: false });
const ordered = Type.Object(
  {
    ...PageQuery,
    order: Type.Optional(Type.Enum(['oldest', 'newest'], { description: 'what comes first', default: 'oldest' })),
  },
  { additionalProperties: false },
);
const body = <T extends Type.TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false });

export const schemas = {
  start: {
    tags,
    summary: 'Start a trading session',
    description:
      'Spec, account, strategy, history and balance are checked before anything starts. With an `Idempotency-Key`, the same key and body lead to the same session for good (201 the first time, 200 afterwards); another body is 409.',
    headers: Type.Object({
      'idempotency-key': Type.Optional(Type.String({ description: '1 to 200 visible ASCII characters' })),
    }),
    body: SpecBody,
    response: answers({ 200: Started, 201: Started }, 409, 413, 415),
  },
  check: {
    tags,
    summary: 'What a start would find, without starting anything',
    body: SpecBody,
    response: answers(
      {
        200: Type.Object({
          ...checkList,
          spec: Type.Unknown({ description: 'the spec with all defaults; null where it cannot be made' }),
          neededBars: Nullable(Type.Integer()),
          startBar: Instant,
          firstCandle: Instant,
        }),
      },
      413,
      415,
    ),
  },
  list: {
    tags,
    summary: 'List sessions, newest first',
    querystring: Type.Object(
      { ...PageQuery, status: Type.Optional(Status), venue: Type.Optional(Name('the id of a venue account')) },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Session) }),
  },
  show: { tags, summary: 'Read a session', params, response: answers({ 200: Session }, 404) },
  checkList: {
    tags,
    summary: 'The check list of a session as things are now',
    params,
    response: answers({ 200: Type.Object(checkList) }, 404),
  },
  decisions: {
    tags,
    summary: 'What was decided at each bar, newest first',
    params,
    querystring: Type.Object(
      {
        ...PageQuery,
        signals: Type.Optional(Type.Enum(['only', 'all'], { description: '"only" leaves out bars without a signal' })),
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Decision) }, 404),
  },
  trades: {
    tags,
    summary: 'The closed trades of a session',
    params,
    querystring: ordered,
    response: answers({ 200: Page(Trade) }, 404),
  },
  equity: {
    tags,
    summary: 'Equity and cash at the close of each bar',
    params,
    querystring: ordered,
    response: answers(
      { 200: Page(Type.Object({ bar: Type.String(), equity: Type.Number(), cash: Type.Number() })) },
      404,
    ),
  },
  orders: {
    tags,
    summary: 'The orders of a session, newest first, with intended and realised prices',
    params,
    querystring: paged,
    response: answers({ 200: Page(Order) }, 404),
  },
  positions: {
    tags,
    summary: 'What a session holds',
    params,
    response: answers(
      {
        200: Type.Object({
          lastBar: Instant,
          quote: Type.String(),
          cash: Type.Number(),
          equity: Type.Number(),
          items: Type.Array(Position),
          dust: Type.Record(Type.String(), Type.String()),
          watched: Type.Array(Wanted),
        }),
      },
      404,
    ),
  },
  journal: {
    tags,
    summary: 'All that has happened to a session besides bars, in order',
    params,
    querystring: ordered,
    response: answers(
      {
        200: Page(Type.Object({ seq: Type.Integer(), after: Instant, kind: Type.String(), recordedAt: Type.String() })),
      },
      404,
    ),
  },
  reconciliation: {
    tags,
    summary: "A session's books against what its account holds, as it was read last",
    params,
    response: answers({ 200: Reconciliation }, 404),
  },
  reconcile: {
    tags,
    summary: 'Compare the books with the account now, and block entries when they differ',
    params,
    body: NoBody,
    response: answers({ 200: Reconciliation }, 404, 409),
  },
  comparison: {
    tags,
    summary: 'The backtest over the same time against the session',
    description: 'Runs the backtest on the candles that the session saw, and answers when it is done, within a minute.',
    params,
    body: NoBody,
    response: answers({ 200: Type.Unknown() }, 404, 409),
  },
  adjust: {
    tags,
    summary: 'Accept that the account is right: the session holds so much more, or less',
    description:
      'What is taken out has to be in the books, in trades or as what rounding has left. With an `Idempotency-Key`, the same key and body are put on record once, however often they are sent; another body, or another session, is 409.',
    headers: Type.Object({
      'idempotency-key': Type.Optional(Type.String({ description: '1 to 200 visible ASCII characters' })),
    }),
    params,
    body: body({
      symbol: Type.String({ minLength: 3, maxLength: 64, description: 'a symbol of the session' }),
      quantity: Type.String({
        pattern: String.raw`^-?\d{1,24}(\.\d{1,18})?$`,
        description: 'base, by how much what it holds changes, as decimal text: negative when it holds less',
      }),
      price: Type.Optional(DecimalText('quote per base that the change is booked at; the last mark when absent,')),
      reason: Reason,
    }),
    response: answers({ 200: Session }, 404, 409),
  },
  amend: {
    tags,
    summary: "Change the strategy's parameters from the next bar on",
    params,
    body: body({
      params: Type.Record(Type.String(), Type.Number(), { description: 'numbers by name; what is not given stays' }),
    }),
    response: answers({ 200: Session }, 404, 409),
  },
  pause: {
    tags,
    summary: 'Stop deciding until it is resumed',
    params,
    body: Type.Union([
      Type.Null(),
      body({
        mode: Type.Optional(
          Type.Enum(['keep', 'flatten'], { description: '"keep" leaves positions and their stops; "flatten" sells' }),
        ),
      }),
    ]),
    response: answers({ 200: Session }, 404, 409),
  },
  resume: {
    tags,
    summary: 'Go on, and lift what blocks entries',
    params,
    body: body({ reason: Reason }),
    response: answers({ 200: Session }, 404, 409),
  },
  stop: {
    tags,
    summary: 'End the session',
    params,
    body: body({
      mode: Type.Enum(['keep', 'flatten', 'cancel'], {
        description: '"keep" leaves positions and their stops, "cancel" takes all orders back, "flatten" sells as well',
      }),
    }),
    response: answers({ 200: Session }, 404, 409),
  },
};
