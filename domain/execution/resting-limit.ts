import Big from 'big.js';
import { ceilToStep, type Decimal, floorToStep, maxOf, minOf, toText } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import type { Side } from '../orders/order.ts';

/**
 * The price of an order that shall wait and not take: the best price of its own side, never beyond `limit`, on a whole tick
 * and rounded away from the other side.
 *
 * @returns price in quote per base.
 */
export function restingLimitPrice(
  side: Side,
  quote: Pick<Quote, 'bid' | 'ask'>,
  limit: Decimal | null,
  instrument: Pick<Instrument, 'tick'>,
): Decimal {
  const tick = new Big(instrument.tick);
  if (side === 'buy') {
    const bid = new Big(quote.bid);
    return toText(floorToStep(limit === null ? bid : minOf(bid, new Big(limit)), tick));
  }
  const ask = new Big(quote.ask);
  return toText(ceilToStep(limit === null ? ask : maxOf(ask, new Big(limit)), tick));
}
