import { AT_CLOSE, AT_LIMIT, AT_OPEN, type EntryKind } from './open-trade.ts';
import type { TradeLedger } from './trade-ledger.ts';
import type { Trade } from '../trade.ts';
import type { Candles } from '../../market/candles.ts';

/** Largest loss and gain of a trade as ratios of its entry price, of at least 0, before costs. */
export interface Excursions {
  readonly mae: number;
  readonly mfe: number;
}

/** Writes the excursions of all trades. */
export function measureExcursions(ledger: TradeLedger): void {
  ledger.trades.forEach((trade, i) => {
    const { mae, mfe } = excursionsOf(trade, ledger.entryKinds[i]!, ledger.desks[i]!.candles, false);
    trade.mae = mae;
    trade.mfe = mfe;
  });
}

/**
 * Extremes that a trade has surely lived through: all bars between entry and exit; the entry bar whole when it was entered at its open, else
 * only the side to which the price went when it filled; of the exit bar the exit price.
 *
 * @param isOpen whether it lives on after `exitBar`, which then counts whole.
 */
export function excursionsOf(
  trade: Pick<Trade, 'size' | 'entryBar' | 'exitBar' | 'entryPrice' | 'exitPrice'>,
  entryKind: EntryKind,
  { high, low }: Pick<Candles, 'high' | 'low'>,
  isOpen: boolean,
): Excursions {
  const { entryBar, exitBar, entryPrice, exitPrice } = trade;
  const isLong = trade.size > 0;
  let highest = Math.max(entryPrice, exitPrice);
  let lowest = Math.min(entryPrice, exitPrice);
  const last = isOpen ? exitBar : exitBar - 1;
  if (entryBar <= last && entryKind !== AT_CLOSE) {
    // A limit fills while the price goes against the trade, a stop while it goes with it.
    const isWhole = entryKind === AT_OPEN;
    const goesUp = entryKind === AT_LIMIT ? !isLong : isLong;
    if (isWhole || goesUp) highest = Math.max(highest, high[entryBar]!);
    if (isWhole || !goesUp) lowest = Math.min(lowest, low[entryBar]!);
  }
  for (let i = entryBar + 1; i <= last; i++) {
    if (high[i]! > highest) highest = high[i]!;
    if (low[i]! < lowest) lowest = low[i]!;
  }
  const down = (entryPrice - lowest) / entryPrice;
  const up = (highest - entryPrice) / entryPrice;
  return isLong ? { mae: down, mfe: up } : { mae: up, mfe: down };
}
