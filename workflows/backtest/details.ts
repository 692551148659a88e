import type { BacktestOutcome } from '../../domain/backtest/commands.ts';
import type { BacktestInput } from './messages.ts';

/** What came of it, in one line. */
export function resultLine(outcome: BacktestOutcome): string {
  if (outcome.problem !== null) return `${outcome.problem.code}: ${outcome.problem.detail}`;
  if (outcome.status !== 'completed') return 'none';
  const percent = outcome.totalReturn === null ? 'not defined' : `${(outcome.totalReturn * 100).toFixed(2)} %`;
  return `${outcome.closedTrades} closed trades, total return ${percent}`;
}

/** The state of a backtest as a short markdown table, for the Temporal UI. */
export function detailsTable(
  { backtestId, facts }: BacktestInput,
  status: string,
  outcome: BacktestOutcome | null,
): string {
  const rows: readonly (readonly [string, string])[] = [
    ['backtest', backtestId],
    ['status', status],
    ...Object.entries(facts),
    ['progress', outcome === null ? 'in the heartbeat of the pending activity' : 'ended'],
    ['result', outcome === null ? 'not yet' : resultLine(outcome)],
    ['trades hash', outcome?.tradesHash ?? 'not yet'],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '/').replaceAll('\n', ' ')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}
