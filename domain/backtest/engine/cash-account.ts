import type { EquityCurve } from './equity-curve.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/**
 * The one cash book of a run. Positions are held on margin: opening one moves no cash but its costs, closing it moves its profit.
 */
export class CashAccount {
  cash: number;
  /** Paid so far. */
  commission = 0;
  readonly leverage: number;
  readonly curve: EquityCurve;
  readonly desks: readonly SymbolDesk[];

  constructor(cash: number, leverage: number, curve: EquityCurve, desks: readonly SymbolDesk[]) {
    this.cash = cash;
    this.leverage = leverage;
    this.curve = curve;
    this.desks = desks;
  }

  /** Cash and what is held, at the desks' marks. */
  equity(): number {
    let unrealised = 0;
    for (let d = 0; d < this.desks.length; d++) unrealised += this.desks[d]!.unrealised();
    return this.cash + unrealised;
  }

  /** Equity that is no margin of a position. */
  available(): number {
    let used = 0;
    for (const desk of this.desks) {
      for (const trade of desk.trades) used += (Math.abs(trade.size) * desk.mark) / this.leverage;
    }
    return Math.max(0, this.equity() - used);
  }
}
