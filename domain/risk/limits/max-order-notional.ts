import { decimal, toText } from '../../market/decimal.ts';
import { inWords, rateOf, rateUnset } from '../notional.ts';
import { reduces } from '../reduces.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export interface NotionalDenial extends DenialShape {
  readonly code: 'ORDER_NOTIONAL_TOO_LARGE' | 'MAX_ORDER_NOTIONAL_UNSET' | 'ORDER_QUOTE_RATE_UNSET';
}

/**
 * Refuses one order whose quantity times limit price is above `maxOrderNotional`, at the rate of its quote currency. A position that has risen above it
 * may still be left.
 */
export const maxOrderNotional: RiskLimit<NotionalDenial> = {
  id: 'max-order-notional',
  codes: ['ORDER_NOTIONAL_TOO_LARGE', 'MAX_ORDER_NOTIONAL_UNSET', 'ORDER_QUOTE_RATE_UNSET'],
  needs: ['config.maxOrderNotional', 'config.quoteRates'],
  check(input) {
    if (reduces(input)) return [];
    const { order, config } = input;
    const limit = config.maxOrderNotional;
    if (limit === null) {
      const message = 'No greatest notional of an order is set. Set maxOrderNotional.';
      return [{ code: 'MAX_ORDER_NOTIONAL_UNSET', value: null, limit: null, message }];
    }
    const rate = rateOf(config.quoteRates, order.quote);
    if (rate === null) {
      return [{ code: 'ORDER_QUOTE_RATE_UNSET', value: null, limit: null, message: rateUnset(order.quote) }];
    }
    const notional = decimal(order.quantity).times(decimal(order.price)).times(rate);
    if (notional.lte(decimal(limit))) return [];
    const value = toText(notional);
    const message =
      `The order is worth ${inWords(notional, order.quote, rate)}; one order may be worth at most ${limit}${rate.eq(1) ? ` ${order.quote}` : ''}. ` +
      'Use more and smaller slices.';
    return [{ code: 'ORDER_NOTIONAL_TOO_LARGE', value, limit, message }];
  },
};
