import { reduces } from '../reduces.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export interface OrderRateDenial extends DenialShape {
  readonly code: 'ORDER_RATE_TOO_HIGH' | 'ORDER_RATE_UNKNOWN' | 'ORDER_RATE_LIMIT_UNSET';
}

/**
 * Refuses an order that would be more than `maxOrdersPer10s` within 10 s or more than `maxOrdersPerMinute` within a minute, over all
 * executions of the account: a brake on whatever sends in a loop. An order that was written down counts, whatever became of it. One that only
 * reduces counts and is not refused: many stops that are reached at once are no loop.
 */
export const orderRate: RiskLimit<OrderRateDenial> = {
  id: 'order-rate',
  codes: ['ORDER_RATE_TOO_HIGH', 'ORDER_RATE_UNKNOWN', 'ORDER_RATE_LIMIT_UNSET'],
  needs: ['recentOrders', 'config.maxOrdersPer10s', 'config.maxOrdersPerMinute'],
  check(input) {
    if (reduces(input)) return [];
    const { order, recentOrders, config } = input;
    if (recentOrders === null) {
      const message = `How many orders were sent to ${order.venue} lately is not known. Check the database.`;
      return [{ code: 'ORDER_RATE_UNKNOWN', value: null, limit: null, message }];
    }
    const windows = [
      { name: '10 s', setting: 'maxOrdersPer10s', count: recentOrders.last10s, limit: config.maxOrdersPer10s },
      {
        name: 'minute',
        setting: 'maxOrdersPerMinute',
        count: recentOrders.lastMinute,
        limit: config.maxOrdersPerMinute,
      },
    ];
    return windows.flatMap(({ name, setting, count, limit }): OrderRateDenial[] => {
      if (limit === null) {
        const message = `No greatest number of orders per ${name} is set. Set ${setting}.`;
        return [{ code: 'ORDER_RATE_LIMIT_UNSET', value: null, limit: null, message }];
      }
      // Written so that NaN refuses.
      if (count + 1 <= limit) return [];
      const message =
        `This would be order ${count + 1} to ${order.venue} within the last ${name}; at most ${limit} are allowed. ` +
        'A later slice catches up.';
      return [{ code: 'ORDER_RATE_TOO_HIGH', value: String(count + 1), limit: String(limit), message }];
    });
  },
};
