import Big from 'big.js';
import { type Decimal, toText } from '../../market/decimal.ts';
import { type ComparedTrade, profitOf, quotient } from './compared-trade.ts';

/** Why a session has earned other money than its backtest, in quote; positive where the session has earned more. */
export interface DifferenceSplit {
  /** The market stood elsewhere when the orders were sent than where the backtest filled. */
  readonly timing: Decimal;
  /** Fills were better or worse than the market at that time, fees included. */
  readonly price: Decimal;
  /** More or fewer units were traded. */
  readonly size: Decimal;
  /** Trades that only one of the two has made. */
  readonly missed: Decimal;
}

export const NO_SPLIT: DifferenceSplit = { timing: '0', price: '0', size: '0', missed: '0' };

const ZERO = new Big(0);

/**
 * Splits what a trade of a session earned more than the trade of the backtest that answers to it. With q units, E and X the prices of entry and
 * exit, e and x their references, F the fees, s the session, b the backtest, and f = F_b / q_b:
 *
 *     timing = q_s ((x_s - e_s) - (x_b - e_b))
 *     price  = q_s (((X_s - x_s) - (E_s - e_s)) - ((X_b - x_b) - (E_b - e_b))) - (F_s - q_s f)
 *     size   = (q_s - q_b) ((X_b - E_b) - f)
 *
 * Their sum is (q_s (X_s - E_s) - F_s) - (q_b (X_b - E_b) - F_b), the difference of the profits: the references and the terms with q_s (X_b - E_b)
 * and q_s f cancel. It is exact however f is rounded: F_b is kept as a term of its own, as q_b f + (F_b - q_b f), and the rest is of the price.
 */
export function splitPair(session: ComparedTrade, backtest: ComparedTrade): DifferenceSplit {
  const units = new Big(session.units);
  const backtestUnits = new Big(backtest.units);
  const fee = quotient(new Big(backtest.fees), backtestUnits);
  const more = units.minus(backtestUnits);
  const timing = units.times(referenceMove(session).minus(referenceMove(backtest)));
  const slipped = units.times(slippedBy(session).minus(slippedBy(backtest)));
  const feesMore = new Big(session.fees).minus(new Big(backtest.fees)).minus(more.times(fee));
  const perUnit = new Big(backtest.exit.price).minus(new Big(backtest.entry.price)).minus(fee);
  return {
    timing: toText(timing),
    price: toText(slipped.minus(feesMore)),
    size: toText(more.times(perUnit)),
    missed: '0',
  };
}

/** A trade that only the session has made. */
export function splitExtra(session: ComparedTrade): DifferenceSplit {
  return { ...NO_SPLIT, missed: toText(profitOf(session)) };
}

/** A trade that only the backtest has made. */
export function splitMissed(backtest: ComparedTrade): DifferenceSplit {
  return { ...NO_SPLIT, missed: toText(ZERO.minus(profitOf(backtest))) };
}

export function addSplits(splits: Iterable<DifferenceSplit>): DifferenceSplit {
  const sum = { timing: ZERO, price: ZERO, size: ZERO, missed: ZERO };
  for (const split of splits) {
    sum.timing = sum.timing.plus(split.timing);
    sum.price = sum.price.plus(split.price);
    sum.size = sum.size.plus(split.size);
    sum.missed = sum.missed.plus(split.missed);
  }
  return { timing: toText(sum.timing), price: toText(sum.price), size: toText(sum.size), missed: toText(sum.missed) };
}

function referenceMove({ entry, exit }: ComparedTrade): Big {
  return new Big(exit.reference).minus(new Big(entry.reference));
}

/** What the fills of a unit brought beyond their references. */
function slippedBy({ entry, exit }: ComparedTrade): Big {
  const atExit = new Big(exit.price).minus(new Big(exit.reference));
  return atExit.minus(new Big(entry.price).minus(new Big(entry.reference)));
}
