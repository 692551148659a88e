import Big from 'big.js';
import { type Decimal, toText } from '../../../domain/market/decimal.ts';
import type { MarketListing, VenueLimits } from '../../config.ts';
import type { LedgerOrder } from '../../exchange/ledger.ts';
import { refuse } from './errors.ts';
import { amount } from './format.ts';

const MAX_QUANTITY: Decimal = '9000';
const MAX_PRICE: Decimal = '10000000';
const MAX_NOTIONAL: Decimal = '90000000';
/** Minutes over which a market order's price is averaged for the notional filter. */
export const AVERAGE_PRICE_MINUTES = 5;

/** The filters of one market as `exchangeInfo` lists them. */
export function listFilters(market: MarketListing, limits: VenueLimits): readonly Record<string, unknown>[] {
  const lots = { minQty: amount(market.lot), maxQty: amount(maxQuantity(market)), stepSize: amount(market.lot) };
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: amount(market.tick),
      maxPrice: amount(MAX_PRICE),
      tickSize: amount(market.tick),
    },
    { filterType: 'LOT_SIZE', ...lots },
    { filterType: 'MARKET_LOT_SIZE', ...lots, minQty: amount('0'), stepSize: amount('0') },
    {
      filterType: 'NOTIONAL',
      minNotional: amount(market.minNotional),
      applyMinToMarket: true,
      maxNotional: amount(MAX_NOTIONAL),
      applyMaxToMarket: false,
      avgPriceMins: AVERAGE_PRICE_MINUTES,
    },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: limits.openOrders },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: limits.openStopOrders },
  ];
}

/**
 * Refuses an order that breaks a filter of its market with -1013 and the filter's name, in Binance's order: price, quantity,
 * notional, number of open orders. `averagePrice` stands in for the price of a market order; `null` leaves its notional unchecked.
 */
export function checkFilters(
  market: MarketListing,
  limits: VenueLimits,
  order: {
    readonly price: Decimal | null;
    readonly stopPrice: Decimal | null;
    readonly quantity: Decimal;
    readonly averagePrice: Decimal | null;
    readonly openOrders: readonly Pick<LedgerOrder, 'stopPrice'>[];
  },
): void {
  const { price } = order;
  for (const each of [price, order.stopPrice]) {
    if (each !== null && !(inRange(each, market.tick, MAX_PRICE) && isMultiple(each, market.tick)))
      throw refuse.filter('PRICE_FILTER');
  }
  if (!(inRange(order.quantity, market.lot, maxQuantity(market)) && isMultiple(order.quantity, market.lot))) {
    throw refuse.filter('LOT_SIZE');
  }
  const reference = price ?? order.averagePrice;
  if (reference !== null) {
    const notional = new Big(reference).times(order.quantity);
    if (notional.lt(market.minNotional) || (price !== null && notional.gt(MAX_NOTIONAL)))
      throw refuse.filter('NOTIONAL');
  }
  if (order.openOrders.length >= limits.openOrders) throw refuse.filter('MAX_NUM_ORDERS');
  const stops = order.openOrders.filter(({ stopPrice }) => stopPrice !== null);
  if (order.stopPrice !== null && stops.length >= limits.openStopOrders) throw refuse.filter('MAX_NUM_ALGO_ORDERS');
}

/** Whole lots, at most `MAX_QUANTITY`. */
function maxQuantity(market: MarketListing): Decimal {
  const lot = new Big(market.lot);
  return toText(new Big(MAX_QUANTITY).div(lot).round(0, Big.roundDown).times(lot));
}

function inRange(value: Decimal, least: Decimal, most: Decimal): boolean {
  return new Big(value).gte(least) && new Big(value).lte(most);
}

function isMultiple(value: Decimal, step: Decimal): boolean {
  return new Big(value).mod(step).eq(0);
}
