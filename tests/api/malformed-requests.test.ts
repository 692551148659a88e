import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, GOOD_START, startFakeApi, withKey } from './fakes/platform.ts';

// One platform for all: were anything stored or started by one of these, the last test would see it.
let app: FastifyInstance;
let platform: FakePlatform;
beforeAll(async () => {
  ({ app, platform } = await startFakeApi());
});
afterAll(() => app.close());

interface Refusal {
  readonly because: string;
  /** Fields that replace those of a good start; `undefined` leaves one out. */
  readonly change: Readonly<Record<string, unknown>>;
  readonly code: string;
  /** The fields that the answer must name. */
  readonly fields: readonly string[];
  /** Words that the message about the first field must hold. */
  readonly says?: string;
}

const field = (because: string, change: Refusal['change'], fields: readonly string[], says = ''): Refusal => ({
  because,
  change,
  code: 'INVALID_FIELDS',
  fields,
  says,
});
const plan = (because: string, change: Refusal['change'], fields: readonly string[], says = ''): Refusal => ({
  because,
  change,
  code: 'INVALID_PLAN',
  fields,
  says,
});

const refusals: readonly Refusal[] = [
  field('no algorithm', { algo: undefined }, ['algo'], 'missing'),
  field('a misspelt algorithm', { algo: 'twqp' }, ['algo'], 'did you mean "twap"'),
  field('no venue', { venue: undefined }, ['venue'], 'missing'),
  field('an empty venue', { venue: '' }, ['venue']),
  field('a venue that is null', { venue: null }, ['venue']),
  field('SQL as a venue', { venue: "sim'; drop table executions; --" }, ['venue']),
  field('a symbol that is an array', { symbol: ['BTC/USDT'] }, ['symbol']),
  field('a symbol of 10,000 characters', { symbol: 'B'.repeat(10_000) }, ['symbol'], 'at most 120'),
  field('a symbol in full-width letters', { symbol: 'ＢＴＣ/ＵＳＤＴ' }, ['symbol']),
  field('a symbol with a null character', { symbol: 'BTC\u0000/USDT' }, ['symbol']),
  field('an unknown side', { side: 'long' }, ['side'], 'buy, sell'),
  field('a side in capitals', { side: 'BUY' }, ['side'], 'did you mean "buy"'),
  field('no quantity', { quantity: undefined }, ['quantity'], 'missing'),
  field('a quantity as a JSON number', { quantity: 5 }, ['quantity'], 'text in quotes'),
  field('a negative quantity', { quantity: '-5' }, ['quantity'], 'decimal text'),
  field('a quantity that is NaN', { quantity: 'NaN' }, ['quantity']),
  field('an infinite quantity', { quantity: 'Infinity' }, ['quantity']),
  field('a quantity with an exponent', { quantity: '5e3' }, ['quantity'], 'no exponent'),
  field('a quantity with a decimal comma', { quantity: '5,5' }, ['quantity']),
  field('a quantity with spaces', { quantity: ' 5 ' }, ['quantity']),
  field('a quantity in hexadecimal', { quantity: '0x10' }, ['quantity']),
  field('a quantity in Arabic digits', { quantity: '٥' }, ['quantity']),
  field('a quantity of 25 digits', { quantity: '1'.repeat(25) }, ['quantity']),
  field('a quantity with 19 decimals', { quantity: '0.0000000000000000001' }, ['quantity']),
  field('a quantity that is an object', { quantity: { amount: '5' } }, ['quantity']),
  field('a quantity that is true', { quantity: true }, ['quantity']),
  field('a duration as text', { durationMs: '300000' }, ['durationMs']),
  field('a negative duration', { durationMs: -1 }, ['durationMs'], 'at least 1'),
  field('a duration of zero', { durationMs: 0 }, ['durationMs'], 'at least 1'),
  field('half a millisecond', { durationMs: 1000.5 }, ['durationMs']),
  field('a duration that is null', { durationMs: null }, ['durationMs']),
  field('an end that is no time', { durationMs: undefined, endAt: 'tomorrow' }, ['endAt'], 'ISO 8601'),
  field('an end without a zone', { durationMs: undefined, endAt: '2026-11-23T13:00:00' }, ['endAt']),
  field('the 30th of February', { durationMs: undefined, endAt: '2027-02-30T00:00:00Z' }, ['endAt']),
  field('a start as a number', { startAt: 1_795_435_200_000 }, ['startAt'], 'text in quotes'),
  field('no whole number of slices', { slices: 2.5 }, ['slices']),
  field('slices as text', { slices: '20' }, ['slices']),
  field('no slices', { slices: 0 }, ['slices'], 'at least 1'),
  field('negative slices', { slices: -3 }, ['slices'], 'at least 1'),
  field('too many slices', { slices: 10_001 }, ['slices'], 'at most 10000'),
  field('slices beyond any number', { slices: 1e300 }, ['slices']),
  field('a limit as a JSON number', { limit: 60_000 }, ['limit'], 'text in quotes'),
  field('a negative limit', { limit: '-1' }, ['limit']),
  field('a catch-up below 1', { catchUpFactor: 0.5 }, ['catchUpFactor'], 'at least 1'),
  field('an unknown field', { amount: '5' }, ['amount'], 'no such field'),
  field('a misspelt field', { quantitty: '5', quantity: undefined }, ['quantity', 'quantitty']),
  field('several things at once', { side: 'up', quantity: 5, slices: 0, limit: 'x' }, [
    'side',
    'quantity',
    'slices',
    'limit',
  ]),
  {
    because: 'an unknown venue',
    change: { venue: 'simm' },
    code: 'UNKNOWN_VENUE',
    fields: ['venue'],
    says: 'did you mean "sim"',
  },
  {
    because: 'an unknown symbol',
    change: { symbol: 'BTC/USDC' },
    code: 'UNKNOWN_SYMBOL',
    fields: ['symbol'],
    says: 'did you mean "BTC/USDT"',
  },
  {
    because: 'the raw symbol',
    change: { symbol: 'BTCUSDT' },
    code: 'UNKNOWN_SYMBOL',
    fields: ['symbol'],
    says: 'did you mean "BTC/USDT"',
  },
  plan('a quantity of zero', { quantity: '0' }, ['quantity'], 'above 0'),
  plan('neither a length nor an end', { durationMs: undefined }, ['durationMs'], 'missing'),
  plan('both a length and an end', { endAt: '2026-11-23T13:00:00Z' }, ['endAt'], 'not both'),
  plan('no number of slices', { slices: undefined }, ['slices']),
  plan(
    'an end before the start',
    { durationMs: undefined, startAt: '2026-11-23T13:00:00Z', endAt: '2026-11-23T12:30:00Z' },
    ['endAt'],
    'before the start',
  ),
  plan('an end before now', { durationMs: undefined, endAt: '2026-11-23T11:59:59Z' }, ['endAt'], 'before the start'),
  plan('a start in the past', { startAt: '2026-11-23T11:59:00Z' }, ['startAt'], 'in the past'),
  plan('a start in 2099', { startAt: '2099-01-01T00:00:00Z' }, ['startAt'], 'within 30 days'),
  plan(
    'an end half a second after the start',
    { durationMs: undefined, endAt: '2026-11-23T12:00:00.500Z' },
    ['endAt'],
    '1 second',
  ),
  plan('a length below a second', { durationMs: 999 }, ['durationMs'], '1 second'),
  plan('a length of eight days', { durationMs: 8 * 86_400_000 }, ['durationMs'], 'at most'),
  plan('a length of a million years', { durationMs: 9_007_199_254_740_991 }, ['durationMs'], 'at most'),
  plan('a limit of zero', { limit: '0' }, ['limit'], 'above 0'),
  plan('a limit between two ticks', { limit: '60000.005' }, ['limit'], 'tick 0.01'),
  // 20 slices of 0.0001 / 20 = 0.000005 BTC each, half of the lot 0.00001.
  plan('slices of less than a lot', { quantity: '0.0001' }, ['quantity', 'slices'], ''),
  // 0.0015 BTC * 60000 = 90 USDT: 20 slices of 4.50, below the minimum notional of 5.
  plan('slices below the minimum notional', { quantity: '0.0015' }, ['slices'], 'minimum'),
  // 0.00001 BTC * 60000 = 0.60 USDT in all.
  plan('an order below the minimum notional', { quantity: '0.00001', slices: 1 }, ['quantity'], 'minimum'),
];

describe('a malformed start', () => {
  it.each(refusals)('is refused for $because', async ({ change, code, fields, says }) => {
    const body = JSON.stringify({ ...GOOD_START, ...change });
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/executions',
      headers: { ...withKey(), 'content-type': 'application/json' },
      body,
    });
    const problem = answer.json();
    expect(answer.statusCode).toBe(422);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problem).toMatchObject({ status: 422, code, type: `urn:tradewind:problem:${code}` });
    const named = problem.errors.map((error: { field: string }) => error.field);
    // A problem may lie in one of two fields; a single field must be the one.
    if (fields.length === 2 && code === 'INVALID_PLAN') expect(fields).toContain(named[0]);
    else expect(named.toSorted()).toEqual([...fields].toSorted());
    expect(problem.errors[0].message).toContain(says ?? '');
    expect(answer.body.length).toBeLessThan(4_000);
  });
});

const raw: readonly {
  readonly because: string;
  readonly headers?: Record<string, string>;
  readonly body: string;
  readonly status: number;
  readonly code: string;
}[] = [
  { because: 'half a JSON text', body: '{"algo":"twap"', status: 400, code: 'MALFORMED_JSON' },
  { because: 'no body', body: '', status: 400, code: 'MALFORMED_JSON' },
  { because: 'NaN as a number', body: '{"durationMs":NaN}', status: 400, code: 'MALFORMED_JSON' },
  { because: 'text after the document', body: '{} {}', status: 400, code: 'MALFORMED_JSON' },
  { because: 'a prototype in the body', body: '{"__proto__":{"admin":true}}', status: 400, code: 'MALFORMED_JSON' },
  { because: 'arrays in arrays', body: '['.repeat(9_000) + ']'.repeat(9_000), status: 422, code: 'INVALID_FIELDS' },
  {
    because: 'objects in objects',
    body: '{"algo":'.repeat(7_000) + '1' + '}'.repeat(7_000),
    status: 422,
    code: 'INVALID_FIELDS',
  },
  { because: 'an array', body: '[]', status: 422, code: 'INVALID_FIELDS' },
  { because: 'null', body: 'null', status: 422, code: 'INVALID_FIELDS' },
  { because: 'a text', body: '"twap"', status: 422, code: 'INVALID_FIELDS' },
  { because: 'a number beyond doubles', body: '{"durationMs":1e999}', status: 422, code: 'INVALID_FIELDS' },
  {
    because: 'a body of 65 KiB',
    body: JSON.stringify({ algo: 'x'.repeat(65 * 1024) }),
    status: 413,
    code: 'BODY_TOO_LARGE',
  },
  {
    because: 'XML',
    headers: { 'content-type': 'application/xml' },
    body: '<start/>',
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    because: 'plain text',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(GOOD_START),
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    because: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'algo=twap',
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    because: 'no key',
    headers: { authorization: '' },
    body: JSON.stringify(GOOD_START),
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  {
    because: 'an unknown key',
    headers: { authorization: 'Bearer tw_guess' },
    body: JSON.stringify(GOOD_START),
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  {
    because: 'another scheme',
    headers: { authorization: 'Basic dHc6YWRtaW4=' },
    body: JSON.stringify(GOOD_START),
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  {
    because: 'an idempotency key with spaces',
    headers: { 'idempotency-key': 'my key' },
    body: JSON.stringify(GOOD_START),
    status: 422,
    code: 'INVALID_IDEMPOTENCY_KEY',
  },
  {
    because: 'an idempotency key of 201 characters',
    headers: { 'idempotency-key': 'k'.repeat(201) },
    body: JSON.stringify(GOOD_START),
    status: 422,
    code: 'INVALID_IDEMPOTENCY_KEY',
  },
  {
    because: 'an empty idempotency key',
    headers: { 'idempotency-key': '' },
    body: JSON.stringify(GOOD_START),
    status: 422,
    code: 'INVALID_IDEMPOTENCY_KEY',
  },
];

describe('a refusal in words', () => {
  const told = async (url: string, body: string) => {
    const headers = { ...withKey(), 'content-type': 'application/json' };
    return (await app.inject({ method: 'POST', url, headers, body })).json();
  };

  it.each([
    ['a body that should be none', '/v1/executions/ex-1/pause', '{"x":1}', 'x: no such field; give no body, or {}'],
    ['an array instead of none', '/v1/executions/ex-1/pause', '[]', 'body: give a JSON object: no body, or {}'],
    ['an array instead of an object', '/v1/halts', '[]', 'body: give a JSON object'],
  ])('tells %s once', async (_what, url, body, detail) => {
    expect((await told(url, body)).detail).toBe(detail);
  });

  it('counts one character as one', async () => {
    const { errors } = await told('/v1/executions', JSON.stringify({ ...GOOD_START, venue: '' }));
    expect(errors[0].message).toContain('at least 1 character:');
  });

  it('does not call forbidden what is no JSON, nor the other way round', async () => {
    for (const body of ['{"__proto__":{}}', '{"a":'])
      expect((await told('/v1/executions', body)).detail).toBe(
        'The body is not JSON, or it has a field "__proto__" or "constructor" with a "prototype", which no body may have.',
      );
  });

  it('names what is nested too deep by where it begins', async () => {
    const { errors } = await told('/v1/halts', `{"scope":${'['.repeat(9_000)}${']'.repeat(9_000)}}`);
    expect(errors).toEqual([
      {
        field: 'scope',
        value: '(an array)',
        message: 'is nested too deep: use at most 100 levels of objects and arrays',
      },
    ]);
  });
});

describe('a start that is no proper request', () => {
  it.each(raw)('is refused for $because', async ({ headers, body, status, code }) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/executions',
      headers: { ...withKey(), 'content-type': 'application/json', ...headers },
      body,
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).not.toMatch(/node_modules|\.ts:|at Object/);
  });
});

const elsewhere: readonly {
  readonly because: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
}[] = [
  {
    because: 'an address that is not there',
    method: 'GET',
    url: '/v2/executions',
    status: 404,
    code: 'ROUTE_NOT_FOUND',
  },
  { because: 'a wrong method', method: 'DELETE', url: '/v1/executions', status: 405, code: 'METHOD_NOT_ALLOWED' },
  {
    because: 'a command by GET',
    method: 'GET',
    url: '/v1/executions/id-1/cancel',
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
  },
  {
    because: 'a broken escape in the path',
    method: 'GET',
    url: '/v1/executions/%zz',
    status: 400,
    code: 'MALFORMED_REQUEST',
  },
  {
    because: 'an unknown execution',
    method: 'GET',
    url: '/v1/executions/nobody',
    status: 404,
    code: 'EXECUTION_NOT_FOUND',
    field: 'id',
  },
  {
    because: 'SQL as an id',
    method: 'GET',
    url: `/v1/executions/${encodeURIComponent("' or 1=1 --")}`,
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'id',
  },
  {
    because: 'a status that is none',
    method: 'GET',
    url: '/v1/executions?status=done',
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'status',
  },
  {
    because: 'a page of no items',
    method: 'GET',
    url: '/v1/executions?limit=0',
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'limit',
  },
  {
    because: 'a page of a million items',
    method: 'GET',
    url: '/v1/executions?limit=1000000',
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'limit',
  },
  {
    because: 'a cursor of our own making',
    method: 'GET',
    url: '/v1/executions?cursor=abc',
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'cursor',
  },
  {
    because: 'an unknown filter',
    method: 'GET',
    url: '/v1/executions?venu=sim',
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'venu',
  },
  {
    because: 'a cancel with a body',
    method: 'POST',
    url: '/v1/executions/id-1/cancel',
    body: { now: true },
    status: 422,
    code: 'INVALID_FIELDS',
  },
  {
    because: 'a halt of nothing',
    method: 'POST',
    url: '/v1/halts',
    body: {},
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'scope',
  },
  {
    because: 'a halt without a reason',
    method: 'POST',
    url: '/v1/halts',
    body: { scope: 'all' },
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'reason',
  },
  {
    because: 'a halt for no stated reason',
    method: 'POST',
    url: '/v1/halts',
    body: { scope: 'all', reason: '      ' },
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'reason',
  },
  {
    because: 'a halt of a venue without its name',
    method: 'POST',
    url: '/v1/halts',
    body: { scope: 'venue', reason: 'testing' },
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'target',
  },
  {
    because: 'a halt of an unknown venue',
    method: 'POST',
    url: '/v1/halts',
    body: { scope: 'venue', target: 'sin', reason: 'testing' },
    status: 422,
    code: 'UNKNOWN_VENUE',
    field: 'target',
  },
  {
    because: 'a halt of an unknown symbol',
    method: 'POST',
    url: '/v1/halts',
    body: { scope: 'symbol', target: 'BTC/EUR', reason: 'testing' },
    status: 422,
    code: 'UNKNOWN_SYMBOL',
    field: 'target',
  },
  {
    because: 'a halt of all with a target',
    method: 'POST',
    url: '/v1/halts',
    body: { scope: 'all', target: 'sim', reason: 'testing' },
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'target',
  },
  {
    because: 'lifting an unknown halt',
    method: 'POST',
    url: '/v1/halts/none/lift',
    body: { reason: 'testing' },
    status: 404,
    code: 'HALT_NOT_FOUND',
    field: 'id',
  },
  {
    because: 'lifting without a reason',
    method: 'POST',
    url: '/v1/halts/none/lift',
    body: {},
    status: 422,
    code: 'INVALID_FIELDS',
    field: 'reason',
  },
  {
    because: 'an unknown venue',
    method: 'GET',
    url: '/v1/venues/sin',
    status: 404,
    code: 'VENUE_NOT_FOUND',
    field: 'id',
  },
];

describe('a request elsewhere', () => {
  it.each(elsewhere)('is refused for $because', async ({ method, url, body, status, code, field: named }) => {
    const answer = await app.inject({ method, url, headers: withKey(), ...(body ? { body } : {}) });
    expect(answer.statusCode).toBe(status);
    const problem = answer.json();
    expect(problem).toMatchObject({ status, code });
    if (named !== undefined) expect(problem.errors.map((error: { field: string }) => error.field)).toContain(named);
    expect(answer.headers.allow !== undefined).toBe(status === 405);
  });
});

it('nothing was stored, started, commanded or halted by any of them', () => {
  expect(platform.executions.records.size).toBe(0);
  expect(platform.executions.claims.size).toBe(0);
  expect(platform.startedWorkflows).toEqual([]);
  expect(platform.commands).toEqual([]);
  expect(platform.halts).toEqual([]);
});

it('the good start that they all vary is accepted', async () => {
  const answer = await app.inject({ method: 'POST', url: '/v1/executions', headers: withKey(), body: GOOD_START });
  expect(answer.statusCode).toBe(201);
});
