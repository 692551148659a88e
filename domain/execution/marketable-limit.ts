import Big from 'big.js';
import { ceilToStep, type Decimal, floorToStep, maxOf, minOf, toText } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Quote } from '../market/quote.ts';
import type { Side } from '../orders/order.ts';

/**
 * The limit price of an order that shall trade at once: the best opposite price plus `aggressionBps`, never beyond `limit`,
 * on a whole tick and rounded in our favour (a buy down, a sell up).
 *
 * @returns price in quote per base, or `null` when `limit` stops short of the best opposite price: nothing could trade.
 */
export function marketableLimitPrice(
  side: Side,
  quote: Pick<Quote, 'bid' | 'ask'>,
  aggressionBps: number,
  limit: Decimal | null,
  instrument: Pick<Instrument, 'tick'>,
): Decimal | null {
  const tick = new Big(instrument.tick);
  const reach = new Big(aggressionBps).div(10_000);
  if (side === 'buy') {
    const ask = new Big(quote.ask);
    const wanted = ask.times(reach.plus(1));
    const price = floorToStep(limit === null ? wanted : minOf(wanted, new Big(limit)), tick);
    return price.lt(ask) ? null : toText(price);
  }
  const bid = new Big(quote.bid);
  const wanted = bid.times(new Big(1).minus(reach));
  const price = ceilToStep(limit === null ? wanted : maxOf(wanted, new Big(limit)), tick);
  return price.gt(bid) ? null : toText(price);
}
