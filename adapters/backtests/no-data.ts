import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { DataSource } from '../../domain/backtest/spec/spec.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

/** How long reading may go on without a bar: disks and databases may be busy with others. */
export const READ_WITHIN_MS: DurationMs = 30_000;

/** What is said of data that does not come. A file is refused; a database may answer at the next attempt, so that is no problem of the spec. */
export function noData(sources: readonly DataSource[], afterMs: DurationMs): BacktestProblem | Error {
  const detail = `no data came for ${afterMs / 1000} s: see whether the disk or the database that it is on answers`;
  const isOfFiles = sources.every((source) => 'file' in source);
  return isOfFiles ? { code: 'INVALID_DATA', detail, errors: [], place: null } : new Error(detail);
}
