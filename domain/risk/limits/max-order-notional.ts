import { decimal, toText } from '../../market/decimal.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export interface NotionalDenial extends DenialShape {
  readonly code: 'ORDER_NOTIONAL_TOO_LARGE' | 'MAX_ORDER_NOTIONAL_UNSET';
}

/** Refuses one order whose quantity times limit price is above `maxOrderNotional`, in quote currency. */
export const maxOrderNotional: RiskLimit<NotionalDenial> = {
  id: 'max-order-notional',
  codes: ['ORDER_NOTIONAL_TOO_LARGE', 'MAX_ORDER_NOTIONAL_UNSET'],
  needs: ['config.maxOrderNotional'],
  check({ order, config }) {
    const limit = config.maxOrderNotional;
    if (limit === null) {
      const message = 'No greatest notional of an order is set. Set maxOrderNotional.';
      return [{ code: 'MAX_ORDER_NOTIONAL_UNSET', value: null, limit: null, message }];
    }
    const notional = decimal(order.quantity).times(decimal(order.price));
    if (notional.lte(decimal(limit))) return [];
    const value = toText(notional);
    const message =
      `The order is worth ${value} ${order.quote}; one order may be worth at most ${limit} ${order.quote}. ` +
      'Use more and smaller slices.';
    return [{ code: 'ORDER_NOTIONAL_TOO_LARGE', value, limit, message }];
  },
};
