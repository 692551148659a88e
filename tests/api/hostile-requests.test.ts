import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { connect } from 'node:net';
import { ADMIN_KEY, type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';
import { expectProblem, NO_TRACES, tracesOf } from './fakes/refusals.ts';

// One platform for all: were anything stored or started by one of these, the last test would see it.
let app: FastifyInstance;
let platform: FakePlatform;
let port: number;
beforeAll(async () => {
  ({ app, platform } = await startFakeApi());
  port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => app.close());

/** Every call that changes something and takes JSON. */
const CHANGES = [
  '/v1/executions',
  '/v1/executions/none/amend',
  '/v1/executions/none/pause',
  '/v1/executions/none/resume',
  '/v1/executions/none/cancel',
  '/v1/backtests',
  '/v1/backtests/check',
  '/v1/backtests/none/cancel',
  '/v1/optimizations',
  '/v1/optimizations/none/pause',
  '/v1/optimizations/none/resume',
  '/v1/optimizations/none/cancel',
  '/v1/datasets/downloads',
  '/v1/datasets/downloads/none/cancel',
  '/v1/datasets/none/resample',
  '/v1/halts',
  '/v1/halts/none/lift',
  '/v1/sessions',
  '/v1/sessions/check',
  '/v1/sessions/none/adjust',
  '/v1/sessions/none/amend',
  '/v1/sessions/none/comparison',
  '/v1/sessions/none/pause',
  '/v1/sessions/none/reconcile',
  '/v1/sessions/none/resume',
  '/v1/sessions/none/stop',
  '/v1/orders/none/settle',
  '/v1/keys',
] as const;

interface Hostile {
  readonly because: string;
  readonly headers?: Record<string, string>;
  readonly body: string | Buffer;
  readonly status: number;
  readonly code: string;
}

const BODIES: readonly Hostile[] = [
  { because: 'half a JSON text', body: '{"a":', status: 400, code: 'MALFORMED_JSON' },
  { because: 'a prototype', body: '{"__proto__":{"role":"admin"}}', status: 400, code: 'MALFORMED_JSON' },
  { because: 'a constructor', body: '{"constructor":{"prototype":{"a":1}}}', status: 400, code: 'MALFORMED_JSON' },
  {
    because: 'bytes that are no UTF-8 text',
    body: Buffer.from([0xff, 0xfe, 0x7b]),
    status: 400,
    code: 'MALFORMED_JSON',
  },
  {
    because: 'a form',
    headers: { 'content-type': 'multipart/form-data' },
    body: 'x',
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
  },
  {
    because: 'a key of somebody else',
    headers: { authorization: 'Bearer tw_guess' },
    body: '{}',
    status: 401,
    code: 'UNAUTHENTICATED',
  },
  { because: 'a list', body: '[{}]', status: 422, code: 'INVALID_FIELDS' },
];

/** Backtests and searches are checked by their own parsers, which name the spec. */
const codeAt = (url: string, code: string): readonly string[] =>
  code === 'INVALID_FIELDS' ? [code, url.includes('backtests') ? 'INVALID_BACKTEST' : 'INVALID_OPTIMIZATION'] : [code];

describe.each(CHANGES)('POST %s', (url) => {
  it.each(BODIES)('refuses $because', async ({ headers, body, status, code }) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers: { ...withKey(), 'content-type': 'application/json', ...headers },
      payload: body,
    });
    const told = (JSON.parse(answer.body) as { code: string }).code;
    expect(codeAt(url, code)).toContain(told);
    expectProblem(answer, status, told);
  });
});

/** Addresses with a parameter that cannot be. */
const WRONG_READS: readonly (readonly [because: string, url: string])[] = [
  ['a number that is a boolean', '/v1/executions?limit=true'],
  ['a number in exponents', '/v1/executions?limit=1e2'],
  ['a number in hexadecimal', '/v1/orders?limit=0x10'],
  ['a number with spaces', '/v1/orders?limit=%2010'],
  ['an empty number', '/v1/orders?limit='],
  ['a parameter given twice', '/v1/orders?limit=1&limit=2'],
  ['a boolean that is a number', '/v1/halts?active=1'],
  ['a state that is none', '/v1/orders?state=open'],
  ['a cursor that is SQL', `/v1/orders?cursor=${encodeURIComponent('1;drop table intents')}`],
  ['a cursor beyond any', '/v1/orders?cursor=9999999999999999999'],
  ['an unknown filter', '/v1/orders?side=buy'],
  ['a null character in a filter', '/v1/orders?symbol=BTC%00'],
  ['a null character in free text', '/v1/backtests?symbol=BTC%00'],
  ['a null character in an id', '/v1/orders/a%00b'],
  ['SQL as an id', `/v1/orders/${encodeURIComponent("' or 1=1 --")}`],
  ['a search with a script', `/v1/venues/sim/instruments?search=${encodeURIComponent('<script>')}`],
  ['a page of no instruments', '/v1/venues/sim/instruments?limit=0'],
  ['events of a kind that is none', '/v1/events/history?kind=ORDER'],
  ['events of every kind by a pattern', '/v1/events/history?kind=*'],
  ['events behind a negative id', '/v1/events/history?after=-1'],
  ['events behind an id beyond numbers', '/v1/events/history?after=99999999999999999999'],
  ['events behind half an id', '/v1/events/history?after=1.5'],
  ['a stream behind no id', '/v1/events?after=last'],
  ['a stream of a subject with a line break', '/v1/events?subject=a%0Ab'],
];

const READS: readonly (readonly [because: string, url: string, status: number, code: string])[] = [
  ['an unknown order', '/v1/orders/none', 404, 'ORDER_NOT_FOUND'],
  ['a path that climbs', '/v1/orders/..%2f..%2fetc%2fpasswd', 404, 'ORDER_NOT_FOUND'],
  ['an id of 201 characters', `/v1/orders/${'a'.repeat(201)}`, 400, 'MALFORMED_REQUEST'],
  ['instruments of no venue', '/v1/venues/none/instruments', 404, 'VENUE_NOT_FOUND'],
  ['a deletion of a report', '/v1/orders', 405, 'METHOD_NOT_ALLOWED'],
  ['an address of 9,000 characters', `/v1/orders?symbol=${'B'.repeat(9_000)}`, 414, 'ADDRESS_TOO_LONG'],
  ['a broken escape', '/v1/orders/%e0%a4%a', 400, 'MALFORMED_REQUEST'],
];

describe('reading', () => {
  it.each(WRONG_READS)('refuses %s', async (_because, url) => {
    const answer = await app.inject({ url, headers: withKey() });
    expect(answer.statusCode).toBe(422);
    expectProblem(answer, 422, 'INVALID_FIELDS');
  });

  it.each(READS)('refuses %s', async (_because, url, status, code) => {
    const method = status === 405 ? 'DELETE' : 'GET';
    const answer = await app.inject({ method, url, headers: withKey() });
    expect(answer.statusCode).toBe(status);
    expectProblem(answer, status, code);
  });

  it('refuses a Last-Event-ID that is none', async () => {
    const headers = { ...withKey(), 'last-event-id': '1; drop' };
    const answer = await app.inject({ url: '/v1/events', headers });
    expect(answer.statusCode).toBe(422);
    expectProblem(answer, 422, 'INVALID_FIELDS');
  });
});

const KEYS: readonly (readonly [because: string, body: object])[] = [
  ['no name', { role: 'viewer' }],
  ['no role', { name: 'a' }],
  ['an unknown role', { name: 'a', role: 'root' }],
  ['an empty name', { name: '', role: 'viewer' }],
  ['a name with a slash', { name: 'a/b', role: 'viewer' }],
  ['a name with a line break', { name: 'a\nb', role: 'viewer' }],
  ['a name of 61 characters', { name: 'a'.repeat(61), role: 'viewer' }],
  ['a key of their choice', { name: 'a', role: 'viewer', key: 'tw_mine' }],
  ['a name that is a list', { name: ['a'], role: 'viewer' }],
];

it('a method that an address does not take is told by the address that is spelt out', async () => {
  const answer = await app.inject({ method: 'PUT', url: '/v1/datasets/downloads', headers: withKey(), body: {} });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
});

describe('making a key', () => {
  it.each(KEYS)('is refused with %s', async (_because, body) => {
    const answer = await app.inject({ method: 'POST', url: '/v1/keys', headers: withKey(), body });
    expect(answer.statusCode).toBe(422);
    expectProblem(answer, 422, 'INVALID_FIELDS');
  });
});

const UNSTORABLE: readonly (readonly [because: string, url: string, body: object])[] = [
  ['a null character in a reason', '/v1/halts', { scope: 'all', reason: 'drill \u0000 now' }],
  ['half a character in a reason', '/v1/halts', { scope: 'all', reason: 'drill \ud800 now' }],
  ['a null character deep in a spec', '/v1/backtests', { data: { datasetId: 'ds', note: ['a', { b: 'c\u0000' }] } }],
  ['a null character in the name of a field', '/v1/optimizations', { 'a\u0000': 1 }],
];

describe('text that no database takes', () => {
  it.each(UNSTORABLE)('is refused: %s', async (_because, url, body) => {
    const answer = await app.inject({ method: 'POST', url, headers: withKey(), body });
    expect(answer.statusCode).toBe(422);
    expectProblem(answer, 422, 'INVALID_FIELDS');
    expect(answer.json().errors[0].message).toContain('U+0000');
  });
});

/** Sends bytes as they are and reads until the server closes. */
async function sendRaw(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString('utf8')));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return said;
}

const auth = `Host: x\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n`;
const RAW: readonly (readonly [because: string, bytes: string, status: number])[] = [
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['a header of 20 KB', `GET /v1/halts HTTP/1.1\r\n${auth}X-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['two lengths', `POST /v1/halts HTTP/1.1\r\n${auth}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
  [
    'length and chunks',
    `POST /v1/halts HTTP/1.1\r\n${auth}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['a chunk without a size', `POST /v1/halts HTTP/1.1\r\n${auth}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`, 400],
  ['a line break in a header', `GET /v1/halts HTTP/1.1\r\n${auth}X: a\rb\r\n\r\n`, 400],
];

describe('what is no proper HTTP', () => {
  it.each(RAW)('is refused: %s', async (_because, bytes, status) => {
    const said = await sendRaw(bytes);
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(said).toContain('application/problem+json');
  });
});

it('nothing was stored, started, commanded, halted or given by any of them', () => {
  expect(tracesOf(platform)).toEqual(NO_TRACES);
});
