import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Amendment } from '../../domain/execution/amendment.ts';
import { type FakePlatform, GOOD_START, NOW, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  await post('/v1/executions', GOOD_START);
});
afterEach(() => app.close());

const post = (url: string, payload: object) => app.inject({ method: 'POST', url, headers: withKey(), payload });
const get = async (path = '') => (await app.inject({ url: `/v1/executions/id-1${path}`, headers: withKey() })).json();
const amend = (body: object) => post('/v1/executions/id-1/amend', body);

/** What the workflow has recorded by the time that the API answers. */
const AMENDMENT: Amendment = {
  number: 1,
  at: NOW + 30_000,
  quantity: '6',
  endAt: NOW + 360_000,
  limit: '61000',
  // Two of twenty slices lie behind; 22 of 15 s are left.
  course: { number: 1, behind: 2, from: '0.5', startAt: NOW + 30_000, params: { slices: 22 } },
};

describe('an amendment', () => {
  it('goes to the workflow and answers with the execution as it is now', async () => {
    await platform.executions.recordAmendment('id-1', AMENDMENT);
    const answer = await amend({ quantity: '6', durationMs: 360_000, limit: '61000' });
    expect(answer.statusCode).toBe(200);
    expect(platform.commands).toEqual([
      `amend execution/id-1 ${JSON.stringify({ quantity: '6', endAt: NOW + 360_000, limit: '61000' })}`,
    ]);
    expect(answer.json()).toMatchObject({
      quantity: '6',
      residual: '6',
      limit: '61000',
      endAt: new Date(NOW + 360_000).toISOString(),
      params: { slices: 20 },
      amendments: [{ number: 1, quantity: '6', limit: '61000', at: new Date(NOW + 30_000).toISOString() }],
    });
  });

  it('may name the end, and take the limit away', async () => {
    await amend({ endAt: new Date(NOW + 600_000).toISOString(), limit: null });
    expect(platform.commands).toEqual([
      `amend execution/id-1 ${JSON.stringify({ endAt: NOW + 600_000, limit: null })}`,
    ]);
  });

  it('shows in slices and report: those behind as they were, the others of the new course', async () => {
    await platform.executions.recordAmendment('id-1', AMENDMENT);
    const { items } = await get('/slices?limit=1000');
    expect(items).toHaveLength(24);
    // 0.25 and 0.5 of the plan, then 5.5 over 22 slices: 0.25 each.
    expect(items.slice(0, 4).map(({ target }: { target: string }) => target)).toEqual(['0.25', '0.5', '0.75', '1']);
    expect(items.at(-1)).toMatchObject({ n: 24, target: '6', dueAt: new Date(NOW + 345_000).toISOString() });
    expect(await get('/report')).toMatchObject({ ordered: '6', filled: '0', residual: '6' });
  });

  it.each([
    ['nothing', {}, 'body', /^give what shall change/],
    ['both ends', { durationMs: 1, endAt: '2026-11-23T13:00:00Z' }, 'endAt', /either durationMs or endAt/],
    ['a limit off the tick', { limit: '60000.001' }, 'limit', /multiple of the tick/],
    ['a limit of nothing', { limit: '0' }, 'limit', /above 0/],
    ['less than a lot', { quantity: '0.000001' }, 'quantity', /at least one lot/],
    ['a length of years', { durationMs: 9e10 }, 'durationMs', /at most/],
    ['an end in years', { endAt: '2035-01-01T00:00:00Z' }, 'endAt', /at most 604800000 ms/],
    ['an end that has passed', { endAt: new Date(NOW - 1).toISOString() }, 'endAt', /^lies in the past; it is /],
    ['more digits than a quantity has', { quantity: '9'.repeat(24) }, 'quantity', /at most 15 digits/],
    ['more digits than a price has', { limit: `1${'0'.repeat(18)}` }, 'limit', /at most 15 digits/],
    // 20 slices of at most 9000 BTC each.
    ['more than its slices can be', { quantity: '180001' }, 'quantity', /at most 180000 in 20 slices/],
    // Twice as long: 40 slices.
    [
      'more than the slices of its new end can be',
      { quantity: '360001', durationMs: 600_000 },
      'quantity',
      /at most 360000 in 40 slices/,
    ],
  ])('to %s is refused, and nothing is sent', async (_, body, field, message) => {
    const answer = await amend(body);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_PLAN',
      errors: [{ field, message: expect.stringMatching(message) }],
    });
    expect(platform.commands).toEqual([]);
  });

  it('may be as much as the slices of its new end can be, without zeros that say nothing', async () => {
    expect((await amend({ quantity: '0360000.00', durationMs: 600_000, limit: '061000.0' })).statusCode).toBe(200);
    expect(platform.commands).toEqual([
      `amend execution/id-1 ${JSON.stringify({ quantity: '360000', endAt: NOW + 600_000, limit: '61000' })}`,
    ]);
  });

  it.each([
    ['a number for a quantity', { quantity: 6 }],
    ['a negative quantity', { quantity: '-1' }],
    ['an end that is no time', { endAt: 'tomorrow' }],
    ['a field that nobody knows', { slices: 30 }],
  ])('with %s is refused by its form', async (_, body) => {
    const answer = await amend(body);
    expect(answer.statusCode).toBe(422);
    expect(platform.commands).toEqual([]);
  });

  it('that its workflow refuses is 409 with the reason', async () => {
    platform.outcome = { kind: 'refused', reason: 'quantity 1 is below what has been filled, 2' };
    const answer = await amend({ quantity: '1' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'COMMAND_REFUSED', detail: expect.stringContaining('filled, 2') });
  });

  it('below what has filled is 409 that names the quantity, and nothing is sent', async () => {
    platform.executions.change('id-1', { filled: '2' });
    const answer = await amend({ quantity: '1.9' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'COMMAND_REFUSED', errors: [{ field: 'quantity', value: '1.9' }] });
    expect(platform.commands).toEqual([]);
    expect((await amend({ quantity: '2' })).statusCode).toBe(200);
  });

  it('of an ended execution is refused', async () => {
    platform.executions.change('id-1', { status: 'completed' });
    expect((await amend({ quantity: '6' })).json()).toMatchObject({ code: 'EXECUTION_ENDED' });
  });

  it('of an execution that is not there is 404', async () => {
    expect((await post('/v1/executions/no-such/amend', { quantity: '6' })).statusCode).toBe(404);
  });

  it('takes a trader', async () => {
    platform.addKey('tw_viewer', 'eve', 'viewer');
    const url = '/v1/executions/id-1/amend';
    const answer = await app.inject({ method: 'POST', url, headers: withKey('tw_viewer'), payload: { quantity: '6' } });
    expect(answer.statusCode).toBe(403);
  });
});

describe('a start', () => {
  it('keeps quantity and limit without zeros that say nothing', async () => {
    await post('/v1/executions', { ...GOOD_START, quantity: '005.00', limit: '061000.0' });
    expect(platform.executions.records.get('id-2')?.plan).toMatchObject({ quantity: '5', limit: '61000' });
  });

  it('takes the parameters of a TWAP, and completes them', async () => {
    const answer = await post('/v1/executions', {
      ...GOOD_START,
      style: 'maker-first',
      catchUp: 'spread',
      jitterTime: 0.5,
      maxParticipation: 0.1,
    });
    expect(answer.statusCode).toBe(201);
    expect(platform.executions.records.get('id-2')?.plan.params).toEqual({
      slices: 20,
      catchUp: 'spread',
      catchUpFactor: 2,
      aggressionBps: 10,
      jitterTime: 0.5,
      jitterSize: 0,
      maxParticipation: 0.1,
      style: 'maker-first',
      crossAfter: 0.7,
    });
  });

  it.each([
    ['style', 'passive'],
    ['catchUp', 'hurry'],
    ['jitterTime', 1],
    ['jitterSize', -0.1],
    ['maxParticipation', 0],
    ['crossAfter', 1],
  ])('with %s %p is refused', async (field, value) => {
    const answer = await post('/v1/executions', { ...GOOD_START, [field]: value });
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toEqual([expect.objectContaining({ field, value })]);
  });
});
