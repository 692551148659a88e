import Type from 'typebox';
import { answers, Name, NoBody, Nullable, Page, PageQuery } from '../../schemas.ts';

const Status = Type.Enum(['queued', 'running', 'paused', 'completed', 'cancelled', 'failed'], {
  description: 'how the optimisation stands; completed and cancelled are final, a failed one can be resumed',
});

const field = (description: string) => Type.Optional(Type.Unknown({ description }));

/** Fields are checked against one another and against the data, all at once, so their schema only tells what they are. */
const SpecBody = Type.Object(
  {
    data: field('{file, symbol, timeframe, stamp, columns?} or {datasetId}, or a list with one for each symbol'),
    from: field('bars that open at or after it are traded, earlier ones are warm-up: a date, or a time with its zone'),
    to: field('bars that open before it'),
    strategy: field('{id, params} or {file, params} with an .mjs file; params that the space does not vary'),
    sizing: field('{kind, value}, as of a backtest'),
    broker: field('cash, commission, spread, slippageBps and the like, as of a backtest'),
    calendar: field(
      '"24/7", "sessions", "us-equities", "forex" or a description: 365 or 252 days a year, where days begin, what is missing',
    ),
    periodsPerYear: field(
      'returns in a year, of days or of bars longer than a day, instead of the calendar: 1 to 1000000',
    ),
    riskFreeRate: field('an annual ratio'),
    benchmark: field('"buy-and-hold", or null for no comparison'),
    space: field('by parameter {min, max, step} or {values}'),
    constraints: field('comparisons between parameters that all have to hold, e.g. ["fast < slow"]'),
    sampler: field('"grid" (all), {kind: "random", count} or {kind: "sobol", count}'),
    objective: field('the name of a metric, {metric} or {weights}, with minTrades and plateau; the Sharpe ratio'),
    walkForward: field('{kind, folds, trainShare, purgeBars, embargoBars}, or null for none'),
    seed: field('a whole number for what draws random numbers'),
    priority: field('from 1, the most urgent, to 5; 4 by default, which lets single backtests pass'),
  },
  { additionalProperties: true, description: 'a backtest spec and what is searched' },
);

const Started = Type.Object({ id: Type.String(), workflowId: Type.String(), status: Status });

const Number = Nullable(Type.Number());
const Instant = Nullable(Type.String());

const Problem = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  errors: Type.Array(Type.Unknown()),
  place: Type.Unknown(),
});

const trial = {
  index: Type.Integer({ description: 'number of the combination in the space' }),
  score: Nullable(Type.Number({ description: 'what it is ranked by, more is better' })),
  params: Type.Record(Type.String(), Type.Number()),
  metrics: Type.Record(Type.String(), Number),
};

const summary = {
  id: Type.String(),
  workflowId: Type.String(),
  status: Status,
  strategy: Type.String(),
  symbol: Type.String(),
  priority: Type.Integer(),
  total: Type.Integer({ description: 'combinations' }),
  done: Type.Integer({ description: 'combinations that have their row' }),
  tried: Type.Integer({ description: 'combinations that count as trials of this job' }),
  rate: Nullable(Type.Number({ description: 'combinations a second; null while nobody works on it' })),
  etaMs: Nullable(Type.Integer({ description: 'time left at that rate' })),
  psr: Nullable(Type.Number({ description: 'probability that the true Sharpe ratio of the best is above 0' })),
  dsr: Nullable(Type.Number({ description: 'the same, above what so many trials show by chance' })),
  pbo: Nullable(Type.Number({ description: 'probability of backtest overfitting' })),
  believable: Type.Boolean(),
  sentence: Type.String({ description: 'whether to believe the best and why' }),
  problem: Nullable(Problem),
  owner: Type.String({ description: 'name of the key that started it' }),
  createdAt: Type.String(),
  startedAt: Instant,
  endedAt: Instant,
};

const Optimization = Type.Object({
  ...summary,
  best: Nullable(Type.Object(trial, { description: 'the best; before the judgement the best by itself' })),
  spec: Type.Unknown({ description: 'the spec with all defaults' }),
  identity: Type.Unknown({ description: 'data, engine, strategy and seed that every row is made with' }),
  columns: Type.Array(Type.String(), { description: 'names of the numbers of a row' }),
  span: Type.Unknown({ description: 'bars that every combination is evaluated on' }),
  folds: Type.Array(Type.Unknown()),
  excluded: Type.Integer({ description: 'combinations that constraints or the strategy exclude' }),
  reasons: Type.Record(Type.String(), Type.String(), { description: 'for each null of the result why' }),
  notes: Type.Array(Type.String()),
});

const Row = Type.Object({ position: Type.Integer(), rank: Nullable(Type.Integer()), ...trial });

const Sort = Type.Enum(['score', 'position'], { description: 'best first, or in the order of the search' });

const params = Type.Object({ id: Name('the id of an optimisation') });
const tags = ['optimizations'];

const command = (text: string) => ({
  tags,
  summary: text,
  params,
  body: NoBody,
  response: answers({ 200: Started }, 404, 409),
});

export const schemas = {
  start: {
    tags,
    summary: 'Start an optimisation',
    description:
      'Space, constraints, data, strategy and folds are checked before anything starts. With an `Idempotency-Key`, the same key and body lead to the same optimisation for good (201 the first time, 200 afterwards); another body is 409.',
    headers: Type.Object({
      'idempotency-key': Type.Optional(Type.String({ description: '1 to 200 visible ASCII characters' })),
    }),
    body: SpecBody,
    response: answers({ 200: Started, 201: Started }, 400, 409, 413, 415),
  },
  list: {
    tags,
    summary: 'List optimisations, newest first',
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
  show: {
    tags,
    summary: 'Read an optimisation: progress, the best, the verdict',
    params,
    response: answers({ 200: Optimization }, 404),
  },
  result: {
    tags,
    summary: 'The whole judgement: statistics, walk-forward, data of the pictures',
    params,
    response: answers({ 200: Type.Unknown() }, 404, 409),
  },
  results: {
    tags,
    summary: 'The combinations and what each came to, also while the optimisation runs',
    params,
    querystring: Type.Object({ ...PageQuery, sort: Type.Optional(Sort) }, { additionalProperties: false }),
    response: answers({ 200: Page(Row) }, 404),
  },
  resultsFile: {
    tags,
    summary: 'All combinations as CSV, with every number that is stored of each',
    params,
    querystring: Type.Object(
      {
        sort: Type.Optional(Sort),
        top: Type.Optional(Type.Integer({ minimum: 1, description: 'the most rows; all by default' })),
      },
      { additionalProperties: false },
    ),
    response: {
      ...answers({}, 404),
      200: { description: 'results.csv', content: { 'text/csv': { schema: { type: 'string' } } } },
    },
  },
  report: {
    tags,
    summary: 'The report as one HTML file',
    params,
    response: {
      ...answers({}, 404, 409),
      200: { description: 'a page that needs nothing else', content: { 'text/html': { schema: { type: 'string' } } } },
    },
  },
  pause: command('Stop until it is resumed; the rows that it has stay'),
  resume: {
    ...command('Go on with a paused or failed optimisation, at the first rows that are missing'),
    response: answers({ 200: Started }, 404, 409, 422),
  },
  cancel: command('End the optimisation; the rows that it has stay'),
};
