import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tradewind } from './command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewind-metrics-'));
const inputOf = (document: unknown): string => {
  const path = join(folder, 'input.json');
  writeFileSync(path, JSON.stringify(document));
  return path;
};

describe('calc metrics', () => {
  const input = { returns: [0.1, -0.1, 0.2], periodsPerYear: 4 };

  it('prints one flat document with the reasons for what is not defined', async () => {
    const { exitCode, stdout } = await tradewind('calc', 'metrics', '--json', '--input', inputOf(input));
    expect(exitCode).toBe(0);
    const metrics = JSON.parse(stdout) as Record<string, unknown>;
    // 1.1 x 0.9 x 1.2 = 1.188; of three returns no kurtosis can be told
    expect(metrics).toMatchObject({
      n: 3,
      cumReturnsFinal: expect.closeTo(0.188, 12),
      maxDrawdown: expect.closeTo(0.1, 12),
      excessKurtosisUnbiased: null,
      reasons: { excessKurtosisUnbiased: 'it needs at least 4 returns, there are 3' },
    });
    expect(metrics).not.toHaveProperty('beta');
  });

  it('compares with a benchmark where one is given', async () => {
    const file = inputOf({ ...input, benchmark: [0.05, -0.05, 0.1] });
    const { stdout } = await tradewind('calc', 'metrics', '--json', '--input', file);
    expect(JSON.parse(stdout)).toMatchObject({ beta: expect.closeTo(2, 12) });
  });

  it('prints a readable list without --json', async () => {
    const { stdout } = await tradewind('calc', 'metrics', '--input', inputOf(input));
    expect(stdout).toMatch(/^sharpeRatio +0\.87/m);
    expect(stdout).toContain('excessKurtosisUnbiased is not defined: it needs at least 4 returns');
  });

  it('names what is wrong with the input and ends with exit code 2', async () => {
    const { exitCode, stdout } = await tradewind('calc', 'metrics', '--json', '--input', inputOf({ returns: [null] }));
    expect(exitCode).toBe(2);
    const { errors } = JSON.parse(stdout) as { errors: readonly { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['returns[0]', 'periodsPerYear']);
  });
});
