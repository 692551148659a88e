import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
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
