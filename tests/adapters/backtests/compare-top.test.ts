import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { compareTop } from '../../../adapters/backtests/compare-top.ts';
import { RunControl } from '../../../adapters/backtests/control.ts';
import { executeRun } from '../../../adapters/backtests/execute-run.ts';
import { loadMarkets } from '../../../adapters/backtests/load-markets.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { sampleSearch } from '../../helpers/sample-optimization.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const runner = { run: (request: Parameters<typeof executeRun>[0]) => executeRun(request, null, new RunControl()) };
const cancel = new AbortController().signal;

describe('the best of a search side by side', () => {
  const folder = tempFolder();
  let data: ReturnType<typeof barsOf>;
  let candles: Candles;
  beforeAll(async () => {
    data = barsOf(writeBars(join(folder, 'bars.csv'), 3_000));
    candles = (await loadMarkets([data], null))[0]!.candles;
  });

  const search = (own: Readonly<Record<string, unknown>> = {}) =>
    sampleSearch({ data, walkForward: null, broker: { commission: 0.001 }, ...own }, candles);

  it('are the runs of the search, with its figures', async () => {
    const { spec, result } = search();
    const report = await compareTop({ spec, result, count: 3, cancel }, runner);
    expect(report.runs).toHaveLength(3);
    report.runs.forEach(({ metrics, tradeCount, name }, i) => {
      const { params, metrics: searched } = result.top[i]!;
      expect(name).toContain(`fast ${params['fast']}, slow ${params['slow']}`);
      expect(tradeCount).toBe(searched['trades']);
      expect(metrics['totalReturn']).toBeCloseTo(searched['totalReturn']!, 9);
      expect(metrics['maxDrawdown']).toBeCloseTo(searched['maxDrawdown']!, 9);
    });
    expect(report.benchmark?.name).toBe('Holding TEST');
  });

  it.each([0, 7, 1.5])('are refused when %p are asked for', async (count) => {
    const { spec, result } = search();
    await expect(compareTop({ spec, result, count, cancel }, runner)).rejects.toThrow('from 1 to 6');
  });

  it('are refused when no combination has a score', async () => {
    const { spec, result } = search({ objective: { metric: 'sharpeRatio', minTrades: 100_000 } });
    await expect(compareTop({ spec, result, count: 3, cancel }, runner)).rejects.toThrow('nothing to compare');
  });
});
