import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import { isOver } from '../../domain/backtest/commands.ts';
import type { ApiDependencies, CommandOutcome } from '../ports.ts';
import { Problem } from '../problems.ts';

type Dependencies = Pick<ApiDependencies, 'backtests' | 'backtestWorkflows'>;

/** The backtest of that id. Throws `BACKTEST_NOT_FOUND`. */
export async function backtestOf({ backtests }: Pick<Dependencies, 'backtests'>, id: string): Promise<BacktestRecord> {
  const record = await backtests.findBacktest(id);
  if (record === null) {
    throw new Problem('BACKTEST_NOT_FOUND', `There is no backtest "${id}".`, [
      { field: 'id', value: id, message: 'not known' },
    ]);
  }
  return record;
}

function ended({ status }: BacktestRecord): Problem {
  return new Problem('BACKTEST_ENDED', `The backtest is ${status}; there is nothing left to cancel.`, [
    { field: 'status', value: status, message: 'final' },
  ]);
}

/** A cancel may come before the sweep has started the workflow: then it is started first, so that it ends in one way only. */
async function deliver(
  { backtestWorkflows, backtests }: Dependencies,
  record: BacktestRecord,
): Promise<CommandOutcome> {
  const outcome = await backtestWorkflows.cancel(record);
  if (outcome.kind !== 'not-running') return outcome;
  await backtestWorkflows.start(record);
  await backtests.markStarted(record.id);
  return backtestWorkflows.cancel(record);
}

/**
 * Asks for the end of a backtest. It is `running` until its worker has let go of it, which takes seconds.
 *
 * @returns the backtest as it stands. Throws `BACKTEST_ENDED` when it has ended.
 */
export async function cancelBacktest(dependencies: Dependencies, id: string): Promise<BacktestRecord> {
  const record = await backtestOf(dependencies, id);
  if (isOver(record.status)) throw ended(record);
  const outcome = await deliver(dependencies, record);
  const after = await backtestOf(dependencies, id);
  if (outcome.kind === 'not-running') throw ended(after);
  if (outcome.kind === 'done') return after;
  throw new Problem(
    'COMMAND_UNCONFIRMED',
    'The cancel was not confirmed in time. It may still take effect: read the backtest before you send it again.',
  );
}
