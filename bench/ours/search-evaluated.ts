import { createOptimizationRunner } from '../../adapters/optimizations/optimization-runner.ts';
import { parseOptimizationSpec } from '../../domain/optimization/parse-spec.ts';
import type { OptimizationJob, OptimizationRunner } from '../../adapters/ports/optimization-store.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import { numbersOf } from './options.ts';
import type { Case } from './prepared-case.ts';

/** Positions that a thread takes at a time. */
const PIECE = 4_096;
/** Positions for every thread before anything counts. */
const WARM_UP = 16;
const RUNNER = { databaseUrl: null, stuckAfterMs: 30_000, maxHeapMb: 2_048, maxColumnMb: 256 };

/**
 * All combinations of a search through the same code and threads as a compute worker's, with neither Temporal nor Postgres: rows are
 * dropped. Bars are those that the spec names. The result is the number of rows.
 */
export const searchEvaluated: Case = async (_candles, options) => {
  const { threads } = numbersOf(options, 'threads');
  const parsed = parseOptimizationSpec(options['spec'], strategies);
  if (!parsed.ok) throw new RangeError(`option spec: ${JSON.stringify(parsed.problems)}`);
  const open = (): OptimizationRunner => createOptimizationRunner({ ...RUNNER, threads });
  let ready: OptimizationRunner | null = open();
  const { symbols: _symbols, dataHash: _dataHash, markets: _markets, ...request } = await ready.check(parsed.spec);
  const jobOf = (id: string): OptimizationJob => ({ id, key: 1, request: { ...request, priority: 4 } });
  // The threads of a worker have worked before. The bars of a job are its own: those of this one are read again.
  const little = {
    ...jobOf('before'),
    request: { ...jobOf('before').request, plan: { ...request.plan, positions: WARM_UP } },
  };
  await evaluated(ready, little, threads);
  return async () => {
    const runner = ready ?? open();
    ready = null;
    try {
      const rows = await evaluated(runner, jobOf('measured'), threads);
      return () => ({ columns: 1, values: Float64Array.of(rows) });
    } finally {
      await runner.close();
    }
  };
};

/** As many lanes as threads, each with the next piece as soon as it has done one. */
async function evaluated(runner: OptimizationRunner, job: OptimizationJob, lanes: number): Promise<number> {
  const { positions } = job.request.plan;
  const piece = Math.min(PIECE, Math.ceil(positions / lanes));
  const { signal: cancel } = new AbortController();
  let next = 0;
  let rows = 0;
  const lane = async (): Promise<void> => {
    while (next < positions) {
      const from = next;
      next = Math.min(positions, from + piece);
      await runner.evaluate(
        job,
        { from, to: next },
        {
          cancel,
          onRows: ({ count }) => {
            rows += count;
            return Promise.resolve();
          },
        },
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return rows;
}
