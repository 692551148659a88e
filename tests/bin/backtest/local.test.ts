import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { describeWithData, testData } from '../../helpers/test-data.ts';
import { writeStrategy } from '../../helpers/user-strategies.ts';
import { tradewind } from '../command-line.ts';
import { GOLDEN_CASES, readRows, specOf } from './golden-orders.ts';

jest.setTimeout(60_000);

const folder = tempFolder();
const inFolder = (name: string): string => join(folder, name);

function writeJson(name: string, document: unknown): string {
  writeFileSync(inFolder(name), JSON.stringify(document));
  return inFolder(name);
}

async function run(spec: string, ...more: readonly string[]) {
  const { exitCode, stdout } = await tradewind('backtest', 'run', '--local', '--spec', spec, ...more, '--json');
  return { exitCode, document: JSON.parse(stdout) };
}

/** Money of theirs and ours is added up in another order. */
const TOLERANCE = 1e-9;
const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));

describeWithData('the cases of backtesting.py from orders', () => {
  it.each(GOLDEN_CASES)('$name: equal trade by trade', async (golden) => {
    // The path of the orders is relative to the spec.
    writeFileSync(inFolder(`${golden.name}.csv`), golden.orders());
    const out = inFolder(golden.name);
    const { exitCode, document } = await run(
      writeJson(`${golden.name}.json`, specOf(golden, `${golden.name}.csv`)),
      '--out',
      out,
    );
    expect(exitCode).toBe(0);
    const cell = (row: Readonly<Record<string, string>>, name: string): string | number =>
      row[name] === '' ? '' : Number(row[name]);
    const exact = (row: Readonly<Record<string, string>>, names: readonly string[]) =>
      names.map((name) => cell(row, name));
    const ours = readRows(join(out, 'trades.csv'));
    const theirs = readRows(testData(`backtesting/golden/btpy_trades_${golden.name}.csv`));
    expect(
      ours.map((row) => exact(row, ['size', 'entryBar', 'exitBar', 'entryPrice', 'exitPrice', 'sl', 'tp'])),
    ).toEqual(theirs.map((row) => exact(row, ['Size', 'EntryBar', 'ExitBar', 'EntryPrice', 'ExitPrice', 'SL', 'TP'])));
    const money = (row: Readonly<Record<string, string>>, names: readonly string[]) =>
      names.map((name) => Number(row[name]));
    const apart = ours.flatMap((row, i) => {
      const [a, b] = [
        money(row, ['pnl', 'commission', 'returnRatio']),
        money(theirs[i]!, ['PnL', 'Commission', 'ReturnPct']),
      ];
      return a.every((value, k) => isClose(value, b[k]!)) ? [] : [[i, a, b]];
    });
    expect(apart).toEqual([]);
    const final = readRows(testData('backtesting/golden/btpy_stats.csv')).find(
      (row) => row['case'] === golden.name && row['metric'] === 'Equity Final [$]',
    );
    expect(isClose(document.metrics.finalEquity, Number(final!['value']))).toBe(true);
  });
});

describe('backtest run --local', () => {
  let bars: string;
  beforeAll(() => {
    bars = writeBars(inFolder('bars.csv'), 300);
  });
  const crosses = (more: object = {}) => ({
    data: { ...barsOf('bars.csv') },
    strategy: { id: 'sma-cross', params: { fast: 2, slow: 5 } },
    ...more,
  });

  it('writes every file, its document with the hash, the manifest and the metrics', async () => {
    const out = inFolder('out');
    const { exitCode, document } = await run(writeJson('spec.json', crosses()), '--out', out);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      id: expect.stringMatching(/^local-[0-9a-f]{16}$/),
      status: 'completed',
      tradesHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      metrics: { trades: document.closedTrades, totalReturn: expect.any(Number) },
      manifest: { data: [{ symbol: 'TEST', bars: 300 }], spec: { data: [{ file: bars }] } },
    });
    const read = (name: string): string => readFileSync(join(out, name), 'utf8');
    expect(read('trades.csv').trim().split('\n')).toHaveLength(document.closedTrades + 1);
    expect(read('equity.csv').trim().split('\n')).toHaveLength(document.bars + 1);
    expect(JSON.parse(read('manifest.json'))).toEqual(document.manifest);
    expect(JSON.parse(read('result.json'))).toMatchObject({
      tradesHash: document.tradesHash,
      analysis: expect.anything(),
    });
    expect(read('report.html')).toContain('<!doctype html>');
    const replay = await run(join(out, 'manifest.json'));
    expect(replay.document).toEqual(document);
  });

  it('tells people the key figures, what is not defined and why', async () => {
    const { exitCode, stdout } = await tradewind(
      'backtest',
      'run',
      '--local',
      '--spec',
      writeJson('quiet.json', crosses({ strategy: { orders: 'bar,type\n10,cancel\n' } })),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Win rate +│ – \(.+\)/);
    expect(stdout).toContain(
      'note: annual figures count 365 days a year, since neither spec nor data names a calendar',
    );
    expect(stdout).toMatch(/trades hash +[0-9a-f]{64}/);
  });

  it.each([
    [
      'a spec that is no JSON',
      () => (writeFileSync(inFolder('no.json'), '{'), inFolder('no.json')),
      2,
      'INVALID_INPUT',
    ],
    ['a spec that is not there', () => inFolder('nowhere.json'), 2, 'INVALID_INPUT'],
    ['an unknown field', () => writeJson('field.json', crosses({ brokr: 1 })), 2, 'INVALID_INPUT'],
    [
      'data that is not there',
      () => writeJson('data.json', crosses({ data: barsOf('nowhere.csv') })),
      2,
      'INVALID_DATA',
    ],
    ['an empty range', () => writeJson('range.json', crosses({ from: '2030-01-01' })), 2, 'EMPTY_RANGE'],
    ['too few bars', () => writeJson('few.json', crosses({ to: '2024-01-01T00:03:00Z' })), 2, 'TOO_FEW_BARS'],
  ])('refuses %s', async (_what, spec, code, problem) => {
    const { exitCode, document } = await run(spec());
    expect(exitCode).toBe(code);
    expect(document.code).toBe(problem);
  });

  it('refuses a manifest whose data has changed, with exit code 4', async () => {
    const data = inFolder('changing.csv');
    writeBars(data, 300);
    const { document } = await run(writeJson('before.json', crosses({ data: barsOf(data) })));
    writeBars(data, 299);
    const replay = await run(writeJson('manifest.json', document.manifest));
    expect(replay).toMatchObject({
      exitCode: 4,
      document: { code: 'REPLAY_DIFFERS', errors: [{ field: 'data.0.hash' }] },
    });
  });

  it('ends with exit code 6 when the strategy throws, and tells where', async () => {
    const strategy = { file: writeStrategy(folder, 'throws.mjs') };
    const { exitCode, document } = await run(writeJson('throws.json', crosses({ strategy })));
    expect(exitCode).toBe(6);
    expect(document).toMatchObject({
      id: null,
      status: 'failed',
      problem: { code: 'STRATEGY_FAILED', place: { bar: 50 } },
    });
  });
});
