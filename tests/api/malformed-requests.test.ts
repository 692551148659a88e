import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, GOOD_START, startFakeApi, withKey } from './fakes/platform.ts';
import { expectProblem, NO_TRACES, tracesOf } from './fakes/refusals.ts';

// One platform for all: were anything stored or started by one of these, the last test would see it.
let app: FastifyInstance;
let platform: FakePlatform;
beforeAll(async () => {
  ({ app, platform } = await startFakeApi());
});
afterAll(() => app.close());

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
    expectProblem(answer, status, code);
  });
});

it('nothing was stored, started, commanded, halted or given by any of them', () => {
  expect(tracesOf(platform)).toEqual(NO_TRACES);
});
