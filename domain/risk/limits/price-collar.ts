import Big from 'big.js';
import { decimal, toText } from '../../market/decimal.ts';
import { midOf } from '../../market/quote.ts';
import { signOf } from '../../orders/order.ts';
import type { GateInput } from '../gate-input.ts';
import { isPositive, nonNegative } from '../amounts.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export interface CollarDenial extends DenialShape {
  readonly code:
    | 'PRICE_OUTSIDE_COLLAR'
    | 'QUOTE_MISSING'
    | 'QUOTE_STALE'
    | 'QUOTE_INVALID'
    | 'COLLAR_UNSET'
    | 'QUOTE_AGE_LIMIT_UNSET';
}

/**
 * Refuses a limit price that lies more than `collarBps` beyond the mid on its costly side: above it for a buy, below it for a
 * sell. That of a stop is held against its trigger, where the market will be when it trades. The other side is harmless, as such an order only waits or expires. A missing, stale, crossed or empty quote refuses too.
 */
export const priceCollar: RiskLimit<CollarDenial> = {
  id: 'price-collar',
  codes: [
    'PRICE_OUTSIDE_COLLAR',
    'QUOTE_MISSING',
    'QUOTE_STALE',
    'QUOTE_INVALID',
    'COLLAR_UNSET',
    'QUOTE_AGE_LIMIT_UNSET',
  ],
  needs: ['quote', 'config.collarBps', 'config.maxQuoteAgeMs'],
  check(input) {
    const denial = denialOf(input);
    return denial === null ? [] : [denial];
  },
};

function denialOf({ now, order, quote, config }: GateInput): CollarDenial | null {
  if (quote === null) {
    const message = `No quote of ${order.symbol} is known, so its price cannot be judged.`;
    return { code: 'QUOTE_MISSING', value: null, limit: null, message };
  }
  if (config.maxQuoteAgeMs === null) {
    const message = 'No greatest age of a quote is set. Set maxQuoteAgeMs.';
    return { code: 'QUOTE_AGE_LIMIT_UNSET', value: null, limit: null, message };
  }
  // A quote from the future is as little worth as an old one: the clocks disagree. Written so that NaN refuses.
  const age = now - quote.at;
  if (!(Math.abs(age) <= config.maxQuoteAgeMs)) {
    const message = `The quote of ${order.symbol} is ${age} ms old; at most ${config.maxQuoteAgeMs} ms are allowed.`;
    return { code: 'QUOTE_STALE', value: String(age), limit: String(config.maxQuoteAgeMs), message };
  }
  if (!isPositive(quote.bid) || !isPositive(quote.ask) || decimal(quote.bid).gt(decimal(quote.ask))) {
    const value = `${quote.bid}/${quote.ask}`;
    const message = `The quote of ${order.symbol}, bid ${quote.bid} and ask ${quote.ask}, is no market.`;
    return { code: 'QUOTE_INVALID', value, limit: null, message };
  }
  if (config.collarBps === null) {
    return { code: 'COLLAR_UNSET', value: null, limit: null, message: 'No price collar is set. Set collarBps.' };
  }
  const reference = order.stopPrice === null ? decimal(midOf(quote)) : nonNegative('stopPrice', order.stopPrice);
  const beyond = decimal(order.price).minus(reference).times(signOf(order.side)).times(10_000);
  if (beyond.lte(nonNegative('collarBps', config.collarBps).times(reference))) return null;
  // Rounded up, so that the figure shown lies beyond the limit shown.
  const bps = toText(beyond.div(reference).round(6, Big.roundUp));
  return {
    code: 'PRICE_OUTSIDE_COLLAR',
    value: bps,
    limit: config.collarBps,
    message:
      `The ${order.side} price ${order.price} lies ${bps} bps beyond the ${order.stopPrice === null ? 'mid' : 'trigger'} ${toText(reference)} of ${order.symbol}; ` +
      `at most ${config.collarBps} bps are allowed. Use a price nearer the market.`,
  };
}
