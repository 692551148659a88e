import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { withSpooledBody } from '../../api/datasets/spool.ts';
import { type FakePlatform, NOW, startFakeApi, withKey } from './fakes/platform.ts';

let platform: FakePlatform;
let app: FastifyInstance;
beforeEach(async () => {
  ({ platform, app } = await startFakeApi());
});
afterEach(() => app.close());

const GOOD = `timestamp,open,high,low,close,volume
2024-01-01T00:00:00Z,100,101,99,100.5,7
2024-01-01T00:01:00Z,100.5,102,100,101,8
2024-01-01T00:04:00Z,101,101,100,100,9
`;
const QUERY = { symbol: 'BTC/USDT', timeframe: '1m', stamp: 'open' };

const post = (
  payload: string | Buffer,
  query: Readonly<Record<string, string>> = QUERY,
  type = 'text/csv',
  key?: string,
) =>
  app.inject({
    method: 'POST',
    url: '/v1/datasets',
    query: { ...query },
    headers: { ...withKey(key), 'content-type': type },
    payload,
  });
const get = (url: string) => app.inject({ url, headers: withKey() });
const uploads = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('tradewind-upload-'));

describe('importing a file of bars', () => {
  it('stores it as a data set and tells what is in it', async () => {
    const answer = await post(GOOD);
    expect(answer.statusCode).toBe(201);
    const body = answer.json();
    expect(body).toMatchObject({
      symbol: 'BTC/USDT',
      timeframe: '1m',
      rows: 3,
      firstAt: '2024-01-01T00:00:00.000Z',
      lastAt: '2024-01-01T00:04:00.000Z',
      gaps: 1,
      missingBars: 2,
      firstGaps: [{ after: '2024-01-01T00:01:00.000Z', before: '2024-01-01T00:04:00.000Z', bars: 2 }],
      calendar: '24/7',
      duplicates: 0,
      hasVolume: true,
      source: { kind: 'file', stamp: 'open', zone: 'UTC', columns: null },
      owner: 'admin',
    });
    expect(body.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(body.datasetId).toBe(`ds_${body.hash.slice(0, 16)}`);
    expect(answer.headers['location']).toBe(`/v1/datasets/${body.datasetId}`);
    expect((await get(`/v1/datasets/${body.datasetId}`)).json()).toEqual(body);
  });

  it('gives the same data set for the same bars, however they are packed or written', async () => {
    const first = (await post(GOOD)).json();
    const packed = await post(gzipSync(GOOD), QUERY, 'application/gzip');
    const other = `date;close;open;high;low;vol\n1704067200;100.50;100.00;101;99;7.0\n1704067260000;101;100.5;102;100;8\n2024-01-01T01:04:00+01:00;100;101;101;100;9`;
    const rewritten = await post(other, { ...QUERY, columns: 'volume=vol' });
    expect([packed.statusCode, rewritten.statusCode]).toEqual([200, 200]);
    expect([packed.json().datasetId, rewritten.json().datasetId]).toEqual([first.datasetId, first.datasetId]);
    expect((await get('/v1/datasets')).json().items).toHaveLength(1);
  });

  it('says which calendar bars keep that were stored before, and what to do', async () => {
    const first = (await post(GOOD, { ...QUERY, calendar: 'us-equities' })).json();
    // New Year's Day 2024: New York is closed, all three bars lie outside, none is missing.
    expect(first).toMatchObject({ calendar: 'us-equities', missingBars: 0, outsideBars: 3, notes: [] });
    const again = await post(GOOD);
    expect(again.statusCode).toBe(200);
    const { notes, ...rest } = again.json();
    expect(rest).toEqual({ ...rest, datasetId: first.datasetId, calendar: 'us-equities' });
    expect(notes).toHaveLength(1);
    for (const part of ['keeps its calendar "us-equities" (0 bars', '"24/7", given now (2 missing)', 'was not taken']) {
      expect(notes[0]).toContain(part);
    }
    expect(notes[0]).toContain(`tradewind data delete ${first.datasetId}`);
    expect((await post(GOOD, { ...QUERY, calendar: 'us-equities' })).json().notes).toEqual([]);
  });

  it('tells two calendars of one name apart', async () => {
    const hours = (close: string) =>
      JSON.stringify({ name: 'own', zone: 'UTC', sessions: [{ days: ['mon'], open: '00:00', close }] });
    await post(GOOD, { ...QUERY, calendar: hours('00:05') });
    expect((await post(GOOD, { ...QUERY, calendar: hours('00:05') })).json().notes).toEqual([]);
    // Until 00:02 only: the bar of 00:04 lies outside and nothing is missing.
    const { notes } = (await post(GOOD, { ...QUERY, calendar: hours('00:02') })).json();
    expect(notes).toMatchObject([expect.stringContaining('as it was described then (2 bars missing)')]);
  });

  it('says that a volume column came too late', async () => {
    const bare = GOOD.replace(',volume', '').replaceAll(/,\d\n/g, '\n');
    await post(bare);
    const zeros = GOOD.replaceAll(/,\d\n/g, ',0\n');
    expect((await post(zeros)).json()).toMatchObject({
      hasVolume: false,
      notes: [expect.stringContaining('without a volume column')],
    });
  });

  it('stores the open of a bar that is stamped with its close', async () => {
    expect((await post(GOOD, { ...QUERY, stamp: 'close' })).json()).toMatchObject({
      firstAt: '2023-12-31T23:59:00.000Z',
      lastAt: '2024-01-01T00:03:00.000Z',
    });
  });

  it('refuses bad rows with every line, field and value, and stores nothing', async () => {
    const bad = GOOD.replace('101,99', '98,99').replace(',8\n', ',NaN\n').replace('00:04', '00:00');
    const answer = await post(bad);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_CANDLES',
      errors: [
        { field: 'line 2: high', value: 98, message: expect.stringContaining('below the low, 99') },
        { field: 'line 3: volume', value: 'NaN', message: expect.stringContaining('plain number') },
        { field: 'line 4: timestamp', message: expect.stringContaining('with other numbers') },
      ],
    });
    expect(platform.datasets.records).toEqual([]);
  });

  it('drops identical duplicates only when asked to, and counts them', async () => {
    const doubled = GOOD.replace('2024-01-01T00:04', '2024-01-01T00:01:00Z,100.5,102,100,101,8\n2024-01-01T00:04');
    expect((await post(doubled)).json().errors).toMatchObject([{ field: 'line 4: timestamp' }]);
    const dropped = await post(doubled, { ...QUERY, duplicates: 'drop-identical' });
    expect(dropped.json()).toMatchObject({ rows: 3, duplicates: 1 });
  });

  it.each([
    [{ ...QUERY, timeframe: '1M' }, 'timeframe', 'months'],
    [{ ...QUERY, columns: 'prices=close' }, 'columns', '"prices" is no field of a bar'],
    [{ ...QUERY, zone: 'Mars/Olympus' }, 'zone', '"Mars/Olympus" is no time zone'],
    [{ ...QUERY, calendar: 'lunar' }, 'calendar', 'no calendar "lunar"'],
    [{ ...QUERY, calendar: '{"zone":' }, 'calendar', 'not JSON'],
    [{ symbol: 'X', timeframe: '1m' }, 'stamp', 'missing'],
    [{ ...QUERY, stamp: 'middle' }, 'stamp', 'not known'],
    [{ ...QUERY, colour: 'red' }, 'colour', 'no such field'],
  ])('refuses the query %j, naming %s', async (query, field, message) => {
    const answer = await post(GOOD, query as Record<string, string>);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'INVALID_FIELDS',
      errors: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it('refuses a damaged gzip file', async () => {
    const packed = gzipSync(GOOD);
    const answer = await post(packed.subarray(0, packed.length - 20), QUERY, 'application/gzip');
    expect(answer.json()).toMatchObject({
      code: 'INVALID_CANDLES',
      errors: [{ field: 'file', message: expect.stringContaining('damaged or cut short') }],
    });
  });

  it('refuses an empty file, JSON, and no body at all', async () => {
    expect((await post('')).json()).toMatchObject({
      code: 'INVALID_CANDLES',
      errors: [{ message: expect.stringContaining('the file is empty') }],
    });
    expect((await post('{}', QUERY, 'application/json')).json().code).toBe('UNSUPPORTED_MEDIA_TYPE');
    const bare = await app.inject({ method: 'POST', url: '/v1/datasets', query: QUERY, headers: withKey() });
    expect(bare.json().code).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it('takes a file that is larger than any other body may be', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `${1_704_067_200 + i * 60},100,101,99,100,1`);
    const answer = await post(`timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
    expect(answer.json()).toMatchObject({ rows: 5_000, gaps: 0 });
  });

  it('asks for the role of an operator', async () => {
    platform.addKey('tw_viewer', 'vera', 'viewer');
    expect((await post(GOOD, QUERY, 'text/csv', 'tw_viewer')).json().code).toBe('FORBIDDEN');
  });

  it('leaves no file behind, whether it worked or not', async () => {
    const before = uploads();
    await post(GOOD);
    await post('nonsense');
    expect(uploads()).toEqual(before);
  });

  it('says when the body broke off', async () => {
    async function* body() {
      yield Buffer.from(GOOD);
      throw new Error('aborted');
    }
    await expect(withSpooledBody(body(), async () => 'taken')).rejects.toMatchObject({ code: 'MALFORMED_REQUEST' });
  });

  it('stops at the largest file that it takes', async () => {
    async function* body() {
      yield Buffer.alloc(60);
      yield Buffer.alloc(60);
    }
    const taken = withSpooledBody(body(), async () => 'taken', 100);
    await expect(taken).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
  });
});

describe('reading data sets', () => {
  it('lists them page by page, by symbol and timeframe', async () => {
    await post(GOOD);
    await post(GOOD, { ...QUERY, symbol: 'ETH/USDT' });
    const first = (await get('/v1/datasets?limit=1')).json();
    expect(first.items).toMatchObject([{ symbol: 'ETH/USDT' }]);
    const second = (await get(`/v1/datasets?limit=1&cursor=${first.next}`)).json();
    expect(second).toMatchObject({ items: [{ symbol: 'BTC/USDT' }], next: null });
    expect((await get('/v1/datasets?symbol=BTC%2FUSDT')).json().items).toHaveLength(1);
    expect((await get('/v1/datasets?timeframe=5m')).json().items).toEqual([]);
  });

  it('says when there is no such data set', async () => {
    const answer = await get('/v1/datasets/ds_0000000000000000');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'DATASET_NOT_FOUND']);
  });
});

describe('downloads', () => {
  const REQUEST = { venue: 'sim', symbol: 'BTC/USDT', timeframe: '1m', from: '2026-11-23T10:00:00Z' };
  const start = (payload: object, headers: Readonly<Record<string, string>> = {}) =>
    app.inject({
      method: 'POST',
      url: '/v1/datasets/downloads',
      headers: { ...withKey(), ...headers },
      payload,
    });
  const cancel = (id: string) =>
    app.inject({ method: 'POST', url: `/v1/datasets/downloads/${id}/cancel`, headers: withKey() });

  it('starts one, up to the last bar that has closed', async () => {
    platform.now = NOW + 30_000;
    const answer = await start(REQUEST);
    expect(answer.statusCode).toBe(201);
    const { id } = answer.json();
    expect(answer.json()).toMatchObject({
      workflowId: `download/${id}`,
      status: 'running',
      from: '2026-11-23T10:00:00.000Z',
      to: '2026-11-23T12:00:00.000Z',
      next: '2026-11-23T10:00:00.000Z',
      progress: 0,
      rows: 0,
      datasetId: null,
    });
    expect(platform.downloads.started).toEqual([id]);
  });

  it('shows how far it has come', async () => {
    const { id } = (await start(REQUEST)).json();
    platform.downloads.change(id, { next: NOW - 30 * 60_000, rows: 90 });
    expect((await get(`/v1/datasets/downloads/${id}`)).json()).toMatchObject({ progress: 0.75, rows: 90 });
    expect((await get('/v1/datasets/downloads')).json().items).toMatchObject([{ id }]);
    expect((await get('/v1/datasets/downloads/none')).json().code).toBe('DOWNLOAD_NOT_FOUND');
  });

  it('is the same download for the same key and body, and refuses the key for another', async () => {
    const first = await start(REQUEST, { 'idempotency-key': 'k1' });
    // An hour later "up to now" would be another range; what was accepted stands.
    platform.now = NOW + 3_600_000;
    const again = await start(REQUEST, { 'idempotency-key': 'k1' });
    expect([again.statusCode, again.json()]).toEqual([200, first.json()]);
    const other = await start({ ...REQUEST, timeframe: '5m' }, { 'idempotency-key': 'k1' });
    expect([other.statusCode, other.json().code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
  });

  it.each([
    [{ venue: 'simm' }, 'UNKNOWN_VENUE', 'venue'],
    [{ symbol: 'BTC/USDX' }, 'UNKNOWN_SYMBOL', 'symbol'],
    [{ timeframe: '1M' }, 'INVALID_FIELDS', 'timeframe'],
    // The venue has candles of 1m, 5m and 1h; 10:00 is no open of a 7m bar either, which is not what is wrong.
    [{ timeframe: '7m' }, 'INVALID_FIELDS', 'timeframe'],
    [{ from: '2026-11-23T10:00:30Z' }, 'INVALID_FIELDS', 'from'],
    [{ from: '2026-11-23T12:00:00Z' }, 'INVALID_FIELDS', 'from'],
    [{ from: '1900-01-01T00:00:00Z' }, 'INVALID_FIELDS', 'from'],
    [{ to: '2026-11-23T12:01:00Z' }, 'INVALID_FIELDS', 'to'],
    [{ to: 'tomorrow' }, 'INVALID_FIELDS', 'to'],
  ])('refuses %j', async (given, code, field) => {
    const answer = await start({ ...REQUEST, ...given });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code, errors: [{ field }] });
    expect(platform.downloads.records).toEqual([]);
  });

  it('cancels a running one, and says when there is nothing to cancel', async () => {
    const { id } = (await start(REQUEST)).json();
    expect((await cancel(id)).statusCode).toBe(200);
    expect(platform.downloads.cancelled).toEqual([id]);
    platform.downloads.change(id, { status: 'cancelled' });
    expect((await cancel(id)).json().code).toBe('DOWNLOAD_ENDED');
    expect((await cancel('none')).json().code).toBe('DOWNLOAD_NOT_FOUND');
  });

  it('says when no worker confirmed the cancel', async () => {
    const { id } = (await start(REQUEST)).json();
    platform.downloads.outcome = { kind: 'unconfirmed' };
    expect((await cancel(id)).json().code).toBe('COMMAND_UNCONFIRMED');
  });
});

describe('deleting a data set', () => {
  const remove = (id: string, key?: string) =>
    app.inject({ method: 'DELETE', url: `/v1/datasets/${id}`, headers: withKey(key) });

  it('answers with what was deleted, and lets it be imported anew with another calendar', async () => {
    const first = (await post(GOOD, { ...QUERY, calendar: 'us-equities' })).json();
    const answer = await remove(first.datasetId);
    expect([answer.statusCode, answer.json()]).toEqual([200, first]);
    expect((await get(`/v1/datasets/${first.datasetId}`)).json().code).toBe('DATASET_NOT_FOUND');
    const again = await post(GOOD);
    expect(again.statusCode).toBe(201);
    expect(again.json()).toMatchObject({ datasetId: first.datasetId, calendar: '24/7', notes: [] });
  });

  it('is refused while something that has not ended reads it, and names that', async () => {
    const { datasetId } = (await post(GOOD)).json();
    platform.datasets.users = ['backtest/b1', 'optimization/o1'];
    const answer = await remove(datasetId);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'DATASET_IN_USE',
      detail: expect.stringContaining('backtest/b1, optimization/o1'),
    });
    expect((await get(`/v1/datasets/${datasetId}`)).statusCode).toBe(200);
  });

  it('knows no other id, and asks for the role of an operator', async () => {
    expect((await remove('ds_none')).json().code).toBe('DATASET_NOT_FOUND');
    platform.addKey('tw_viewer', 'vera', 'viewer');
    expect((await remove('ds_none', 'tw_viewer')).json().code).toBe('FORBIDDEN');
  });
});

describe('a download that the venue answers only in part', () => {
  it('says from and to when candles came', async () => {
    const { datasetId } = (await post(GOOD)).json();
    const body = {
      venue: 'sim',
      symbol: 'BTC/USDT',
      timeframe: '1m',
      from: '2023-12-31T23:00:00Z',
      to: '2024-01-01T00:05:00Z',
    };
    const start = (payload: object) =>
      app.inject({ method: 'POST', url: '/v1/datasets/downloads', headers: withKey(), payload });
    platform.downloads.onStart = { status: 'completed', datasetId };
    const { id } = (await start(body)).json();
    const early = (await get(`/v1/datasets/downloads/${id}`)).json();
    expect(early.notes).toMatchObject([
      expect.stringMatching(/^asked from 2023-12-31T23:00:00.000Z, .*from 2024-01-01T00:00:00.000Z/),
    ]);
    // The last bar of the file opens at 00:04 and closes at 00:05.
    const late = (await start({ ...body, from: '2024-01-01T00:00:00Z', to: '2024-01-01T00:07:00Z' })).json();
    expect((await get(`/v1/datasets/downloads/${late.id}`)).json().notes).toMatchObject([
      expect.stringMatching(/^asked to 2024-01-01T00:07:00.000Z, .*to 2024-01-01T00:05:00.000Z/),
    ]);
    const whole = (await start({ ...body, from: '2024-01-01T00:00:00Z' })).json();
    expect((await get(`/v1/datasets/downloads/${whole.id}`)).json().notes).toEqual([]);
  });
});
