import type { Trade } from './trade.ts';

/** Header of the CSV of trades; the names are stable. */
export const TRADES_HEADER = 'size,entryBar,exitBar,entryPrice,exitPrice,sl,tp,pnl,commission,returnRatio';

const orEmpty = (value: number | null): string => (value === null ? '' : String(value));

/** One closed trade as a line. Numbers in the shortest form that reads back to the same bits. */
export function tradeLine(trade: Trade): string {
  const { size, entryBar, exitBar, entryPrice, exitPrice, sl, tp, pnl, commission, returnRatio } = trade;
  return `${size},${entryBar},${exitBar},${entryPrice},${exitPrice},${orEmpty(sl)},${orEmpty(tp)},${pnl},${commission},${returnRatio}`;
}
