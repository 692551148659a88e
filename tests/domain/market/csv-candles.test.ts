import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import { BadCandles, MOST_PROBLEMS } from '../../../domain/market/candle-checks.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { CsvCandles, type CsvCandleOptions, type CsvSummary } from '../../../domain/market/csv-candles.ts';

const T0 = Date.UTC(2024, 0, 1);
const HEADER = 'timestamp,open,high,low,close,volume';

function read(
  text: string | Uint8Array,
  options: Partial<CsvCandleOptions> = {},
  pieceBytes = Number.POSITIVE_INFINITY,
): { candles: Candles } & CsvSummary {
  const given: CsvCandleOptions = { timeframe: '1m', stamp: 'open', ...options };
  const builder = new CandleBuilder('X', given.timeframe);
  const csv = new CsvCandles(given, builder);
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < bytes.length; at += pieceBytes) csv.push(bytes.slice(at, at + pieceBytes));
  const summary = csv.finish();
  return { candles: builder.take(), ...summary };
}

function problemsOf(
  text: string | Uint8Array,
  options: Partial<CsvCandleOptions> = {},
): readonly (readonly [string, unknown, string])[] {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof BadCandles) return error.problems.map(({ field, value, message }) => [field, value, message]);
    throw error;
  }
  throw new Error('the file was accepted');
}

const rows = (...lines: readonly string[]): string => `${[HEADER, ...lines].join('\n')}\n`;
const at = (minute: number): string => new Date(T0 + minute * 60_000).toISOString();
const contains = (text: string): unknown => expect.stringContaining(text);

describe('reading a file of bars', () => {
  it('gives every number as it is written', () => {
    const { candles, rows: count, hasVolume } = read(rows(`${at(0)},1.5,2,1.25,1.75,10`, `${at(1)},1.75,3,1,2,0`));
    expect([count, hasVolume]).toEqual([2, true]);
    expect(candles).toEqual({
      symbol: 'X',
      timeframe: '1m',
      length: 2,
      time: Float64Array.of(T0, T0 + 60_000),
      open: Float64Array.of(1.5, 1.75),
      high: Float64Array.of(2, 3),
      low: Float64Array.of(1.25, 1),
      close: Float64Array.of(1.75, 2),
      volume: Float64Array.of(10, 0),
    });
  });

  it('does not depend on the pieces in which the file comes', () => {
    const text = `\uFEFF"Date", Open ,High,Low,Close,Volume,Note\r\n${Array.from({ length: 40 }, (_, i) => `"${at(i)}",${i + 1}.25,${i + 2},${i + 1},${i + 1}.5, ${i} ,"a, b"`).join('\r\n')}`;
    const whole = read(text);
    expect([whole.rows, whole.unusedColumns]).toEqual([40, ['Note']]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
        expect(read(text, {}, size)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('takes %s', (_name, separator) => {
    expect(read(rows(`${at(0)},1,1,1,1,1`).replaceAll(',', separator)).rows).toBe(1);
  });

  it.each(['time', 'Date', 'DateTime', 'open_time'])('knows a column called %s as the stamp', (name) => {
    expect(read(rows(`${at(0)},1,1,1,1,1`).replace('timestamp', name)).rows).toBe(1);
  });

  it('stores the open of a bar that is stamped with its close', () => {
    const { candles } = read(rows(`${at(15)},1,1,1,1,1`), { timeframe: '15m', stamp: 'close' });
    expect(candles.time[0]).toBe(T0);
  });

  it('takes columns by a mapping, and by number without a header', () => {
    const quotes = `stamp,bid,ask,size\n${at(0)},3,4,5\n`;
    const columns = { timestamp: 'Stamp', open: 'bid', high: 'bid', low: 'bid', close: 'bid', volume: 'size' };
    expect(read(quotes, { columns }).candles.close[0]).toBe(3);
    const byNumber = { timestamp: '1', open: '3', high: '3', low: '3', close: '3' };
    const { candles, hasVolume } = read(`${at(0)},3,4,5\n`, { columns: byNumber });
    expect([candles.open[0], candles.volume[0], hasVolume]).toEqual([4, 0, false]);
  });

  it('reads the dumps of exchanges without a header, stamped in milliseconds or microseconds', () => {
    const dump = (stamp: number): string => `${stamp},1,2,0.5,1.5,7,${stamp + 59_999},10,3,4,5,0\n`;
    const { candles, unusedColumns } = read(dump(T0) + dump((T0 + 60_000) * 1000));
    expect(candles.time).toEqual(Float64Array.of(T0, T0 + 60_000));
    expect(candles.volume).toEqual(Float64Array.of(7, 7));
    expect(unusedColumns).toHaveLength(6);
  });

  it('accepts a file without volumes and says so', () => {
    const { candles, hasVolume, unusedColumns } = read(
      `timestamp,open,high,low,close,volume_contracts\n${at(0)},1,1,1,1,9\n`,
    );
    expect([candles.volume[0], hasVolume, unusedColumns]).toEqual([0, false, ['volume_contracts']]);
  });

  it('passes over blank lines and accepts gaps', () => {
    expect(read(`${HEADER}\n\n${at(0)},1,1,1,1,1\n   \n${at(9)},1,1,1,1,1\n\n`).rows).toBe(2);
  });

  it('drops identical repetitions only when asked to', () => {
    const text = rows(`${at(0)},1,1,1,1,1`, `${at(0)},1,1,1,1,1`, `${at(1)},1,1,1,1,1`);
    const dropped = read(text, { dropIdenticalDuplicates: true });
    expect([dropped.rows, dropped.duplicates, dropped.candles.length]).toEqual([2, 1, 2]);
    expect(problemsOf(text)).toEqual([
      ['line 3: timestamp', '2024-01-01T00:00:00Z', contains('the bar of line 2 again, with the same numbers')],
    ]);
  });

  it('never drops repetitions with other numbers', () => {
    const text = rows(`${at(0)},1,1,1,1,1`, `${at(0)},1,1,1,1,2`);
    expect(problemsOf(text, { dropIdenticalDuplicates: true })).toEqual([
      ['line 3: timestamp', '2024-01-01T00:00:00Z', contains('with other numbers; keep one')],
    ]);
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['', 'the file is empty'],
    ['\n\n', 'the file is empty'],
    [HEADER, 'a header and no row'],
  ])('because there is nothing in it: %j', (text, message) => {
    expect(problemsOf(text)).toEqual([['file', null, contains(message)]]);
  });

  it.each([
    [
      'unsorted rows',
      [`${at(1)},1,1,1,1,1`, `${at(0)},1,1,1,1,1`],
      'line 3: timestamp',
      '2024-01-01T00:00:00Z',
      'earlier than line 2 (2024-01-01T00:01:00Z); sort',
    ],
    [
      'a stamp off the grid',
      ['2024-01-01T00:00:59Z,1,1,1,1,1'],
      'line 2: timestamp',
      '2024-01-01T00:00:59Z',
      'no 1m bar opens then; check the timeframe, the stamp convention',
    ],
    [
      'no time',
      ['yesterday,1,1,1,1,1'],
      'line 2: timestamp',
      'yesterday',
      'no time that can be read; write 2024-01-31T23:59:00Z',
    ],
    [
      'a time in the wrong unit',
      ['9999-01-01T00:00:00Z,1,1,1,1,1'],
      'line 2: timestamp',
      253370764800000,
      'no time between 1900 and 2200',
    ],
    ['NaN', [`${at(0)},1,1,1,NaN,1`], 'line 2: close', 'NaN', 'give a plain number'],
    ['no number', [`${at(0)},1,n/a,1,1,1`], 'line 2: high', 'n/a', 'give a plain number'],
    ['an empty cell', [`${at(0)},1,1,1,1,`], 'line 2: volume', '', 'give a plain number'],
    ['infinity', [`${at(0)},1,Infinity,1,1,1`], 'line 2: high', 'Infinity', 'give a plain number'],
    ['a price of zero', [`${at(0)},1,1,0,1,1`], 'line 2: low', 0, 'give a price above 0'],
    ['a negative volume', [`${at(0)},1,1,1,1,-1`], 'line 2: volume', -1, 'give 0 or more'],
    ['a high below the low', [`${at(0)},2,1,3,2,1`], 'line 2: high', 1, 'below the low, 3; are the columns right?'],
    ['an open above the high', [`${at(0)},5,4,3,3.5,1`], 'line 2: open', 5, 'above the high, 4'],
    ['an open below the low', [`${at(0)},2,4,3,3.5,1`], 'line 2: open', 2, 'below the low, 3'],
    ['a close above the high', [`${at(0)},3,4,3,4.5,1`], 'line 2: close', 4.5, 'above the high, 4'],
    ['a close below the low', [`${at(0)},3,4,3,2.5,1`], 'line 2: close', 2.5, 'below the low, 3'],
    ['a row that is too short', [`${at(0)},1,1,1,1`], 'line 2: row', null, '5 columns where 6 are expected'],
    ['a row that is too long', [`${at(0)},1,1,1,1,1,1`], 'line 2: row', null, '7 columns where 6 are expected'],
    ['an open quote', [`"${at(0)},1,1,1,1,1`], 'line 2: row', null, 'a quote is not closed'],
    ['text behind a quote', [`"${at(0)}"x,1,1,1,1,1`], 'line 2: row', null, 'text after a closing quote'],
  ])('because of %s', (_name, lines, field, value, message) => {
    expect(problemsOf(rows(...lines))).toEqual([[field, value, contains(message)]]);
  });

  it('because of negative prices, each of them', () => {
    expect(problemsOf(rows(`${at(0)},-1,-1,-1,-1,1`)).map(([field]) => field)).toEqual([
      'line 2: open',
      'line 2: high',
      'line 2: low',
      'line 2: close',
    ]);
  });

  it('names the column of the file where it has another name', () => {
    const text = `t,open,high,low,close,vol\n${at(0)},1,1,1,1,?\n`;
    expect(problemsOf(text, { columns: { timestamp: 't', volume: 'vol' } })).toEqual([
      ['line 2: volume (vol)', '?', contains('plain number')],
    ]);
  });

  it('because it is one of another timeframe', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `${at(i * 5)},1,1,1,1,1`);
    expect(problemsOf(rows(...lines))).toEqual([['timeframe', '1m', contains('the closest two are 5 minutes apart')]]);
    expect(read(rows(...lines), { timeframe: '5m' }).rows).toBe(12);
  });

  it('because its own header says that the stamps are the others', () => {
    const open = rows(`${at(0)},1,1,1,1,1`).replace('timestamp', 'open_time');
    expect(problemsOf(open, { stamp: 'close' })).toEqual([
      ['stamp', 'close', contains('holds the opens of bars; give the stamp open')],
    ]);
    const dump = `${T0},1,2,0.5,1.5,7,${T0 + 59_999},10,3,4,5,0\n`;
    expect(problemsOf(dump, { stamp: 'close' })).toMatchObject([['stamp', 'close', expect.anything()]]);
  });

  it('because columns are missing, doubtful or not there', () => {
    expect(problemsOf(`timestamp,o,h,low,close\n`)).toMatchObject([
      ['columns.open', null, contains('no column "open" but timestamp, o, h, low, close; say which one it is')],
      ['columns.high', null, expect.anything()],
    ]);
    expect(problemsOf(`timestamp,date,open,high,low,close\n`)).toMatchObject([
      ['columns.timestamp', null, contains('2 columns for it (timestamp, date); say which one')],
    ]);
    expect(problemsOf(rows(), { columns: { volume: 'amount' } })).toMatchObject([
      ['columns.volume', 'amount', contains('no such column but timestamp')],
    ]);
    expect(problemsOf(`${at(0)},1,1,1,1\n`)).toMatchObject([['columns', null, contains('no header and 5 columns')]]);
    expect(
      problemsOf(`${at(0)},1,1,1,1\n`, { columns: { timestamp: '1', open: '2', high: '3', low: '4', close: '9' } }),
    ).toMatchObject([['columns.close', '9', contains('a column number from 1 to 5')]]);
  });

  it('is read no further than the first twenty problems', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `${at(i)},1,1,1,NaN,1`);
    try {
      read(rows(...lines));
      throw new Error('the file was accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(BadCandles);
      const { problems, truncated, message } = error as BadCandles;
      expect([problems.length, truncated]).toEqual([MOST_PROBLEMS, true]);
      expect(message).toContain('line 2: close is "NaN"');
      expect(message).toContain('or more further problems');
    }
  });

  it('because it is no text at all', () => {
    const letters = new Uint8Array(200_000).fill(65);
    expect(() => read(letters, {}, 4096)).toThrow('is this a CSV file?');
  });

  it.each([
    ['UTF-16', new Uint8Array(Buffer.from(`\uFEFF${rows(`${at(0)},1,1,1,1,1`)}`, 'utf16le'))],
    ['a packed file', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 8, 0, 10, 65, 10, 66, 10])],
  ])('because it is %s, which is said once', (_what, bytes) => {
    expect(problemsOf(bytes)).toMatchObject([['line 1: row', null, contains('no text file in UTF-8')]]);
  });

  it('and counts one further problem as one', () => {
    expect(() => read(rows(`${at(0)},1,1,1,x,x`))).toThrow(/\(and 1 further problem\)$/);
  });

  it('because of a repetition, naming the option that drops it', () => {
    expect(() => read(rows(`${at(0)},1,1,1,1,1`, `${at(0)},1,1,1,1,1`))).toThrow('--drop-duplicates identical');
  });

  it('because its clock skips or doubles a stamp', () => {
    const clock = (): number => Number.NaN;
    expect(problemsOf(rows('2024-03-10T02:30:00,1,1,1,1,1'), { clock, clockName: 'America/New_York' })).toEqual([
      [
        'line 2: timestamp',
        '2024-03-10T02:30:00',
        contains('the clock of America/New_York skips 2024-03-10T02:30:00 or shows it twice'),
      ],
    ]);
  });
});
