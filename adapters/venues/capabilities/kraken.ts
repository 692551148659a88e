import type { EpochMs } from '../../../domain/market/decimal.ts';
import { toFill } from '../mapping/fill.ts';
import { toVenueOrder } from '../mapping/order.ts';
import type { CodeMeaning, VenueCalls, VenueCapability } from './capability.ts';
import { generic, symbolOf } from './generic.ts';

/** Codes of Kraken's API error list, by what they mean for `AddOrder`; every other one is ambiguous. */
const MEANINGS: Readonly<Record<string, CodeMeaning>> = {
  'EAPI:Invalid key': 'refused-never',
  'EAPI:Invalid signature': 'refused-never',
  'EAPI:Invalid nonce': 'refused-later',
  'EAPI:Rate limit exceeded': 'refused-later',
  'EGeneral:Invalid arguments': 'refused-never',
  'EGeneral:Permission denied': 'refused-never',
  'EGeneral:Too many requests': 'refused-later',
  'EOrder:Insufficient funds': 'refused-never',
  'EOrder:Invalid price': 'refused-never',
  'EOrder:Order minimum not met': 'refused-never',
  'EOrder:Orders limit exceeded': 'refused-later',
  // The market has moved: at another price it would wait.
  'EOrder:Post only order': 'refused-later',
  'EOrder:Rate limit exceeded': 'refused-later',
  'EQuery:Invalid asset pair': 'refused-never',
  'EQuery:Unknown asset pair': 'refused-never',
  'EService:Deadline elapsed': 'refused-later',
  'EService:Market in cancel_only mode': 'refused-later',
};

/** Kraken spot. Its errors come with HTTP 200; its lists begin with the newest row. */
export const kraken: VenueCapability = {
  ...generic,

  hasPostOnly: true,
  // Kraken has stop-loss-limit orders; none is sent until its answers about one that has been triggered are on record.
  hasStopOrders: false,

  // Codes carry details after a second colon: "EGeneral:Invalid arguments:volume".
  meaningOf: ({ code }) => MEANINGS[code.split(':', 2).join(':')] ?? null,

  /**
   * ccxt's `fetchOrder` sends a client order id as `userref`, and so reports an order that exists as unknown. The lists of open and of
   * ended orders take the right field.
   */
  async findByClientOrderId(calls, market, clientOrderId) {
    const { exchange } = calls;
    const lists = [
      () => exchange.fetchOpenOrders(symbolOf(market), undefined, undefined, { clientOrderId }),
      () => exchange.fetchClosedOrders(symbolOf(market), undefined, undefined, { clientOrderId }),
    ];
    for (const list of lists) {
      const orders = await calls.call('orders', 0, async () => (await list()).map(toVenueOrder));
      const found = orders.find((order) => order.clientOrderId === clientOrderId);
      if (found !== undefined) return found;
    }
    return null;
  },

  async ordersSince(calls, market, since) {
    const open = await this.openOrders(calls, market);
    const ended = await backwards(calls, since, (until) =>
      calls.exchange.fetchClosedOrders(symbolOf(market), since, undefined, { until }),
    );
    const byId = new Map([...open, ...ended.map(toVenueOrder)].map((order) => [order.orderId, order]));
    return [...byId.values()].filter((order) => order.acceptedAt === null || order.acceptedAt >= since);
  },

  async fillsSince(calls, market, since) {
    const trades = await backwards(calls, since, (until) =>
      calls.exchange.fetchMyTrades(symbolOf(market), since, undefined, { until }),
    );
    return trades.map(toFill).sort((a, b) => a.at - b.at);
  },
};

/** Pages from the newest row back to `since`; pages overlap by one instant, since a page may end within a millisecond. */
async function backwards<T extends { id?: string | undefined; timestamp?: number | undefined }>(
  calls: VenueCalls,
  since: EpochMs,
  page: (until: EpochMs) => Promise<T[]>,
): Promise<readonly T[]> {
  const byId = new Map<string, T>();
  for (let until = calls.now(); ;) {
    const known = byId.size;
    const rows = await calls.call('orders', 0, () => page(until));
    for (const row of rows) if (row.id !== undefined) byId.set(row.id, row);
    if (byId.size === known) return [...byId.values()];
    until = Math.max(since, Math.min(...rows.map((row) => row.timestamp ?? until)));
  }
}
