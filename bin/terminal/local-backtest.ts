import { createHash } from 'node:crypto';
import { createBacktestRunner } from '../../adapters/backtests/backtest-runner.ts';
import type {
  BacktestOutput,
  BacktestRunner,
  RunOptions,
  StrategyCheck,
  StrategyChecker,
} from '../../adapters/ports/backtest-store.ts';
import { BacktestFailure, type BacktestFailureCode, type BacktestProblem } from '../../domain/backtest/failure.ts';
import type { BacktestManifest } from '../../domain/backtest/manifest.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import { parseSpec } from '../../domain/backtest/spec/parse-spec.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import { ApiRefusal, UnusableInput } from './errors.ts';
import { progressText } from './backtest-view.ts';
import { say } from './output.ts';

const SAY_EVERY_MS = 2_000;
const MAX_HEAP_MB = 4_096;
const STUCK_AFTER_S = 30;

/** How a run that happened here ended. */
export type LocalRun = { readonly id: string; readonly output: BacktestOutput } | { readonly problem: BacktestProblem };

/** What the API would refuse before it accepts, with the status that it would answer. */
const REFUSALS: Readonly<Partial<Record<BacktestFailureCode, number>>> = {
  INVALID_SPEC: 422,
  UNKNOWN_DATASET: 422,
  INVALID_DATA: 422,
  EMPTY_RANGE: 422,
  TOO_FEW_BARS: 422,
  INVALID_STRATEGY: 422,
  REPLAY_DIFFERS: 409,
};

/**
 * Runs a spec or manifest in a thread of this process, without a stack. Throws `UnusableInput` and `ApiRefusal` for what the API would
 * refuse; a strategy that fails is an outcome.
 */
export function runLocally(document: unknown): Promise<LocalRun> {
  return here<LocalRun>(document, async (runner, request, options) => {
    const output = await runner.run(request, options);
    return { id: idOf(output.result.manifest), output };
  });
}

/** How a check that happened here ended. */
export type LocalCheck = { readonly check: StrategyCheck } | { readonly problem: BacktestProblem };

/** Checks the strategy of a spec or manifest in the same way. */
export function checkLocally(document: unknown): Promise<LocalCheck> {
  return here<LocalCheck>(document, async (runner, request, options) => ({
    check: await runner.checkStrategy(request, options),
  }));
}

async function here<T>(
  document: unknown,
  work: (runner: BacktestRunner & StrategyChecker, request: BacktestRequest, options: RunOptions) => Promise<T>,
): Promise<T | { readonly problem: BacktestProblem }> {
  const parsed = parseSpec(document, strategies);
  if (!parsed.ok) throw new UnusableInput(parsed.problems);
  const stuckAfterMs = Number(process.env['TRADEWIND_STRATEGY_STUCK_S'] || STUCK_AFTER_S) * 1_000;
  const runner = createBacktestRunner({ threads: 1, databaseUrl: null, stuckAfterMs, maxHeapMb: MAX_HEAP_MB });
  let saidAt = performance.now();
  try {
    return await work(runner, parsed.request, {
      cancel: new AbortController().signal,
      onProgress: (progress) => {
        if (performance.now() - saidAt < SAY_EVERY_MS) return;
        saidAt = performance.now();
        say(progressText({ progress }));
      },
    });
  } catch (error) {
    if (!(error instanceof BacktestFailure)) throw error;
    const status = REFUSALS[error.problem.code];
    if (status === undefined) return { problem: error.problem };
    throw refusal(error.problem, status);
  } finally {
    await runner.close();
  }
}

/** Without a stack nobody gives out ids: this one says what was run. */
function idOf(manifest: BacktestManifest): string {
  return `local-${createHash('sha256').update(JSON.stringify(manifest)).digest('hex').slice(0, 16)}`;
}

function refusal({ code, detail, errors }: BacktestProblem, status: number): ApiRefusal {
  const title = 'The backtest cannot be run as asked';
  return new ApiRefusal(status, { type: `urn:tradewind:problem:${code}`, title, status, detail, code, errors });
}
