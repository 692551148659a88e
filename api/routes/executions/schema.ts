import Type from 'typebox';
import { jsonSchemaOf } from '../../../domain/parameters/param-spec.ts';
import { algorithms } from '../../../domain/execution/registry.ts';
import { Amount, answers, DecimalText, Instant, Name, NoBody, Nullable, Page, PageQuery } from '../../schemas.ts';
import { Report, Slice } from './report-schema.ts';

const Status = Type.Enum(['running', 'paused', 'completed', 'cancelled', 'expired', 'failed'], {
  description: 'how the execution stands; the last four are final',
});

const Side = Type.Enum(['buy', 'sell'], { description: '"buy" or "sell"' });

/**
 * Parameters of all algorithms, each optional here: which of them an algorithm needs is checked by its own declaration. One that several of them have, each
 * with bounds of its own, is any of these here.
 */
const algorithmParams = Object.fromEntries(
  [...new Set(algorithms.flatMap(({ params }) => params.map(({ name }) => name)))].map((name) => {
    const declared = algorithms.flatMap((algorithm) =>
      algorithm.params.filter((spec) => spec.name === name).map((spec) => ({ algorithm, schema: jsonSchemaOf(spec) })),
    );
    const schemas = declared.map(({ algorithm, schema }) => ({ title: algorithm.name, ...schema }));
    const schema = schemas.length === 1 ? declared[0]!.schema : { anyOf: schemas };
    return [name, Type.Optional(Type.Unsafe<number | string>(schema))];
  }),
);

export const StartBody = Type.Object(
  {
    algo: Type.Enum(
      algorithms.map((algorithm) => algorithm.name),
      { description: 'the execution algorithm' },
    ),
    venue: Name('the id of a venue account'),
    symbol: Name('the unified symbol such as "BTC/USDT"'),
    side: Side,
    quantity: DecimalText(
      "the quantity in base units, at most 15 digits and at most the venue's largest order times the slices, kept without zeros that say nothing,",
    ),
    durationMs: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'the length in milliseconds; either this or endAt. A single order may do without: it is then tried for 30 s, or rests for 400 days',
      }),
    ),
    endAt: Type.Optional(Instant('the end; either this or durationMs')),
    startAt: Type.Optional(Instant('the start, now when absent')),
    limit: Type.Optional(DecimalText('the worst price to trade at, in quote per base,')),
    ...algorithmParams,
  },
  { additionalProperties: false, description: 'a JSON object' },
);

export const AmendBody = Type.Object(
  {
    quantity: Type.Optional(
      DecimalText('the new quantity in all, in base units, what has filled included, bounded as that of a start,'),
    ),
    durationMs: Type.Optional(
      Type.Integer({ minimum: 1, description: 'the new length in milliseconds from the start; either this or endAt' }),
    ),
    endAt: Type.Optional(Instant('the new end; either this or durationMs')),
    limit: Type.Optional(
      Type.Union([DecimalText('the worst price to trade at from now on'), Type.Null()], {
        description: 'the worst price to trade at from now on, in quote per base; null takes the limit away',
      }),
    ),
  },
  { additionalProperties: false, description: 'a JSON object with what shall change' },
);

/** The body of a start, typed as far as all algorithms share it; the rest are their parameters. */
export interface StartRequest {
  readonly algo: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly durationMs?: number;
  readonly endAt?: string;
  readonly startAt?: string;
  readonly limit?: string;
  readonly [param: string]: unknown;
}

export const Started = Type.Object({ id: Type.String(), workflowId: Type.String(), status: Status });

export const Execution = Type.Object({
  id: Type.String(),
  workflowId: Type.String(),
  status: Status,
  algo: Type.String(),
  venue: Type.String(),
  symbol: Type.String(),
  side: Side,
  quantity: Amount('ordered, in base'),
  filled: Amount('in base'),
  residual: Amount('quantity - filled'),
  limit: Nullable(Amount('worst price, in quote per base')),
  params: Type.Record(Type.String(), Type.Unknown(), { description: 'parameters of the algorithm, with defaults' }),
  amendments: Type.Array(
    Type.Object({
      number: Type.Integer(),
      at: Type.String(),
      quantity: Amount('ordered from then on, in base'),
      endAt: Type.String(),
      limit: Nullable(Amount('worst price from then on')),
    }),
    { description: 'what was changed after the start; quantity, limit and endAt above are the latest' },
  ),
  startAt: Type.String(),
  endAt: Type.String(),
  decision: Amount('mid at acceptance'),
  decisionAt: Type.String(),
  owner: Type.String({ description: 'name of the key that started it' }),
  createdAt: Type.String(),
  endedAt: Nullable(Type.String()),
  problem: Nullable(
    Type.Object(
      { code: Type.String(), detail: Type.String() },
      {
        description:
          'once it has ended: why it did not complete; before: what keeps it from trading now, which is a halt in force or what its latest slice met',
      },
    ),
  ),
});

export const Fill = Type.Object({
  tradeId: Type.String(),
  orderId: Type.String(),
  clientOrderId: Type.String(),
  slice: Type.Integer(),
  symbol: Type.String(),
  side: Side,
  price: Amount('quote per base'),
  quantity: Amount('base'),
  fee: Amount('in feeAsset; positive = paid'),
  feeAsset: Type.String(),
  maker: Type.Boolean(),
  at: Type.String(),
});

const params = Type.Object({ id: Name('the id of an execution') });
const tags = ['executions'];

const command = (summary: string) =>
  ({ tags, summary, params, body: NoBody, response: answers({ 200: Started }, 404, 409) }) as const;

export const schemas = {
  start: {
    tags,
    summary: 'Start an execution',
    description:
      'With an `Idempotency-Key`, the same key and body lead to the same execution for good (201 the first time, 200 afterwards); another body is 409.',
    headers: Type.Object({
      'idempotency-key': Type.Optional(Type.String({ description: '1 to 200 visible ASCII characters' })),
    }),
    body: StartBody,
    response: answers({ 200: Started, 201: Started }, 400, 409, 413, 415),
  },
  list: {
    tags,
    summary: 'List executions, newest first',
    querystring: Type.Object(
      {
        ...PageQuery,
        status: Type.Optional(Status),
        venue: Type.Optional(Name('a venue account')),
        symbol: Type.Optional(Name('a unified symbol')),
      },
      { additionalProperties: false },
    ),
    response: answers({ 200: Page(Execution) }),
  },
  show: { tags, summary: 'Read an execution', params, response: answers({ 200: Execution }, 404) },
  slices: {
    tags,
    summary: 'The slices of an execution, planned and done',
    params,
    querystring: Type.Object(PageQuery, { additionalProperties: false }),
    response: answers({ 200: Page(Slice) }, 404),
  },
  fills: {
    tags,
    summary: 'The stored fills of an execution',
    params,
    querystring: Type.Object(PageQuery, { additionalProperties: false }),
    response: answers({ 200: Page(Fill) }, 404),
  },
  report: { tags, summary: 'The cost report of an execution', params, response: answers({ 200: Report }, 404) },
  pause: command('Send no further slices until resumed'),
  resume: command('Go on after a pause'),
  amend: {
    tags,
    summary: 'Change quantity, end or limit of a running execution',
    description:
      'What is left is scheduled anew from what has been done. A quantity below what has filled or may still fill is refused.',
    params,
    body: AmendBody,
    response: answers({ 200: Execution }, 400, 404, 409, 413, 415),
  },
  cancel: command('End the execution; what was sent is brought to its end first'),
};
