import type { Hasher } from '../market/dataset.ts';
import type { BacktestRun } from './run.ts';
import type { Trade } from './trade.ts';

/** Fields of a trade in its canonical text, in this order. What strategies write beside (`entryValues`) is no part of it. */
const FIELDS = [
  'symbol',
  'size',
  'entryBar',
  'exitBar',
  'entryTime',
  'exitTime',
  'entryPrice',
  'exitPrice',
  'sl',
  'tp',
  'pnl',
  'commission',
  'returnRatio',
  'mae',
  'mfe',
  'exitReason',
  'tag',
] as const satisfies readonly (keyof Trade)[];

/** JSON writes numbers in the shortest form that reads back to the same bits, and text so that no tag can look like two. */
function canonical(trade: Trade): string {
  return JSON.stringify(FIELDS.map((field) => trade[field]));
}

/**
 * SHA-256 over the canonical text of all trades, closed ones and then those still open at the end, a line each. Equal hashes mean equal
 * trades to the last bit.
 */
export function tradesHash(run: Pick<BacktestRun, 'trades' | 'openTrades'>, hasher: Hasher): string {
  hasher.update('tradewind-trades-1\n');
  for (const trade of run.trades) hasher.update(`${canonical(trade)}\n`);
  hasher.update('open\n');
  for (const trade of run.openTrades) hasher.update(`${canonical(trade)}\n`);
  return hasher.hex();
}
