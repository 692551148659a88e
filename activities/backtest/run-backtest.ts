import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import { type BacktestOutcome, type BacktestProgress, isOver } from '../../domain/backtest/commands.ts';
import { BacktestFailure } from '../../domain/backtest/failure.ts';
import type { BacktestDependencies } from './dependencies.ts';
import { outcomeOf } from './outcome.ts';

export interface Attempt {
  /** Aborted when the run shall stop: it was cancelled, or the worker drains. */
  readonly cancel: AbortSignal;
  /** Told how far the run is. */
  heartbeat(progress: BacktestProgress): void;
}

/**
 * Runs a stored backtest from its start and stores what came of it. One that has ended already is left as it is, so that an attempt whose
 * answer was lost is not made again. Throws the reason of `cancel` when that came first.
 */
export async function runBacktest(
  deps: BacktestDependencies,
  backtestId: string,
  attempt: Attempt,
): Promise<BacktestOutcome> {
  const { store } = deps;
  const record = await required(deps, backtestId);
  if (isOver(record.status)) return outcomeOf(record);
  await store.recordStart(backtestId);
  const records = recordProgressOf(deps, backtestId);
  try {
    const { result, parts } = await deps.runner.run(record.request, {
      cancel: attempt.cancel,
      onProgress: (progress) => {
        attempt.heartbeat(progress);
        records.note(progress);
      },
    });
    await records.stop();
    await store.recordResult(backtestId, result, parts);
  } catch (error) {
    await records.stop();
    if (!(error instanceof BacktestFailure)) throw error;
    await store.recordEnd(backtestId, 'failed', error.problem);
  }
  return outcomeOf(await required(deps, backtestId));
}

/** Ends a stored backtest that is not run, unless it has ended. */
export async function endUnrun(
  deps: Pick<BacktestDependencies, 'store'>,
  backtestId: string,
  { problem }: BacktestFailure,
): Promise<BacktestOutcome> {
  await deps.store.recordEnd(backtestId, 'failed', problem);
  return outcomeOf(await required(deps, backtestId));
}

async function required({ store }: Pick<BacktestDependencies, 'store'>, id: string): Promise<BacktestRecord> {
  const record = await store.findBacktest(id);
  if (record === null) throw new Error(`there is no backtest ${id}`);
  return record;
}

/** Writes the latest progress at intervals. A database that is away for a moment costs a figure on a screen, not the run. */
function recordProgressOf(deps: BacktestDependencies, backtestId: string) {
  let latest: BacktestProgress | null = null;
  let writing: Promise<void> = Promise.resolve();
  const write = (): void => {
    const progress = latest;
    if (progress === null) return;
    latest = null;
    writing = writing
      .then(() => deps.store.recordProgress(backtestId, progress))
      .catch((error: unknown) => deps.log('the progress could not be stored', { backtestId, reason: String(error) }));
  };
  const timer = setInterval(write, deps.recordEveryMs);
  return {
    note: (progress: BacktestProgress): void => {
      latest = progress;
    },
    /** The last of it too: a run that fails stays where it did. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      write();
      await writing;
    },
  };
}
