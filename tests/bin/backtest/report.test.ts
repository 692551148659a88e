import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { GOOD_SPEC, PARTS, RESULT } from '../../api/fakes/backtest-result.ts';
import { ADMIN_KEY, startFakeApi, withKey } from '../../api/fakes/platform.ts';
import { sampleReport } from '../../helpers/sample-report.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { tradewind } from '../command-line.ts';

jest.setTimeout(60_000);

const folder = tempFolder();
const inFolder = (name: string): string => join(folder, name);

/** Runs a backtest and keeps its files in a folder of this name. */
async function runInto(name: string, fast: number): Promise<string> {
  const spec = { data: barsOf('bars.csv'), strategy: { id: 'sma-cross', params: { fast, slow: 9 } } };
  writeFileSync(inFolder(`${name}.json`), JSON.stringify(spec));
  const { exitCode } = await tradewind(
    'backtest',
    'run',
    '--local',
    '--spec',
    inFolder(`${name}.json`),
    '--out',
    inFolder(name),
    '--json',
  );
  expect(exitCode).toBe(0);
  return inFolder(name);
}

const page = inFolder('page.html');

async function report(...args: readonly string[]) {
  const { exitCode, stdout } = await tradewind('backtest', 'report', ...args, '--out', page, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

describe('backtest report of folders', () => {
  let one: string;
  let other: string;
  beforeAll(async () => {
    writeBars(inFolder('bars.csv'), 300);
    one = await runInto('one', 2);
    other = await runInto('other', 4);
  });

  it('puts their runs on one page, in the order given', async () => {
    const { exitCode, document } = await report('--dir', other, '--dir', one);
    expect(exitCode).toBe(0);
    expect(document).toEqual({
      file: page,
      runs: [expect.stringContaining('fast 4'), expect.stringContaining('fast 2')],
      notes: [],
    });
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('<title>2 backtests compared</title>');
  });

  it('of a single one is the report that its run has written', async () => {
    expect((await report('--dir', one)).exitCode).toBe(0);
    expect(readFileSync(page, 'utf8')).toBe(readFileSync(join(one, 'report.html'), 'utf8'));
  });

  it('refuses none and seven', async () => {
    const none = await report();
    expect(none).toMatchObject({ exitCode: 2, document: { detail: expect.stringContaining('none is given') } });
    const seven = await report(...Array.from({ length: 7 }, () => ['--dir', one]).flat());
    expect(seven).toMatchObject({ exitCode: 2, document: { detail: expect.stringContaining('7 are given') } });
  });

  it('refuses a folder without a report, and one of another version', async () => {
    const empty = inFolder('empty');
    mkdirSync(empty);
    const missing = await report('--dir', empty);
    expect(missing).toMatchObject({ exitCode: 2, document: { detail: expect.stringContaining(`--dir ${empty}: `) } });
    writeFileSync(join(empty, 'report.json'), JSON.stringify({ kind: 'tradewind-backtest-report', version: 0 }));
    const old = await report('--dir', one, '--dir', empty);
    expect(old).toMatchObject({ exitCode: 2, document: { detail: expect.stringContaining('run the backtest again') } });
  });

  it('refuses a place where no file can be', async () => {
    const { exitCode, stdout } = await tradewind(
      'backtest',
      'report',
      '--dir',
      one,
      '--out',
      inFolder('nowhere/page.html'),
      '--json',
    );
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).detail).toContain('cannot be written');
  });
});

describe('backtest report of backtests that the platform keeps', () => {
  let close: () => Promise<void>;
  beforeAll(async () => {
    const { app, platform } = await startFakeApi();
    for (let i = 0; i < 2; i += 1)
      await app.inject({ method: 'POST', url: '/v1/backtests', headers: withKey(), body: GOOD_SPEC });
    platform.backtests.change('id-1', { status: 'completed', result: RESULT });
    platform.backtests.parts.set('id-1', PARTS);
    process.env['TRADEWIND_API_URL'] = await app.listen({ host: '127.0.0.1', port: 0 });
    process.env['TRADEWIND_API_KEY'] = ADMIN_KEY;
    close = () => app.close();
  });
  afterAll(async () => {
    delete process.env['TRADEWIND_API_URL'];
    delete process.env['TRADEWIND_API_KEY'];
    await close();
  });

  it('puts them before those of folders', async () => {
    const own = inFolder('own');
    mkdirSync(own);
    const run = { ...sampleReport(1).runs[0]!, name: 'of a folder' };
    writeFileSync(join(own, 'report.json'), JSON.stringify({ ...sampleReport(1), runs: [run] }));
    const { exitCode, document } = await report('id-1', '--dir', own);
    expect(exitCode).toBe(0);
    expect(document.runs).toEqual([sampleReport(1).title, 'of a folder']);
  });

  it('passes on why one has no report', async () => {
    expect(await report('id-1', 'nobody')).toMatchObject({ exitCode: 3, document: { code: 'BACKTEST_NOT_FOUND' } });
    expect(await report('id-2')).toMatchObject({ exitCode: 4, document: { code: 'NO_RESULT' } });
  });
});
