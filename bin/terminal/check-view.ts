import type { StrategyCheck } from '../../adapters/ports/backtest-store.ts';
import type { SymbolWarmUp } from '../../domain/backtest/analysis/warm-up-check.ts';
import { tableOf } from './output.ts';

const count = (value: number): string => value.toLocaleString('en-US');
const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`;

/** What a check has shown, for people. */
export function readableCheck({ strategy, lookAhead, warmUp }: StrategyCheck): string {
  const { clean, checked, bars, orders, difference } = lookAhead;
  const looked = `${count(bars)} bars, ${count(orders)} orders, data cut off ${count(checked)} times`;
  const lines = [
    clean ? `${strategy}: no look ahead found (${looked})` : `${strategy}: NOT CLEAN (${looked})`,
    ...(difference === null ? [] : [`  ${difference}`]),
    ...(orders === 0 ? ['  it ordered nothing: that says nothing about it; give data on which it trades'] : []),
    `warm-up, changes of the first values with a longer history above ${percent(warmUp.tolerance)}:`,
    ...warmUp.symbols.map((symbol) => `  ${readableWarmUp(symbol)}`),
  ];
  return `${lines.join('\n')}\n${linesTable(warmUp.symbols)}`;
}

function readableWarmUp(warmUp: SymbolWarmUp): string {
  const { symbol, history, yardstick, maxRelativeChange, sufficientHistory, lines } = warmUp;
  if (yardstick === null) return `${symbol}: nothing to compare: no lines, or too few bars for a longer history`;
  const change = maxRelativeChange === null ? 'not all lines have values' : `up to ${percent(maxRelativeChange)}`;
  const told = `${symbol}: after ${count(history)} bars ${change}, against ${count(yardstick)} bars`;
  const worst = lines.every((line) => line.sufficientHistory !== null && line.sufficientHistory <= history);
  if (worst) return `${told}: none`;
  const remedy =
    sufficientHistory === null
      ? 'none of the shorter histories suffices: give more bars before the first traded (from)'
      : `${count(sufficientHistory)} bars suffice: let "from" leave as many before the first traded`;
  return `${told}; ${remedy}`;
}

function linesTable(symbols: readonly SymbolWarmUp[]): string {
  const rows = symbols.flatMap(({ symbol, history, lines }) =>
    lines.map((line) => {
      const row = line.rows.find((each) => each.history === history);
      const change = row === undefined ? 0 : row.maxRelativeChange;
      return [symbol, line.line, change === null ? null : percent(change), line.sufficientHistory];
    }),
  );
  return rows.length === 0 ? '' : tableOf(['symbol', 'line', 'change', 'bars that suffice'], rows);
}
