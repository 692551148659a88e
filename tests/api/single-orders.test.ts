import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, NOW, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());

const DAY_MS = 86_400_000;
const ORDER = { algo: 'single', venue: 'sim', symbol: 'BTC/USDT', side: 'sell', quantity: '0.5' };
const start = (body: object) =>
  app.inject({ method: 'POST', url: '/v1/executions', headers: withKey(), body: { ...ORDER, ...body } });
const planOf = async (body: object) => {
  const answer = await start(body);
  expect(answer.statusCode).toBe(201);
  return platform.executions.records.get(answer.json().id)!.plan;
};

describe('a start of a single order', () => {
  it('without a length is tried for 30 s when it is marketable', async () => {
    await expect(planOf({})).resolves.toMatchObject({
      algo: 'single',
      startAt: NOW,
      endAt: NOW + 30_000,
      limit: null,
      params: { kind: 'marketable', aggressionBps: 50, stopSlippageBps: 50, reduceOnly: 0 },
    });
  });

  it('without a length rests for 400 days, with its trigger as exact text', async () => {
    const plan = await planOf({ kind: 'stop', stopPrice: '58000.50', reduceOnly: 1 });
    expect(plan).toMatchObject({
      endAt: NOW + 400 * DAY_MS,
      params: { kind: 'stop', stopPrice: '58000.5', reduceOnly: 1 },
    });
  });

  it('takes the length that is given, and bounds of its own for a parameter that another algorithm has too', async () => {
    const plan = await planOf({ durationMs: 5_000, aggressionBps: 900 });
    expect(plan).toMatchObject({ endAt: NOW + 5_000, params: { aggressionBps: 900 } });
    const twap = await start({ algo: 'twap', slices: 2, durationMs: 60_000, aggressionBps: 900 });
    expect(twap.json()).toMatchObject({ code: 'INVALID_PLAN', errors: [{ field: 'aggressionBps', value: 900 }] });
  });

  it.each<[string, object, string]>([
    ['a stop without a trigger', { kind: 'stop' }, 'stopPrice'],
    ['a limit order without a price', { kind: 'limit' }, 'limit'],
    ['slices', { slices: 3 }, 'slices'],
    ['a trigger that is a number', { kind: 'stop', stopPrice: 58_000 }, 'stopPrice'],
    ['a price of its own, which only sessions give', { limit: '59000', atPrice: '59000' }, 'atPrice'],
    ['another kind', { kind: 'trailing' }, 'kind'],
  ])('refuses %s, and starts nothing', async (_, body, field) => {
    const answer = await start(body);
    expect([answer.statusCode, answer.json().errors[0].field]).toEqual([422, field]);
    expect(platform.startedWorkflows).toEqual([]);
  });
});
