import type { ExitReason } from '../trade.ts';
import { fillEntry } from './entry-fill.ts';
import { closeUnits, fillExit } from './exit-fill.ts';
import { AT_CLOSE, AT_OPEN, type EntryKind, type OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { ENTRY } from './working-order.ts';

/** What is left to do once the strategy was asked at the last bar of a symbol. */
export function finishDesk(desk: SymbolDesk, finalize: boolean): void {
  if (desk.terms.fillAtClose) fillAtLastClose(desk);
  if (finalize) for (const trade of desk.trades.slice()) finalizeTrade(desk, trade);
  desk.account.curve.replaceLast(desk.account.equity());
}

/** Closes everything that is held at the marks, whatever it costs. */
export function closeAll(desk: SymbolDesk, reason: ExitReason): void {
  for (const trade of desk.trades.slice()) leave(desk, trade, desk.mark, desk.bar, AT_CLOSE, reason);
}

/** Where market orders fill at the close of the bar that ordered them, those of the last bar fill too. */
function fillAtLastClose(desk: SymbolDesk): void {
  const { bar } = desk;
  const price = desk.candles.close[bar]!;
  const execution = { price, bar, kind: AT_CLOSE, isLimit: false, isMaker: false } as const;
  for (const order of desk.book.orders.slice()) {
    if (!order.isLive || order.isContingent || !Number.isNaN(order.stop) || !Number.isNaN(order.limit)) continue;
    if (order.role === ENTRY) fillEntry(desk, order, execution);
    else fillExit(desk, order, execution);
  }
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
