import { tradesCsv } from '../../../adapters/backtests/csv-files.ts';
import { partsInMemory } from '../../../adapters/backtests/parts.ts';
import type { BacktestPart } from '../../../adapters/ports/backtest-store.ts';

/** `trades.csv` of a run's pieces. */
export async function csvOf(parts: readonly BacktestPart[]): Promise<string> {
  let text = '';
  for await (const piece of tradesCsv(partsInMemory(parts))) text += piece;
  return text;
}
