import type { ExitReason } from '../trade.ts';
import { closeUnits } from './exit-fill.ts';
import { AT_CLOSE, AT_OPEN, type EntryKind, type OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/** What is left to do once the strategy was asked at the last bar of a symbol. */
export function finishDesk(desk: SymbolDesk, finalize: boolean): void {
  if (finalize) for (const trade of desk.trades.slice()) finalizeTrade(desk, trade);
  desk.account.curve.replaceLast(desk.account.equity());
}

/** Closes everything that is held at the marks, whatever it costs. */
export function closeAll(desk: SymbolDesk, reason: ExitReason): void {
  for (const trade of desk.trades.slice()) leave(desk, trade, desk.mark, desk.bar, AT_CLOSE, reason);
}

/** Leaves a trade where a market order would have filled that was given one bar earlier; one entered after that moment, at the last close. */
function finalizeTrade(desk: SymbolDesk, trade: OpenTrade): void {
  const { bar, candles, terms } = desk;
  const isEarlier = trade.entryBar < bar;
  const side = trade.side > 0 ? -1 : 1;
  if (terms.fillAtClose && isEarlier) {
    leave(desk, trade, terms.slipped(side, candles.close[bar - 1]!), bar - 1, AT_CLOSE, 'end-of-data');
  } else if (!terms.fillAtClose && (isEarlier || trade.entryKind === AT_OPEN)) {
    leave(desk, trade, terms.slipped(side, candles.open[bar]!), bar, AT_OPEN, 'end-of-data');
  } else leave(desk, trade, terms.slipped(side, candles.close[bar]!), bar, AT_CLOSE, 'end-of-data');
}

function leave(
  desk: SymbolDesk,
  trade: OpenTrade,
  price: number,
  bar: number,
  kind: EntryKind,
  reason: ExitReason,
): void {
  closeUnits(desk, trade, Math.abs(trade.size), { price, rate: desk.terms.taker, bar, kind, reason });
}
