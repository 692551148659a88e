import { decimal, toText } from '../../market/decimal.ts';
import { nonNegative } from '../amounts.ts';
import { inWords, rateOf, rateUnset } from '../notional.ts';
import { reduces } from '../reduces.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export interface OpenNotionalDenial extends DenialShape {
  readonly code:
    | 'OPEN_NOTIONAL_TOO_LARGE'
    | 'OPEN_NOTIONAL_UNKNOWN'
    | 'MAX_OPEN_NOTIONAL_UNSET'
    | 'OPEN_QUOTE_RATE_UNSET';
}

/**
 * Refuses an order that would take what the account's unsettled orders may still trade above `maxOpenNotional`, over all quote currencies at their rates.
 * An order whose outcome is unknown counts whole until it is known. One that only reduces is not refused and does not count.
 */
export const maxOpenNotional: RiskLimit<OpenNotionalDenial> = {
  id: 'max-open-notional',
  codes: ['OPEN_NOTIONAL_TOO_LARGE', 'OPEN_NOTIONAL_UNKNOWN', 'MAX_OPEN_NOTIONAL_UNSET', 'OPEN_QUOTE_RATE_UNSET'],
  needs: ['openNotional', 'config.maxOpenNotional', 'config.quoteRates'],
  check(input) {
    if (reduces(input)) return [];
    const { order, openNotional, config } = input;
    if (openNotional === null) {
      const message = `What the open orders at ${order.venue} are worth is not known. Check the database, and quoteRates for every quote currency that is traded.`;
      return [{ code: 'OPEN_NOTIONAL_UNKNOWN', value: null, limit: null, message }];
    }
    const limit = config.maxOpenNotional;
    if (limit === null) {
      const message = 'No greatest notional of all open orders is set. Set maxOpenNotional.';
      return [{ code: 'MAX_OPEN_NOTIONAL_UNSET', value: null, limit: null, message }];
    }
    const open = nonNegative('openNotional', openNotional);
    const rate = rateOf(config.quoteRates, order.quote);
    if (rate === null) {
      return [{ code: 'OPEN_QUOTE_RATE_UNSET', value: null, limit: null, message: rateUnset(order.quote) }];
    }
    const total = open.plus(decimal(order.quantity).times(decimal(order.price)).times(rate));
    if (total.lte(decimal(limit))) return [];
    const value = toText(total);
    const message =
      `With this order ${inWords(total, order.quote, rate)} would be open at ${order.venue}, ${toText(open)} of it already; at most ${limit}` +
      `${rate.eq(1) ? ` ${order.quote}` : ''} may be. Wait for open orders to end or order less.`;
    return [{ code: 'OPEN_NOTIONAL_TOO_LARGE', value, limit, message }];
  },
};
