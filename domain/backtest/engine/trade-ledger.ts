import { closeTime } from '../../market/candles.ts';
import type { ExitReason, Trade } from '../trade.ts';
import { AT_CLOSE, type EntryKind, type OpenTrade } from './open-trade.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/** A trade whose excursions are still to be measured. */
export type ClosedTrade = { -readonly [Field in keyof Trade]: Trade[Field] };

/** How and when a trade, or a part of it, was left. */
export interface Exit {
  readonly bar: number;
  readonly kind: EntryKind;
  readonly price: number;
  readonly commission: number;
  readonly reason: ExitReason;
}

/** Closed trades, in the order of their exits, and beside each what the measurement of its excursions needs. */
export class TradeLedger {
  readonly trades: ClosedTrade[] = [];
  readonly desks: SymbolDesk[] = [];
  readonly entryKinds: EntryKind[] = [];

  /**
   * Writes down that `units` of a trade were left.
   *
   * @param entryCommission the part of the entry's commission that belongs to these units.
   */
  add(desk: SymbolDesk, trade: OpenTrade, units: number, entryCommission: number, exit: Exit): void {
    this.trades.push(closedTrade(desk, trade, units, entryCommission, exit));
    this.desks.push(desk);
    this.entryKinds.push(trade.entryKind);
  }
}

/** A trade as the result tells it. */
export function closedTrade(
  desk: SymbolDesk,
  trade: OpenTrade,
  units: number,
  entryCommission: number,
  exit: Exit,
): ClosedTrade {
  const { candles } = desk;
  const size = trade.side * units;
  const commission = exit.commission + entryCommission;
  const pnl = size * (exit.price - trade.entryPrice) - commission;
  const stop = desk.steps.stop(trade.side > 0 ? -1 : 1, trade.stopLevel);
  const target = trade.targetOrder?.limit ?? Number.NaN;
  return {
    symbol: desk.symbol,
    size,
    entryBar: trade.entryBar,
    exitBar: exit.bar,
    entryTime: trade.entryKind === AT_CLOSE ? closeTime(candles, trade.entryBar) : candles.time[trade.entryBar]!,
    exitTime: exit.kind === AT_CLOSE ? closeTime(candles, exit.bar) : candles.time[exit.bar]!,
    entryPrice: trade.entryPrice,
    exitPrice: exit.price,
    sl: Number.isNaN(stop) ? null : stop,
    tp: Number.isNaN(target) ? null : target,
    pnl,
    commission,
    returnRatio: pnl / (units * trade.entryPrice),
    mae: 0,
    mfe: 0,
    exitReason: exit.reason,
    tag: trade.tag,
    entryValues: trade.entryValues ?? {},
  };
}
