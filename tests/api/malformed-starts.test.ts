import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, GOOD_START, startFakeApi, withKey } from './fakes/platform.ts';
import { NO_TRACES, tracesOf } from './fakes/refusals.ts';

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

it('nothing was stored, started, commanded, halted or given by any of them', () => {
  expect(tracesOf(platform)).toEqual(NO_TRACES);
});

it('the good start that they all vary is accepted', async () => {
  const answer = await app.inject({ method: 'POST', url: '/v1/executions', headers: withKey(), body: GOOD_START });
  expect(answer.statusCode).toBe(201);
});
