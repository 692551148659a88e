import Type from 'typebox';
import { answers, Name, NoBody, Nullable, Page, PageQuery } from '../../schemas.ts';

const Status = Type.Enum(['queued', 'running', 'completed', 'cancelled', 'failed'], {
  description: 'how the backtest stands; the last three are final',
});

const field = (description: string) => Type.Optional(Type.Unknown({ description }));

/** Fields are checked against one another and against the data, all at once, so their schema only tells what they are. */
const SpecBody = Type.Object(
  {
    data: field('{file, symbol, timeframe, stamp, columns?} or {datasetId}, or a list with one for each symbol'),
    from: field('bars that open at or after it are traded, earlier ones are warm-up: a date, or a time with its zone'),
    to: field('bars that open before it'),
    strategy: field('{id, params}, {file, params} with an .mjs file, or {orders} with a CSV of orders or its path'),
    sizing: field('{kind, value}: cashShare, cash, units, equityShare, riskPerTrade, volatilityTarget'),
    broker: field(
      'cash, commission, spread, slippageBps, margin, fill, direction and the like; defaults are filled in',
    ),
    calendar: field(
      '"24/7", "sessions", "us-equities", "forex" or a description: 365 or 252 days a year, where days begin, what is missing',
    ),
    periodsPerYear: field(
      'returns in a year, of days or of bars longer than a day, instead of the calendar: 1 to 1000000',
    ),
    riskFreeRate: field('an annual ratio'),
    benchmark: field('"buy-and-hold", or null for no comparison'),
    seed: field('a whole number for what draws random numbers'),
  },
  {
    additionalProperties: true,
    description: 'a backtest spec, or the manifest of an earlier backtest to replay it',
  },
);

export const Started = Type.Object({ id: Type.String(), workflowId: Type.String(), status: Status });

const Problem = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  errors: Type.Array(Type.Unknown()),
  place: Nullable(
    Type.Object({
      symbol: Nullable(Type.String()),
      bar: Nullable(Type.Integer()),
      time: Nullable(Type.Number()),
      line: Nullable(Type.String({ description: "line of the strategy's file" })),
    }),
  ),
});

const Number = Nullable(Type.Number());
const Instant = Nullable(Type.String());

const summary = {
  id: Type.String(),
  workflowId: Type.String(),
  status: Status,
  strategy: Type.String(),
  symbol: Type.String(),
  progress: Type.Object({
    barsDone: Type.Integer({ description: 'Bars behind, warm-up included' }),
    bars: Type.Integer({
      description: 'All bars up to the end of the range, warm-up included; 0 while data is being read',
    }),
  }),
  tradesHash: Nullable(Type.String({ description: 'SHA-256 over all trades' })),
  closedTrades: Nullable(Type.Integer()),
  totalReturn: Number,
  sharpeRatio: Number,
  maxDrawdown: Number,
  problem: Nullable(Problem),
  owner: Type.String({ description: 'name of the key that started it' }),
  createdAt: Type.String(),
  startedAt: Instant,
  endedAt: Instant,
};

const Backtest = Type.Object({
  ...summary,
  spec: Type.Unknown({ description: 'the spec with all defaults' }),
  manifest: Type.Unknown({ description: 'all that the result depends on; post it to replay it' }),
  metrics: Nullable(Type.Record(Type.String(), Number)),
  reasons: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'for each null of metrics why' })),
  notes: Type.Optional(Type.Array(Type.String())),
  analysis: Type.Optional(Type.Unknown({ description: 'months, breakdowns, confidence intervals, simulations' })),
});

const Trade = Type.Object({
  symbol: Type.String(),
  size: Type.Number({ description: 'units, negative when short' }),
  entryBar: Type.Integer(),
  exitBar: Type.Integer(),
  entryTime: Type.Number(),
  exitTime: Type.Number(),
  entryPrice: Type.Number(),
  exitPrice: Type.Number(),
  sl: Number,
  tp: Number,
  pnl: Type.Number(),
  commission: Type.Number(),
  returnRatio: Type.Number(),
  mae: Type.Number(),
  mfe: Type.Number(),
  exitReason: Type.String(),
  tag: Nullable(Type.String()),
  entryValues: Type.Record(Type.String(), Number),
});

const StrategyCheck = Type.Object({
  strategy: Type.String(),
  lookAhead: Type.Object({
    clean: Type.Boolean({ description: 'no difference, and two runs on the same bars decide the same' }),
    checked: Type.Integer({ description: 'how many times the data were cut off' }),
    bars: Type.Integer(),
    orders: Type.Integer({ description: 'without any the check says nothing' }),
    repeatable: Type.Boolean({ description: 'two runs on the same bars decide the same' }),
    first: Nullable(
      Type.Object({
        bar: Type.Integer(),
        time: Type.String(),
        symbol: Type.String(),
        withLaterBars: Nullable(Type.String({ description: 'what was ordered; null for nothing' })),
        withoutThem: Nullable(Type.String()),
        fields: Type.Array(Type.String()),
      }),
    ),
    difference: Nullable(Type.String({ description: 'the first difference as a sentence' })),
  }),
  warmUp: Type.Object({
    tolerance: Type.Number({ description: 'largest relative change that counts as none' }),
    sufficient: Nullable(Type.Boolean()),
    symbols: Type.Array(
      Type.Object({
        symbol: Type.String(),
        history: Type.Integer({ description: 'bars before the first one traded' }),
        yardstick: Nullable(Type.Integer({ description: 'the longest history that was compared' })),
        maxRelativeChange: Number,
        sufficientHistory: Nullable(Type.Integer()),
        lines: Type.Array(
          Type.Object({
            line: Type.String(),
            rows: Type.Array(
              Type.Object({ history: Type.Integer(), maxRelativeChange: Number, undefinedBars: Type.Integer() }),
            ),
            sufficientHistory: Nullable(Type.Integer()),
          }),
        ),
      }),
    ),
  }),
});

const params = Type.Object({ id: Name('the id of a backtest') });
const tags = ['backtests'];

const file = (mediaType: string, description: string) => ({
  200: { description, content: { [mediaType]: { schema: { type: 'string' } } } },
});
const fileAnswers = (mediaType: string, description: string) => ({
  ...answers({}, 404, 409),
  ...file(mediaType, description),
});

export const schemas = {
  start: {
    tags,
    summary: 'Start a backtest',
    description:
      'Data, strategy and parameters are checked before anything starts. With an `Idempotency-Key`, the same key and body lead to the same backtest for good (201 the first time, 200 afterwards); another body is 409.',
    headers: Type.Object({
      'idempotency-key': Type.Optional(Type.String({ description: '1 to 200 visible ASCII characters' })),
    }),
    body: SpecBody,
    response: answers({ 200: Started, 201: Started }, 400, 409, 413, 415),
  },
  check: {
    tags,
    summary: 'Look whether a strategy looks ahead, and how its first values depend on earlier bars',
    description:
      'Runs the strategy of the spec on data that end early and compares its orders, and computes its lines on data that begin later. Answers when that is done, within a minute, and stores nothing.',
    body: SpecBody,
    response: answers({ 200: StrategyCheck }, 400, 413, 415),
  },
  list: {
    tags,
    summary: 'List backtests, newest first',
    querystring: Type.Object(
      {
        ...PageQuery,
        status: Type.Optional(Status),
        strategy: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'the name of a strategy' })),
        symbol: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'the symbol of the data' })),
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Type.Object(summary)) }),
  },
  show: { tags, summary: 'Read a backtest and its result', params, response: answers({ 200: Backtest }, 404) },
  manifest: {
    tags,
    summary: 'All that the result depends on',
    params,
    response: answers({ 200: Type.Unknown() }, 404, 409),
  },
  trades: {
    tags,
    summary: 'The closed trades of a backtest',
    params,
    querystring: Type.Object(PageQuery, { additionalProperties: false }),
    response: answers({ 200: Page(Trade) }, 404, 409),
  },
  tradesFile: { tags, summary: 'All closed trades as CSV', params, response: fileAnswers('text/csv', 'trades.csv') },
  equityFile: {
    tags,
    summary: 'The equity curve as CSV, a line for each bar',
    params,
    response: fileAnswers('text/csv', 'equity.csv'),
  },
  report: {
    tags,
    summary: 'The report as one HTML file',
    params,
    response: fileAnswers('text/html', 'a page that needs nothing else'),
  },
  reportDocument: {
    tags,
    summary: 'What the report shows, as a document',
    description:
      'Charts are thinned to what a picture shows; all trades and the whole equity curve are in the CSV files.',
    params,
    response: answers({ 200: Type.Unknown() }, 404, 409),
  },
  comparison: {
    tags,
    summary: 'Up to six backtests side by side as one HTML file',
    description:
      'All completed. The benchmark is that of the first. They may be of different symbols and periods; the page says so.',
    querystring: Type.Object(
      {
        ids: Type.String({
          minLength: 1,
          maxLength: 2_000,
          description: 'ids of 1 to 6 backtests, separated by commas',
        }),
      },
      { additionalProperties: false },
    ),
    response: { ...answers({}, 404, 409), ...file('text/html', 'a page that needs nothing else') },
  },
  cancel: {
    tags,
    summary: 'End the backtest without a result',
    params,
    body: NoBody,
    response: answers({ 200: Started }, 404, 409),
  },
};
