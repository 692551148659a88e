import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { ADMIN_KEY, type FakePlatform, startFakeApi } from '../api/fakes/platform.ts';
import { tradewind } from './command-line.ts';

const CSV = `timestamp,open,high,low,close,volume
2024-01-01T00:00:00Z,100,101,99,100.5,7
2024-01-01T00:01:00Z,100.5,102,100,101,8
2024-01-01T00:04:00Z,101,101,100,100,9
`;
const BARS = ['--symbol', 'BTC/USDT', '--timeframe', '1m', '--stamp', 'open'];

let app: FastifyInstance;
let platform: FakePlatform;
let folder: string;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
  folder = mkdtempSync(join(tmpdir(), 'tradewind-data-'));
  process.env['TRADEWIND_API_URL'] = await app.listen({ host: '127.0.0.1', port: 0 });
  process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
});
afterEach(async () => {
  delete process.env['TRADEWIND_API_URL'];
  delete process.env['TRADEWIND_API_KEY'];
  await app.close();
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function run(...args: readonly string[]) {
  const { exitCode, stdout } = await tradewind('data', ...args, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

describe('data import', () => {
  it('prints id, hash, rows, gaps and duplicates', async () => {
    const { exitCode, document } = await run('import', file('a.csv', CSV), ...BARS);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ rows: 3, gaps: 1, duplicates: 0 });
    expect(document.datasetId).toBe(`ds_${document.hash.slice(0, 16)}`);
  });

  it('takes a gzip file, a mapping, a zone and a calendar from a file', async () => {
    const stamped = gzipSync(
      CSV.replaceAll('Z,', ',').replaceAll('2024-01-01T00', '2024-01-02T10').replace('timestamp', 'local'),
    );
    const calendar = { zone: 'America/New_York', sessions: [{ days: ['tue'], open: '10:00', close: '10:04' }] };
    const reading = ['--columns', 'timestamp=local', '--zone', 'America/New_York'];
    const hours = file('hours.json', JSON.stringify(calendar));
    const { document } = await run('import', file('a.csv.gz', stamped), ...BARS, ...reading, '--calendar', hours);
    // 10:00 in New York's winter is 15:00 UTC; of 10:02, 10:03 and 10:04 the market misses the first two, and the last lies behind its close.
    expect(document).toMatchObject({
      firstAt: '2024-01-02T15:00:00.000Z',
      gaps: 1,
      missingBars: 2,
      outsideBars: 1,
      calendar: 'sessions',
    });
  });

  it('ends with 2 and every bad line when the bars cannot be used', async () => {
    const path = file('bad.csv', CSV.replace('101,99', '-1,99').replace('00:04', '00:00'));
    const { exitCode, document } = await run('import', path, ...BARS);
    expect(exitCode).toBe(2);
    expect(document).toMatchObject({ code: 'INVALID_CANDLES', status: 422 });
    expect(document.errors.map(({ field }: { field: string }) => field)).toEqual([
      'line 2: high',
      'line 2: high',
      'line 4: timestamp',
    ]);
    const { stderr } = await tradewind('data', 'import', path, ...BARS);
    expect(stderr).toContain('line 2: high is -1');
  });

  it.each([
    [['import', '/no/such/file.csv', ...BARS], '/no/such/file.csv'],
    [['import', '/', ...BARS], 'is no file'],
    [['import', 'x.csv', '--symbol', 'A', '--timeframe', '1m'], '--stamp'],
    [['import', 'x.csv', ...BARS.slice(0, 5), 'middle'], 'open, close'],
    [['import', 'x.csv', ...BARS, '--drop-duplicates', 'all'], 'identical'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stdout } = await tradewind('data', ...args, '--json');
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).detail).toContain(message);
  });

  it('drops identical rows only when told to', async () => {
    const path = file('double.csv', CSV + CSV.split('\n')[3]);
    expect((await run('import', path, ...BARS)).exitCode).toBe(2);
    const { document } = await run('import', path, ...BARS, '--drop-duplicates', 'identical');
    expect(document).toMatchObject({ rows: 3, duplicates: 1 });
  });
});

describe('data list and show', () => {
  it('print what was imported, as a table or one by one', async () => {
    const { document } = await run('import', file('a.csv', CSV), ...BARS);
    expect((await run('list')).document.items).toEqual([document]);
    expect((await run('list', '--symbol', 'ETH/USDT')).document.items).toEqual([]);
    expect((await run('show', document.datasetId)).document).toEqual(document);
    expect((await tradewind('data', 'list')).stdout).toContain(document.datasetId);
    const { stdout } = await tradewind('data', 'show', document.datasetId);
    expect(stdout).toContain('1 (2 bars missing by the calendar 24/7)');
  });

  it('ends with 3 for a data set that is not there', async () => {
    expect(await run('show', 'ds_none')).toMatchObject({ exitCode: 3, document: { code: 'DATASET_NOT_FOUND' } });
  });
});

describe('data delete', () => {
  it('removes a data set, so that its bars can be imported with another calendar', async () => {
    const path = file('a.csv', CSV);
    const { document: first } = await run('import', path, ...BARS, '--calendar', 'us-equities');
    const { stdout } = await tradewind('data', 'import', path, ...BARS);
    expect(stdout).toContain(`note: these bars were stored before: the data set ${first.datasetId} keeps its calendar`);
    expect(await run('delete', first.datasetId)).toMatchObject({
      exitCode: 0,
      document: { datasetId: first.datasetId, rows: 3, deleted: true },
    });
    expect((await run('show', first.datasetId)).exitCode).toBe(3);
    expect((await run('import', path, ...BARS)).document).toMatchObject({ calendar: '24/7', notes: [] });
  });

  it('ends with 4 while something reads it', async () => {
    const { document } = await run('import', file('a.csv', CSV), ...BARS);
    platform.datasets.users = ['backtest/b1'];
    const refused = await run('delete', document.datasetId);
    expect(refused).toMatchObject({ exitCode: 4, document: { code: 'DATASET_IN_USE' } });
    expect((await run('show', document.datasetId)).exitCode).toBe(0);
  });
});

describe('data download', () => {
  const DOWNLOAD = [
    'download',
    '--venue',
    'sim',
    '--symbol',
    'BTC/USDT',
    '--timeframe',
    '1m',
    '--from',
    '2026-11-23T10:00:00Z',
  ];

  it('with --no-wait starts one, which can be shown and cancelled', async () => {
    const { exitCode, document } = await run(...DOWNLOAD, '--no-wait');
    expect([exitCode, document.status]).toEqual([0, 'running']);
    expect((await run('download-show', document.id)).document).toEqual(document);
    expect((await run('download-cancel', document.id)).exitCode).toBe(0);
    expect(platform.downloads.cancelled).toEqual([document.id]);
  });

  it('waits and prints id, hash, rows, gaps and duplicates of the data set', async () => {
    const { datasetId } = (await run('import', file('a.csv', CSV), ...BARS)).document;
    const { document: dataset } = await run('show', datasetId);
    const [from, to] = [dataset.firstAt, '2024-01-01T00:05:00Z'].map(Date.parse);
    platform.downloads.onStart = { status: 'completed', datasetId, from: from!, to: to! };
    const { exitCode, document } = await run(...DOWNLOAD);
    expect([exitCode, document]).toEqual([0, dataset]);
    expect(document).toMatchObject({ datasetId, rows: 3, gaps: 1, duplicates: 0 });
    expect(document.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await run(...DOWNLOAD, '--wait')).document).toEqual(dataset);
  });

  it('says what of the time asked for the venue gave nothing for', async () => {
    const { document: dataset } = await run('import', file('a.csv', CSV), ...BARS);
    platform.downloads.onStart = {
      status: 'completed',
      datasetId: dataset.datasetId,
      from: Date.parse('2023-12-08T00:00:00Z'),
      to: Date.parse('2024-01-01T00:05:00Z'),
    };
    expect((await run(...DOWNLOAD)).document.notes).toMatchObject([
      expect.stringContaining('asked from 2023-12-08T00:00:00.000Z'),
    ]);
    expect((await tradewind('data', ...DOWNLOAD)).stdout).toContain('note: asked from 2023-12-08');
  });

  it('ends with 6 when it failed, and says why', async () => {
    const problem = { code: 'NO_SUCH_TIMEFRAME', detail: 'venue "sim" has no 7m candles' };
    platform.downloads.onStart = { status: 'failed', problem };
    const { exitCode, document } = await run(...DOWNLOAD);
    expect(exitCode).toBe(6);
    expect(document).toMatchObject({ status: 'failed', problem });
  });
});

describe('data resample', () => {
  it('makes bars of a longer timeframe, a data set of their own', async () => {
    const { document: base } = await run('import', file('a.csv', CSV), ...BARS);
    const { exitCode, document } = await run('resample', base.datasetId, '--timeframe', '2m');
    // Minutes 0, 1 and 4: the bar of minutes 0 and 1; that of 4 and 5 had not closed.
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ timeframe: '2m', rows: 1, lastAt: '2024-01-01T00:00:00.000Z', calendar: '24/7' });
    expect(document.source).toEqual({ kind: 'resample', datasetId: base.datasetId, timeframe: '1m' });
    expect(document.datasetId).not.toBe(base.datasetId);
  });

  it('says what cannot be made', async () => {
    const { document: base } = await run('import', file('a.csv', CSV), ...BARS);
    const { exitCode, document } = await run('resample', base.datasetId, '--timeframe', '90s');
    expect(exitCode).toBe(2);
    expect(document.errors).toMatchObject([{ field: 'timeframe', value: '90s' }]);
    expect((await run('resample', 'ds_none', '--timeframe', '2m')).document.code).toBe('DATASET_NOT_FOUND');
  });
});
