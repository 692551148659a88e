import type Big from 'big.js';
import type { Holding, SessionDesk } from './session-desk.ts';

/** Makes units, exact in base, part of a trade: its entry price becomes that of all of it. `commission` in quote is paid for them. */
export function addUnits(desk: SessionDesk, holding: Holding, units: Big, price: Big, commission: number): void {
  const { trade } = holding;
  const { account } = desk.desk;
  const total = holding.units.plus(units);
  const value = holding.units.times(trade.entryPrice).plus(units.times(price));
  trade.entryPrice = Number(value.div(total));
  trade.entryFixed += commission;
  account.cash -= commission;
  account.commission += commission;
  desk.setUnits(holding, total);
}
