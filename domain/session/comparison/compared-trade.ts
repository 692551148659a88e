import Big from 'big.js';
import type { Decimal, EpochMs } from '../../market/decimal.ts';

/** One end of a trade. */
export interface TradeSide {
  /** Opening time of the bar in which it traded. */
  readonly bar: EpochMs;
  /** What was traded at, in quote per unit. */
  readonly price: Decimal;
  /** What stood in the market when the order was sent: the mid of an order at market, the level of a stop or a limit. */
  readonly reference: Decimal;
}

/** A round trip as a session or its backtest made it: long, all of one entry that left at one decision. */
export interface ComparedTrade {
  readonly symbol: string;
  /** Opening time of the bar at whose close the entry was decided; `null` where no bar has decided it. */
  readonly decidedAt: EpochMs | null;
  readonly units: Decimal;
  readonly entry: TradeSide;
  /** Where it is still open, the last close: `isOpen`. */
  readonly exit: TradeSide;
  readonly isOpen: boolean;
  /** In quote, for both ends; what rounding has left behind is a cost like a fee. */
  readonly fees: Decimal;
}

/** Digits after the point to which quotients are rounded. */
const QUOTIENT_DIGITS = 18;

/** a / b to 18 digits after the point. */
export function quotient(a: Big, b: Big): Big {
  return a.div(b).round(QUOTIENT_DIGITS);
}

/** Profit net of fees in quote, exact. */
export function profitOf({ units, entry, exit, fees }: ComparedTrade): Big {
  return new Big(units).times(new Big(exit.price).minus(new Big(entry.price))).minus(new Big(fees));
}
