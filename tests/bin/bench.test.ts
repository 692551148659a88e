import { describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tradewind } from './command-line.ts';

describe('bench', () => {
  const detailOf = (stdout: string): string => (JSON.parse(stdout) as { readonly detail: string }).detail;

  it('names the workloads when it is asked for one that there is not', async () => {
    const { exitCode, stdout } = await tradewind('bench', 'backtest', '--json', '--only', 'sma');
    expect(exitCode).toBe(2);
    expect(detailOf(stdout)).toContain('--only sma: there is no such workload; known are sma-grid, reverse-grid');
  });

  it('refuses a data folder without the data', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tradewind-no-data-'));
    const { exitCode, stdout } = await tradewind('bench', 'backtest', '--json', '--data-folder', folder);
    expect(exitCode).toBe(2);
    expect(detailOf(stdout)).toContain(`the data folder ${folder} has no backtesting/bars/GOOG_1d_2004-2013.csv`);
  });

  it.each(['0', '1.5', 'many'])('refuses to measure %s runs', async (runs) => {
    const { exitCode, stdout } = await tradewind('bench', 'indicators', '--json', '--runs', runs);
    expect(exitCode).toBe(2);
    expect(detailOf(stdout)).toContain('give a whole number from 1 to 1000');
  });
});
