import Type from 'typebox';
import { answers, DecimalText, Name, NoBody, Nullable, Page, PageQuery, Reason } from '../../schemas.ts';
import {
  Status,
  Started,
  Instant,
  Position,
  Wanted,
  Session,
  Decision,
  Trade,
  Order,
  checkList,
  Reconciliation,
} from './answers.ts';

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
