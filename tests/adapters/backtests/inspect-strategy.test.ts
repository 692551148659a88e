import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createBacktestRunner } from '../../../adapters/backtests/backtest-runner.ts';
import type { StrategyInspector, StrategyQuestion } from '../../../adapters/ports/strategy-inspector.ts';
import type { BacktestProblem } from '../../../domain/backtest/failure.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { writeStrategy } from '../../helpers/user-strategies.ts';

jest.setTimeout(60_000);

const folder = tempFolder();
let runner: StrategyInspector & { close(): Promise<void> };
beforeAll(() => {
  runner = createBacktestRunner({ databaseUrl: null, stuckAfterMs: 1_500, maxHeapMb: 64, threads: 1 });
});
afterAll(() => runner.close());

const question = (given: Partial<StrategyQuestion>): StrategyQuestion => ({
  strategy: { id: 'sma-cross', params: { fast: 3, slow: 8 } },
  sizing: { kind: 'units', value: 1 },
  timeframe: '15m',
  ...given,
});

async function problemOf(given: Partial<StrategyQuestion>): Promise<BacktestProblem> {
  const error = (await runner.inspect(question(given)).then(
    () => new Error('nothing was said against it'),
    (thrown: unknown) => thrown,
  )) as { problem?: BacktestProblem };
  if (error.problem === undefined) throw error;
  return error.problem;
}

/** A strategy of a user's with that body of `prepare`. */
function fileOf(name: string, prepare: string, params = '[]'): { file: string; params: Record<string, number> } {
  const file = join(folder, name);
  writeFileSync(
    file,
    `export default { id: 'mine', title: 'Mine', params: ${params}, prepare(lines) { ${prepare} } };\n`,
  );
  return { file, params: {} };
}

describe('bars that a strategy needs before its first', () => {
  it('are those that its longest line lacks: a mean of 8 has a value at the eighth bar', async () => {
    expect(await runner.inspect(question({}))).toMatchObject({
      title: 'Cross of two simple moving averages',
      hash: null,
      neededBars: 7,
      params: { fast: 3, slow: 8 },
    });
  });

  it('are as many more where a line is of longer bars', async () => {
    // Four quarters make an hour: three whole hours and the bars of a fourth that is not over, less the one that is asked about.
    const strategy = fileOf(
      'hours.mjs',
      "lines.indicator('SMA', { period: 3 }, { timeframe: '1h' }); return () => {};",
    );
    expect((await runner.inspect(question({ strategy }))).neededBars).toBe((2 + 1) * 4 - 1);
  });

  it('are at least the closes that the sizing reads', async () => {
    const sizing = { kind: 'volatilityTarget', value: 0.2, window: 30, barsPerYear: 35_040, maxShare: 1 } as const;
    expect((await runner.inspect(question({ sizing }))).neededBars).toBe(29);
  });
});

describe('a strategy of a user', () => {
  it('has the hash of its file and its parameters with their defaults', async () => {
    const params = "[{ name: 'n', title: 'bars', kind: 'integer', min: 1, max: 9, default: 4 }]";
    const strategy = fileOf('params.mjs', 'lines.warmUp(12); return () => {};', params);
    const facts = await runner.inspect(question({ strategy }));
    expect(facts).toMatchObject({ neededBars: 12, params: { n: 4 } });
    expect(facts.hash).toMatch(/^[\da-f]{64}$/);
    const wrong = await problemOf({ strategy: { ...strategy, params: { n: 10 } } });
    expect(wrong).toMatchObject({ code: 'INVALID_SPEC', errors: [{ field: 'strategy.params.n' }] });
  });

  it('that is not there, or throws, is told', async () => {
    expect((await problemOf({ strategy: { file: join(folder, 'none.mjs'), params: {} } })).code).toBe(
      'INVALID_STRATEGY',
    );
    const throws = fileOf('throws.mjs', "throw new Error('no such luck');");
    const { code, detail } = await problemOf({ strategy: throws });
    expect([code, detail]).toEqual(['INVALID_STRATEGY', expect.stringContaining('no such luck')]);
  });

  it('that hangs is ended', async () => {
    const hangs = fileOf('hangs.mjs', 'for (;;) {}');
    expect((await problemOf({ strategy: hangs })).code).toBe('STRATEGY_STUCK');
    // The next one is served all the same.
    expect(
      (await runner.inspect(question({ strategy: { file: writeStrategy(folder, 'turns.mjs'), params: {} } })))
        .neededBars,
    ).toBe(0);
  });
});

it('one that goes short is refused', async () => {
  const short = { id: 'sma-cross', params: { fast: 3, slow: 8, shorts: 1 } };
  expect(await problemOf({ strategy: short })).toMatchObject({ errors: [{ field: 'strategy.params.shorts' }] });
});
