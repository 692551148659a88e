import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { tempFolder } from '../helpers/temp-folder.ts';
import { describeWithData, testData } from '../helpers/test-data.ts';
import { tradewind } from './command-line.ts';

const folder = tempFolder();
const OUT = join(folder, 'out.csv');

async function calc(data: string, columns: string) {
  const { exitCode, stdout } = await tradewind(
    'calc',
    'indicator',
    '--data',
    data,
    '--columns',
    columns,
    '--out',
    OUT,
    '--json',
  );
  return { exitCode, document: JSON.parse(stdout) };
}

const table = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));

describeWithData('indicators of GOOG beside those of TA-Lib', () => {
  it('has its columns by its names, empty before the lookback', async () => {
    const names = [
      'SMA_10',
      'RSI_14',
      'MACD_12_26_9.signal',
      'BBANDS_20_2_2_SMA.upper',
      'OBV',
      'STOCH_14_3_SMA_3_SMA.slowk',
    ];
    const data = testData('backtesting/bars/GOOG_1d_2004-2013.csv');
    expect(await calc(data, names.join(','))).toMatchObject({ exitCode: 0, document: { rows: 2148, columns: names } });
    const golden = table(
      gunzipSync(readFileSync(testData('backtesting/golden/talib_0.6.0dev_GOOG_1d.csv.gz'))).toString('utf8'),
    );
    const positions = ['timestamp', ...names].map((name) => golden[0]!.indexOf(name));
    const ours = table(readFileSync(OUT, 'utf8'));
    expect(ours[0]).toEqual(['timestamp', ...names]);
    expect(ours).toHaveLength(golden.length);
    const apart = ours.slice(1).flatMap((row, i) => {
      const theirs = positions.map((position) => golden[i + 1]![position]!);
      const isEqual = row.every((cell, k) => {
        if (k === 0 || cell === '' || theirs[k] === '') return cell === theirs[k];
        const [a, b] = [Number(cell), Number(theirs[k])];
        return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
      });
      return isEqual ? [] : [[row, theirs]];
    });
    expect(apart).toEqual([]);
  });
});

describe('calc indicator', () => {
  const data = join(folder, 'bars.csv');

  it('keeps the first column as it is, whatever the distance of the bars', async () => {
    writeFileSync(data, 'Date,open,high,low,close\n2024-01-01,1,3,1,2\n2024-02-01,2,5,2,4\n2024-03-01,4,9,4,9\n');
    expect((await calc(data, 'SMA_2')).exitCode).toBe(0);
    // (2 + 4) / 2 and (4 + 9) / 2.
    expect(readFileSync(OUT, 'utf8')).toBe('Date,SMA_2\n2024-01-01,\n2024-02-01,3\n2024-03-01,6.5\n');
  });

  it.each([
    ['an unknown indicator', 'SMMA_5', 'columns', 'there is no indicator "SMMA"'],
    ['a parameter out of range', 'SMA_0', 'columns', 'give a value from'],
    ['a name that is given twice', 'SMA_2,SMA_2', 'columns', 'given twice'],
    ['a line that is not named', 'MACD_12_26_9', 'columns', 'has several lines'],
    ['an indicator that reads what the file has not', 'OBV', 'columns', 'reads volume, which the file has not'],
  ])('refuses %s', async (_what, columns, field, message) => {
    writeFileSync(data, 'Date,open,high,low,close\n2024-01-01,1,3,1,2\n');
    const { exitCode, document } = await calc(data, columns);
    expect(exitCode).toBe(2);
    expect(document.errors).toEqual([expect.objectContaining({ field, message: expect.stringContaining(message) })]);
  });

  it('reads other column names, a file without names, and local stamps', async () => {
    writeFileSync(data, 'id,day,o,h,l,last\n7,2024-01-01,1,3,1,2\n8,2024-01-02,2,5,2,4\n');
    const mapping = ['--map', 'timestamp=day,open=o,high=h,low=l,close=last'];
    const { stdout } = await tradewind('calc', 'indicator', '--data', data, '--columns', 'SMA_2', ...mapping);
    // (2 + 4) / 2
    expect(stdout).toBe('day,SMA_2\n2024-01-01,\n2024-01-02,3\n');
    writeFileSync(data, '2024-01-01,1,3,1,2\n2024-01-02,2,5,2,4\n');
    const numbers = ['--map', 'timestamp=1,open=2,high=3,low=4,close=5'];
    const bare = await tradewind('calc', 'indicator', '--data', data, '--columns', 'SMA_2', ...numbers);
    expect(bare.stdout).toBe('timestamp,SMA_2\n2024-01-01,\n2024-01-02,3\n');
    // New York's clocks skipped 02:00 to 03:00 on 10 March 2024.
    writeFileSync(data, 'time,open,high,low,close\n2024-03-10 01:30,1,3,1,2\n2024-03-10 02:30,1,3,1,2\n');
    const local = ['--zone', 'America/New_York', '--json', '--out', OUT];
    const skipped = await tradewind('calc', 'indicator', '--data', data, '--columns', 'SMA_2', ...local);
    expect(JSON.parse(skipped.stdout).errors).toMatchObject([{ field: 'line 3: time', value: '2024-03-10 02:30' }]);
  });

  it.each([
    [['--map', 'prices=close', '--out', OUT], '"prices" is no field of a bar'],
    [['--zone', 'Mars/Olympus', '--out', OUT], '"Mars/Olympus" is no time zone'],
    [['--json'], 'name the file with --out'],
  ])('refuses the options %j', async (options, message) => {
    const { exitCode, stdout, stderr } = await tradewind(
      'calc',
      'indicator',
      '--data',
      data,
      '--columns',
      'SMA_2',
      ...options,
    );
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain(message);
  });

  it('tells every row that cannot be used', async () => {
    writeFileSync(
      data,
      'Date,open,high,low,close\n2024-01-02,1,3,1,2\n2024-01-01,1,3,1,2\n2024-01-03,1,x,1,2\n2024-01-04,1\n',
    );
    const { exitCode, document } = await calc(data, 'SMA_2');
    expect(exitCode).toBe(2);
    expect(document.errors.map(({ field }: { field: string }) => field)).toEqual([
      'line 3: Date',
      'line 4: high',
      'line 5: row',
    ]);
  });

  it('refuses a file that is not there, or holds no row', async () => {
    expect(await calc(join(folder, 'nowhere.csv'), 'SMA_2')).toMatchObject({
      exitCode: 2,
      document: { code: 'INVALID_INPUT' },
    });
    writeFileSync(data, 'Date,open,high,low,close\n');
    expect((await calc(data, 'SMA_2')).document.errors[0].message).toContain('no row');
  });
});
