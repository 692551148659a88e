import { checkLookAhead } from '../../domain/backtest/analysis/look-ahead-check.ts';
import { checkWarmUp } from '../../domain/backtest/analysis/warm-up-check.ts';
import { failure } from '../../domain/backtest/failure.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import { strategyName } from '../../domain/backtest/spec/spec.ts';
import type { StrategyCheck } from '../ports/backtest-store.ts';
import type { RunControl } from './control.ts';
import type { StoredCandles } from './load-markets.ts';
import { prepareRun } from './prepare-run.ts';

/**
 * Looks whether the strategy of a spec knows what it cannot know, and how much its first values depend on where the data begin. Runs it some
 * hundred times, so it belongs into a thread. Throws `BacktestFailure`, or `RunCancelled` when the control says so.
 */
export async function checkStrategy(
  request: BacktestRequest,
  store: StoredCandles | null,
  control: RunControl,
): Promise<StrategyCheck> {
  const { spec } = request;
  if ('orders' in spec.strategy) {
    const message = 'orders were decided elsewhere: there is no strategy to run on other data; give {id} or {file}';
    throw failure('INVALID_SPEC', null, [{ field: 'strategy', value: 'orders', message }]);
  }
  const { input } = await prepareRun(request, store, control);
  const lookAhead = checkLookAhead(input, {
    seed: spec.seed,
    onWork: (done, planned) => {
      control.setBars(planned);
      control.setBarsDone(done);
      return !control.isCancelled;
    },
  });
  return { strategy: strategyName(spec.strategy), lookAhead, warmUp: checkWarmUp(input) };
}
