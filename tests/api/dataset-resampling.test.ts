import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let platform: FakePlatform;
let app: FastifyInstance;
beforeEach(async () => {
  ({ platform, app } = await startFakeApi());
});
afterEach(() => app.close());

const MINUTE_MS = 60_000;
const START = Date.UTC(2024, 0, 1, 0, 58);
/** 00:58 to 03:01 but for 01:10 to 01:59; the price is the number of the minute. */
const MINUTES = Array.from({ length: 124 }, (_, i) => i).filter((i) => i < 12 || i >= 62);
const CSV = [
  'timestamp,open,high,low,close,volume',
  ...MINUTES.map((i) => `${START + i * MINUTE_MS},${i + 10},${i + 11},${i + 9},${i + 10.5},2`),
].join('\n');

async function imported(calendar?: string): Promise<string> {
  const query = { symbol: 'X', timeframe: '1m', stamp: 'open', ...(calendar === undefined ? {} : { calendar }) };
  const headers = { ...withKey(), 'content-type': 'text/csv' };
  const answer = await app.inject({ method: 'POST', url: '/v1/datasets', query, headers, payload: CSV });
  return answer.json().datasetId as string;
}

const resample = (id: string, payload: object) =>
  app.inject({ method: 'POST', url: `/v1/datasets/${id}/resample`, headers: withKey(), payload });

it('makes whole bars of what is there, closed by the end of the data', async () => {
  const id = await imported();
  const answer = await resample(id, { timeframe: '1h' });
  expect(answer.statusCode).toBe(201);
  const view = answer.json();
  expect(view).toMatchObject({ symbol: 'X', timeframe: '1h', rows: 3, gaps: 0, firstAt: '2024-01-01T00:00:00.000Z' });
  const [bars] = platform.datasets.bars.get(view.datasetId)!;
  // 00:00 is made of minutes 0 and 1, 01:00 of 2 to 11, 02:00 of 62 to 121; 03:00 had not closed.
  expect([...bars!.open]).toEqual([10, 12, 72]);
  expect([...bars!.high]).toEqual([12, 22, 132]);
  expect([...bars!.low]).toEqual([9, 11, 71]);
  expect([...bars!.close]).toEqual([11.5, 21.5, 131.5]);
  expect([...bars!.volume]).toEqual([4, 20, 120]);
  // Also when it is asked for several times at once, and after one that fails.
  const [again, refused, third] = await Promise.all(
    ['1h', '90s', '1h'].map((timeframe) => resample(id, { timeframe })),
  );
  for (const each of [again!, third!]) expect([each.statusCode, each.json()]).toEqual([200, view]);
  expect(refused!.statusCode).toBe(422);
});

it('takes the calendar of the data set, or the one that is given', async () => {
  const [first, second] = [
    await imported('forex'),
    '{"zone":"UTC","sessions":[{"days":["mon"],"open":"00:00","close":"24:00"}]}',
  ];
  expect((await resample(first, { timeframe: '1h' })).json()).toMatchObject({ calendar: 'forex' });
  expect((await resample(first, { timeframe: '30m', calendar: second })).json()).toMatchObject({
    calendar: 'sessions',
  });
});

it('wants a calendar of one’s own described again', async () => {
  const id = await imported('{"name":"own","zone":"UTC","sessions":[{"days":["mon"],"open":"00:00","close":"24:00"}]}');
  const answer = await resample(id, { timeframe: '1h' });
  expect(answer.statusCode).toBe(422);
  expect(answer.json().errors).toMatchObject([{ field: 'calendar', message: expect.stringContaining('describe it') }]);
});

it.each([
  ['1m', 'a whole multiple of 1m'],
  ['90s', 'a whole multiple of 1m'],
  ['1M', 'give a whole number and s, m, h, d or w'],
  ['1d', 'make no whole bar of 1d'],
])('refuses to make bars of %s', async (timeframe, message) => {
  const answer = await resample(await imported(), { timeframe });
  expect(answer.statusCode).toBe(422);
  expect(answer.json().errors).toMatchObject([
    { field: 'timeframe', value: timeframe, message: expect.stringContaining(message) },
  ]);
});

it('refuses stored bars that are not those that they were', async () => {
  const id = await imported();
  platform.datasets.bars.get(id)![0]!.close[3] = 999;
  expect((await resample(id, { timeframe: '1h' })).statusCode).toBe(500);
  expect((await resample('ds_none', { timeframe: '1h' })).statusCode).toBe(404);
});
