import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';
import { NO_TRACES, tracesOf } from './fakes/refusals.ts';

// One platform for all: were anything stored or started by one of these, the last test would see it.
let app: FastifyInstance;
let platform: FakePlatform;
beforeAll(async () => {
  ({ app, platform } = await startFakeApi());
});
afterAll(() => app.close());

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

it('nothing was stored, started, commanded, halted or given by any of them', () => {
  expect(tracesOf(platform)).toEqual(NO_TRACES);
});
