import { CashAccount } from '../../backtest/engine/cash-account.ts';
import { EquityCurve } from '../../backtest/engine/equity-curve.ts';
import type { SymbolDesk } from '../../backtest/engine/symbol-desk.ts';

/** The cash book of a session on a spot account: the engine's without leverage, so that what is available is the quote currency that is left. */
export class SpotAccount extends CashAccount {
  /** Quote currency that waits for orders, while an entry is sized. */
  reserved = 0;

  constructor(capital: number, desks: readonly SymbolDesk[]) {
    super(capital, 1, new EquityCurve(new Float64Array(0)), desks);
  }

  override available(): number {
    return Math.max(0, super.available() - this.reserved);
  }

  /** Quote currency, without what is held. */
  get quote(): number {
    let cost = 0;
    for (const desk of this.desks) cost += desk.cost;
    return this.cash - cost;
  }
}
