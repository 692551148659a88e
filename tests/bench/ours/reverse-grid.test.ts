import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readCandleFile } from '../../../adapters/candles/read-candle-file.ts';
import { caseOf } from '../../../bench/ours/cases.ts';
import { describeWithData, testData } from '../../helpers/test-data.ts';

describeWithData('the 95 pairs of backtesting.py', () => {
  it.each(['reverse-grid', 'reverse-runs'])('are those of its own run in %s', async (name) => {
    const file = testData('backtesting/bars/GOOG_1d_2004-2013.csv');
    const { candles } = await readCandleFile(file, { symbol: 'GOOG', timeframe: '1d', stamp: 'open' });
    const work = await caseOf(name)(candles, {});
    const { columns, values } = (await work())();
    const golden = readFileSync(testData('backtesting/golden/btpy_grid_goog_rev_c002.csv'), 'utf8');
    const [head, ...lines] = golden.trim().split('\n');
    expect(head!.trim()).toBe('n1,n2,equity_final,sharpe,max_drawdown_pct,trades');
    const expected = lines.map((line) => line.split(',').map(Number));
    expect(expected).toHaveLength(95);
    expect(columns).toBe(3);
    const differences = expected.map(([, , equity, , drawdown, trades], k) => {
      const [ourEquity, ourDrawdown, ourTrades] = values.subarray(3 * k, 3 * k + 3);
      return Math.max(
        Math.abs(ourEquity! / equity! - 1),
        Math.abs(ourDrawdown! / (drawdown! / -100) - 1),
        Math.abs(ourTrades! - trades!),
      );
    });
    expect(Math.max(...differences)).toBeLessThan(1e-12);
  });
});
