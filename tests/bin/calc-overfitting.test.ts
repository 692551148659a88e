import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithData, testData } from '../helpers/test-data.ts';
import { tradewind } from './command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'tradewind-overfitting-'));

async function calc(name: string, document: unknown): Promise<{ exitCode: number; output: Record<string, unknown> }> {
  const path = join(folder, 'input.json');
  writeFileSync(path, JSON.stringify(document));
  const { exitCode, stdout } = await tradewind('calc', name, '--json', '--input', path);
  return { exitCode, output: JSON.parse(stdout) as Record<string, unknown> };
}

const fieldsOf = (output: Record<string, unknown>): readonly string[] =>
  (output['errors'] as readonly { readonly field: string }[]).map(({ field }) => field);

/** The worked example of "The Deflated Sharpe Ratio". */
const EXAMPLE = {
  srAnnual: 2.5,
  periodsPerYear: 250,
  T: 1250,
  nTrials: 100,
  varSrAnnual: 0.5,
  skew: -3,
  rawKurtosis: 10,
};

describeWithData('calc dsr on the reference table', () => {
  it('has every row, by the columns of the table in camel case', async () => {
    const lines = readFileSync(testData('backtesting/golden/dsr_reference.csv'), 'utf8').trim().split('\n');
    const names = lines[0]!
      .split(',')
      .map((name) => name.trim().replaceAll(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase()));
    expect(names.slice(-2)).toEqual(['sr0PerPeriod', 'dsr']);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines.slice(1)) {
      const row = Object.fromEntries(line.split(',').map((value, c) => [names[c]!, Number(value)]));
      const { sr0PerPeriod, dsr, ...input } = row as { sr0PerPeriod: number; dsr: number };
      const { exitCode, output } = await calc('dsr', input);
      expect(exitCode).toBe(0);
      expect(output).toMatchObject(input);
      expect((output['sr0PerPeriod'] as number) / sr0PerPeriod).toBeCloseTo(1, 11);
      expect((output['dsr'] as number) / dsr).toBeCloseTo(1, 11);
    }
  });
});

describe('calc dsr', () => {
  it('has the figures that the paper prints', async () => {
    const { output } = await calc('dsr', EXAMPLE);
    expect(output['sr0PerPeriod']).toBeCloseTo(0.1132, 4);
    expect(output['dsr']).toBeCloseTo(0.9004, 4);
  });

  it('says why where the moments leave no variance', async () => {
    // A Sharpe ratio of 1/3 a period: 1 - 6/3 + (37 - 1)/4 x 1/9 = 0.
    const { output } = await calc('dsr', { ...EXAMPLE, srAnnual: 1, periodsPerYear: 9, skew: 6, rawKurtosis: 37 });
    expect(output).toMatchObject({ dsr: null, reasons: { dsr: expect.stringContaining('no variance') } });
  });

  it('names each field that is wrong', async () => {
    const { exitCode, output } = await calc('dsr', { ...EXAMPLE, T: 1.5, nTrials: 0, varSrAnnual: -1, excess: 3 });
    expect(exitCode).toBe(2);
    expect(fieldsOf(output)).toEqual(['excess', 'T', 'nTrials', 'varSrAnnual']);
  });

  it('refuses an excess kurtosis in place of the raw one', async () => {
    const { output } = await calc('dsr', { ...EXAMPLE, rawKurtosis: 7 });
    expect(output['errors']).toMatchObject([
      {
        field: 'rawKurtosis',
        value: 7,
        message: expect.stringMatching(/skewness -3 has less than 10: give the raw kurtosis/),
      },
    ]);
  });
});

describe('calc psr', () => {
  it('takes a Sharpe ratio, or the returns themselves', async () => {
    // Mean 0.5, deviation 1 about it (n - 1 = 3: squares 0.25 x 4 = 1, 1/3): Sharpe 0.5 / 0.57735. Symmetric, so no skewness;
    // two values of equal frequency have biased kurtosis 1, G2 = 3/(2 x 1) x (5 x (1 - 3) + 6) = -6: raw -3.
    const { output } = await calc('psr', { returns: [0, 1, 0, 1], periodsPerYear: 252 });
    expect(output).toMatchObject({
      srPerPeriod: expect.closeTo(Math.sqrt(3) / 2, 12),
      skew: expect.closeTo(0, 12),
      rawKurtosis: expect.closeTo(-3, 12),
      T: 4,
    });
    const described = await calc('psr', { srAnnual: 2.5, periodsPerYear: 250, T: 1250, skew: -3, rawKurtosis: 10 });
    // z = 0.15811 x sqrt(1249) / sqrt(1 + 0.47434 + 9/4 x 0.025) = 5.58794 / 1.23716 = 4.51674, whose probability is 1 - 3.14e-6.
    expect(described.output['psr']).toBeCloseTo(1 - 3.14e-6, 8);
    // 1 + 1.530592 x (1.644854 / 0.158114)^2 = 166.6
    expect(described.output['minTrackLength']).toBeCloseTo(166.64, 1);
  });

  it('has no track long enough for what is below its benchmark', async () => {
    const shape = { srAnnual: 1, periodsPerYear: 250, T: 500, skew: 0, rawKurtosis: 3 };
    const { output } = await calc('psr', { ...shape, benchmarkSrAnnual: 1 });
    expect(output).toMatchObject({
      psr: 0.5,
      minTrackLength: null,
      reasons: { minTrackLength: expect.stringContaining('not above the benchmark') },
    });
  });

  it('refuses returns that do not vary, and too few', async () => {
    const equal = await calc('psr', { returns: [0.01, 0.01, 0.01, 0.01], periodsPerYear: 252 });
    expect(equal.output['errors']).toMatchObject([
      { field: 'returns', message: expect.stringContaining('all returns are equal') },
    ]);
    const few = await calc('psr', { returns: [0.01, 0.02], periodsPerYear: 0 });
    expect(few.exitCode).toBe(2);
    expect(fieldsOf(few.output)).toEqual(['returns', 'periodsPerYear']);
  });
});

describe('calc pbo', () => {
  it('is what two trials in two blocks give by hand', async () => {
    // Block 0: Sharpe ratios sqrt 2 and 0; block 1: -1 / sqrt 2 and 3 / sqrt 2. Whichever is better in one is worse in the other.
    const returns = [
      [0.1, 0.3, 0, -0.2],
      [0.1, -0.1, 0.2, 0.4],
    ];
    const { output } = await calc('pbo', { returns, blocks: 2, logits: true });
    expect(output).toMatchObject({
      pbo: 1,
      trials: 2,
      periods: 4,
      blocks: 2,
      splits: 2,
      degradationSlope: expect.closeTo(1, 9),
      lossProbability: 0.5,
      logits: [expect.closeTo(-Math.log(2), 12), expect.closeTo(-Math.log(2), 12)],
    });
  });

  it('cuts time into 16 blocks by default, and prints no logits unasked', async () => {
    const trial = (shift: number) => Array.from({ length: 40 }, (_, t) => Math.sin(t * 7 + shift) / 100);
    const { output } = await calc('pbo', { returns: [trial(0), trial(1), trial(2)] });
    expect(output).toMatchObject({ blocks: 16, splits: 12_870 });
    expect(output).not.toHaveProperty('logits');
  });

  it('names what is wrong', async () => {
    const { exitCode, output } = await calc('pbo', {
      returns: [[0.1, 0.2, 0.1, 0.3], [0.1, null, 0, 0, 0], [0.1]],
      blocks: 4,
    });
    expect(exitCode).toBe(2);
    expect(fieldsOf(output)).toEqual(['returns[1][1]', 'returns[2]', 'returns[1]']);
    expect(fieldsOf((await calc('pbo', { returns: [[0.1]], blocks: 3 })).output)).toEqual(['blocks', 'returns']);
  });
});
