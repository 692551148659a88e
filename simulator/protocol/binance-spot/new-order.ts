import { randomBytes } from 'node:crypto';
import Big from 'big.js';
import { type Decimal, toText } from '../../../domain/market/decimal.ts';
import type { NewOrder } from '../../exchange/exchange.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import { replayedMarket } from '../../exchange/replayed-market.ts';
import { MINUTE_MS } from '../../exchange/minute-bars.ts';
import { marketOf, type RequestContext } from './endpoint.ts';
import { refuse } from './errors.ts';
import { AVERAGE_PRICE_MINUTES, checkFilters } from './filters.ts';
import type { Parameters } from './parameters.ts';

const SIDES = ['BUY', 'SELL'] as const;
const TYPES = ['LIMIT', 'MARKET', 'LIMIT_MAKER', 'STOP_LOSS_LIMIT'] as const;
/** Binance's other types, by the name that it gives them in refusals. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  STOP_LOSS: 'Stop loss',
  TAKE_PROFIT: 'Take profit',
  TAKE_PROFIT_LIMIT: 'Take profit limit',
};
const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK'] as const;
const ANSWERS = ['ACK', 'RESULT', 'FULL'] as const;
/** Parameters of order kinds that this venue does not offer. */
const NOT_OFFERED = ['trailingDelta', 'icebergQty'] as const;

const ORDER_TYPES = {
  LIMIT: 'limit',
  MARKET: 'market',
  LIMIT_MAKER: 'limit-maker',
  STOP_LOSS_LIMIT: 'stop-limit',
} as const;

export type AnswerKind = (typeof ANSWERS)[number];

/** A new order as the wire asks for it, inside the filters of its market. */
export interface OrderRequest {
  readonly listed: ListedMarket;
  readonly order: NewOrder;
  readonly answer: AnswerKind;
}

/** Reads a new order. Throws `BinanceError` with Binance's code for whatever is wrong first. */
export function readNewOrder(context: RequestContext): OrderRequest {
  const { parameters } = context;
  const listed = marketOf(context);
  const side = parameters.choice('side', SIDES, refuse.side);
  if (side === null) throw refuse.mandatory('side');
  const other = OTHER_TYPES[parameters.optional('type') ?? ''];
  if (other !== undefined) throw refuse.typeNotOffered(other);
  const type = parameters.choice('type', TYPES, refuse.orderType);
  if (type === null) throw refuse.mandatory('type');
  const prices = readPrices(parameters, type);
  const clientOrderId = parameters.clientOrderId('newClientOrderId') ?? newClientOrderId();
  const answer = parameters.choice('newOrderRespType', ANSWERS, () => refuse.invalid('newOrderRespType'));
  parameters.choice('selfTradePreventionMode', ['NONE'] as const, () => refuse.invalid('selfTradePreventionMode'));
  parameters.whole('strategyId');
  parameters.whole('strategyType', 1_000_000);
  parameters.finish();
  const order: NewOrder = {
    ...prices,
    clientOrderId,
    side: side === 'BUY' ? 'buy' : 'sell',
    type: ORDER_TYPES[type],
  };
  checkFilters(listed.listing, context.config.limits, {
    price: order.price,
    stopPrice: order.stopPrice,
    quantity: order.quantity,
    averagePrice: averagePrice(listed, context.now),
    openOrders: context.exchange.ledger.openOrders().filter(({ symbol }) => symbol === listed.listing.symbol),
  });
  return { listed, order, answer: answer ?? (type === 'LIMIT' || type === 'MARKET' ? 'FULL' : 'ACK') };
}

/** A client order id for a client that sends none. */
export function newClientOrderId(): string {
  return randomBytes(16).toString('base64url');
}

/** Volume-weighted price of the last five minutes, else the last price; `null` on an empty tape. */
export function averagePrice(listed: ListedMarket, now: number): Decimal | null {
  const replayed = replayedMarket(listed);
  // Five minutes of the clock may be years of its bars.
  if (replayed !== null) return replayed.market.lastPrice;
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const bars = listed.bars.between(minute - (AVERAGE_PRICE_MINUTES - 1) * MINUTE_MS, minute);
  const volume = bars.reduce((sum, bar) => sum.plus(bar.volume), new Big(0));
  if (volume.eq(0)) return listed.tape.last()?.price ?? null;
  return toText(
    bars
      .reduce((sum, bar) => sum.plus(bar.quoteVolume), new Big(0))
      .div(volume)
      .round(8),
  );
}

function readPrices(
  parameters: Parameters,
  type: (typeof TYPES)[number],
): Pick<NewOrder, 'price' | 'stopPrice' | 'quantity' | 'timeInForce'> {
  for (const name of NOT_OFFERED) if (parameters.has(name)) throw refuse.notRequired(name);
  if (type !== 'STOP_LOSS_LIMIT' && parameters.has('stopPrice')) throw refuse.notRequired('stopPrice');
  const quantity = parameters.amount('quantity');
  if (type === 'MARKET') {
    for (const name of ['price', 'timeInForce']) if (parameters.has(name)) throw refuse.notRequired(name);
    if (parameters.amount('quoteOrderQty') !== null) throw refuse.quoteQuantityUnsupported();
    if (quantity === null) throw refuse.oneOf('origQty', 'quoteOrderQty');
    return { price: null, stopPrice: null, quantity, timeInForce: 'GTC' };
  }
  if (parameters.has('quoteOrderQty')) throw refuse.notRequired('quoteOrderQty');
  const timeInForce = readTimeInForce(parameters, type);
  if (quantity === null) throw refuse.mandatory('quantity');
  const price = parameters.amount('price');
  if (price === null) throw refuse.mandatory('price');
  if (type !== 'STOP_LOSS_LIMIT') return { price, stopPrice: null, quantity, timeInForce };
  const stopPrice = parameters.amount('stopPrice');
  if (stopPrice === null) throw refuse.oneOf('stopPrice', 'trailingDelta');
  return { price, stopPrice, quantity, timeInForce };
}

function readTimeInForce(
  parameters: Parameters,
  type: Exclude<(typeof TYPES)[number], 'MARKET'>,
): NewOrder['timeInForce'] {
  if (type === 'LIMIT_MAKER') {
    if (parameters.has('timeInForce')) throw refuse.notRequired('timeInForce');
    return 'GTC';
  }
  const timeInForce = parameters.choice('timeInForce', TIMES_IN_FORCE, refuse.timeInForce);
  if (timeInForce === null) throw refuse.mandatory('timeInForce');
  return timeInForce;
}
