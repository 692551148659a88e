import Big from 'big.js';
import type { Commission } from '../../domain/backtest/settings.ts';
import { decimal } from '../../domain/market/decimal.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';

/** Digits of a rate: a hundredth of a basis point is 1e-6. */
const DIGITS = 8;

/** The rates of fees that a session has paid, over all its trades: 0 where it has made none of a kind. */
export function paidCommission(journal: readonly JournalEntry[]): Commission {
  const maker = { fees: new Big(0), notional: new Big(0) };
  const taker = { fees: new Big(0), notional: new Big(0) };
  for (const { event } of journal) {
    if (event.kind !== 'execution') continue;
    const kind = event.maker ? maker : taker;
    const price = decimal(event.price);
    kind.fees = kind.fees.plus(decimal(event.feeQuote)).plus(decimal(event.feeBase).times(price));
    kind.notional = kind.notional.plus(decimal(event.quantity).times(price));
  }
  return { maker: rateOf(maker), taker: rateOf(taker), fixed: 0 };
}

function rateOf({ fees, notional }: { readonly fees: Big; readonly notional: Big }): number {
  return notional.gt(0) ? Number(fees.div(notional).round(DIGITS)) : 0;
}
