import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { ReportData } from '../../domain/backtest/report/report-data.ts';
import { GOOD_SPEC, PARTS, RESULT } from './fakes/backtest-result.ts';
import { type FakePlatform, startFakeApi, withKey } from './fakes/platform.ts';

let app: FastifyInstance;
let platform: FakePlatform;

const get = (url: string) => app.inject({ url, headers: withKey() });
const compare = (ids: string) => get(`/v1/backtests/report.html?ids=${encodeURIComponent(ids)}`);
const start = () => app.inject({ method: 'POST', url: '/v1/backtests', headers: withKey(), body: GOOD_SPEC });

/** The document in a page. */
function documentOf(html: string): ReportData {
  return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!) as ReportData;
}

beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  for (let i = 0; i < 7; i += 1) await start();
  for (const id of ['id-1', 'id-2']) {
    platform.backtests.change(id, { status: 'completed', result: RESULT });
    platform.backtests.parts.set(id, PARTS);
  }
});
afterEach(() => app.close());

describe('backtests side by side', () => {
  it('are one page, in the order given', async () => {
    const answer = await compare('id-2, id-1');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(documentOf(answer.body).runs).toHaveLength(2);
  });

  it('may be a single one: its own report', async () => {
    expect((await compare('id-1')).body).toBe((await get('/v1/backtests/id-1/report.html')).body);
  });

  it.each([
    ['seven', 'id-1,id-2,id-3,id-4,id-5,id-6,id-7', 'give 1 to 6 ids separated by commas, not 7'],
    ['none', ' , ', 'give 1 to 6 ids separated by commas, not 0'],
    ['one twice', 'id-1,id-2,id-1', '"id-1" is there twice'],
  ])('are refused when there are %s', async (_what, ids, message) => {
    const answer = await compare(ids);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'INVALID_FIELDS', errors: [{ field: 'ids', message }] });
  });

  it('are refused without ids', async () => {
    expect((await get('/v1/backtests/report.html')).json()).toMatchObject({ errors: [{ field: 'ids' }] });
  });

  it('are refused with all that are not known', async () => {
    const answer = await compare('id-1,other,nobody');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      code: 'BACKTEST_NOT_FOUND',
      detail: 'There is no backtest "other", "nobody".',
      errors: [{ value: 'other' }, { value: 'nobody' }],
    });
  });

  it('are refused with all that have no result', async () => {
    platform.backtests.change('id-3', { status: 'cancelled' });
    const answer = await compare('id-1,id-3,id-4');
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'NO_RESULT',
      detail: 'Only completed backtests can be compared: "id-3" is cancelled, "id-4" is queued.',
      errors: [{ value: 'id-3' }, { value: 'id-4' }],
    });
  });
});
