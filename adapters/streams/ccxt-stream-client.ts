import ccxt, { type Exchange, type OHLCV, type Order, type OrderBook, type Ticker, type Trade } from 'ccxt';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { PublicTrade } from '../../domain/market/public-trade.ts';
import type { StreamKind } from '../ports/stream-health.ts';
import type { StreamCapability } from '../venues/capabilities/capability.ts';
import { exactText } from '../venues/exact-text.ts';
import { toFill } from '../venues/mapping/fill.ts';
import { toVenueOrder } from '../venues/mapping/order.ts';
import {
  type StreamClient,
  type Streamed,
  type StreamedBar,
  type StreamedCandles,
  StreamGap,
  type Touch,
} from './stream-client.ts';

/** A farewell that the other end does not answer is not waited for longer. */
const FAREWELL_MS: DurationMs = 250;

/** ccxt's name of the call for each kind. */
const WATCHES: Readonly<Record<StreamKind, string>> = {
  'order-book': 'watchOrderBook',
  trades: 'watchTrades',
  'bids-asks': 'watchBidsAsks',
  candles: 'watchOHLCV',
  orders: 'watchOrders',
  'my-trades': 'watchMyTrades',
  balance: 'watchBalance',
};

/** The sockets that ccxt keeps, as far as they are ended here. */
interface Socket {
  connection?: { terminate?(): void };
  /** Dials; ccxt calls it after a pause that may outlast the client. */
  createConnection(): void;
}

/** A ccxt.pro exchange as a stream client. It owns the exchange. */
export class CcxtStreamClient implements StreamClient {
  readonly #exchange: Exchange;
  readonly #capability: StreamCapability;

  /** Candles that have closed and were not given out yet, by symbol and timeframe and by their opening time. */
  readonly #closed = new Map<string, Map<EpochMs, StreamedBar>>();

  constructor(exchange: Exchange, capability: StreamCapability) {
    this.#exchange = exchange;
    this.#capability = capability;
    this.#hearClosedCandles();
  }

  supports(kind: StreamKind): boolean {
    return Boolean(this.#exchange.has[WATCHES[kind]]);
  }

  orderBook(symbol: string): Promise<Streamed<Touch>> {
    return asked(async () => {
      const book: OrderBook = await this.#exchange.watchOrderBook(symbol, this.#capability.bookDepth);
      return { value: { bid: level(book.bids[0]), ask: level(book.asks[0]) }, exchangeAt: timeOf(book.timestamp) };
    });
  }

  trades(symbol: string): Promise<Streamed<readonly PublicTrade[]>> {
    return asked(async () => {
      const trades: Trade[] = await this.#exchange.watchTrades(symbol);
      return { value: trades.map(toPublicTrade), exchangeAt: timeOf(trades.at(-1)?.timestamp) };
    });
  }

  bidsAsks(symbol: string): Promise<Streamed<Touch>> {
    return asked(async () => {
      const tickers = (await this.#exchange.watchBidsAsks([symbol])) as unknown as Record<string, Ticker>;
      const ticker = tickers[symbol];
      if (ticker === undefined) throw new StreamGap(`a message on bids and asks without ${symbol}`);
      return {
        value: {
          bid: level([ticker.bid, ticker.bidVolume]),
          ask: level([ticker.ask, ticker.askVolume]),
        },
        exchangeAt: timeOf(ticker.timestamp),
      };
    });
  }

  candles(symbol: string, timeframe: string): Promise<Streamed<StreamedCandles>> {
    return asked(async () => {
      const key = `${symbol} ${timeframe}`;
      // One that closed while the message before was dealt with would else be seen with the next message only.
      const rows = this.#closed.has(key) ? [] : await this.#exchange.watchOHLCV(symbol, timeframe);
      const bars = new Map(rows.map((row) => [Number(row[0]), row.map(Number) as unknown as StreamedBar]));
      const closed = this.#closed.get(key) ?? new Map<EpochMs, StreamedBar>();
      this.#closed.delete(key);
      for (const [time, bar] of closed) bars.set(time, bar);
      const sorted = [...bars.values()].sort((one, other) => one[0] - other[0]);
      // A candle bears the time that it opened at, which says nothing of when the message was made.
      return { value: { bars: sorted, closed: [...closed.keys()] }, exchangeAt: null };
    });
  }

  orders() {
    return asked(async () => {
      const orders: Order[] = await this.#exchange.watchOrders();
      return {
        value: orders.map((order) => toVenueOrder(order)),
        exchangeAt: timeOf(orders.at(-1)?.lastUpdateTimestamp ?? orders.at(-1)?.lastTradeTimestamp),
      };
    });
  }

  myTrades() {
    return asked(async () => {
      const trades: Trade[] = await this.#exchange.watchMyTrades();
      return {
        value: trades.map((trade) => ({
          fill: toFill(trade),
          clientOrderId: this.#capability.clientOrderIdOf(trade),
        })),
        exchangeAt: timeOf(trades.at(-1)?.timestamp),
      };
    });
  }

  balance(): Promise<Streamed<void>> {
    return asked(async () => {
      const balance = await this.#exchange.watchBalance();
      return { value: undefined, exchangeAt: timeOf(balance.timestamp) };
    });
  }

  async subscribeAccount(): Promise<void> {
    await this.#capability.subscribeAccount(this.#exchange);
  }

  close(): void {
    const sockets = Object.values((this.#exchange.clients ?? {}) as Record<string, Socket>);
    // Nothing that is still under way may dial once more: nobody would ever close that socket.
    this.#exchange.client = () => {
      throw new ccxt.ExchangeClosedByUser('this stream client has been closed');
    };
    for (const socket of sockets) socket.createConnection = () => undefined;
    // Calls in flight are told so; what they say then is of no interest.
    this.#exchange.close().catch(() => undefined);
    setTimeout(() => {
      for (const { connection } of sockets) connection?.terminate?.();
    }, FAREWELL_MS).unref();
  }

  /** ccxt drops what a venue says of the end of a candle: it is taken from the message, and the candle from what ccxt has made of that. */
  #hearClosedCandles(): void {
    const exchange = this.#exchange as unknown as {
      readonly ohlcvs?: Readonly<Record<string, Readonly<Record<string, readonly OHLCV[]>>>>;
      handleOHLCV?: (client: unknown, message: unknown) => unknown;
    };
    const handle = exchange.handleOHLCV?.bind(exchange);
    if (handle === undefined) return;
    exchange.handleOHLCV = (client, message) => {
      const handled = handle(client, message);
      const candle = this.#capability.closedCandleIn(this.#exchange, message);
      if (candle === null) return handled;
      const { symbol, timeframe, openAt } = candle;
      const row = exchange.ohlcvs?.[symbol]?.[timeframe]?.findLast(([time]) => Number(time) === openAt);
      if (row === undefined) return handled;
      const closed = this.#closed.get(`${symbol} ${timeframe}`) ?? new Map<EpochMs, StreamedBar>();
      this.#closed.set(`${symbol} ${timeframe}`, closed.set(openAt, row.map(Number) as unknown as StreamedBar));
      return handled;
    };
  }
}

/** Broken sequences by one name, whatever ccxt calls them. */
async function asked<T>(watch: () => Promise<T>): Promise<T> {
  try {
    return await watch();
  } catch (error) {
    if (error instanceof ccxt.ChecksumError) throw new StreamGap(error.message);
    throw error;
  }
}

function level(row: readonly unknown[] | undefined): Touch['bid'] {
  if (row === undefined || row[0] === undefined || row[1] === undefined) return null;
  const [price, quantity] = [exactText(row[0], 'price'), exactText(row[1], 'quantity')];
  return price === '0' || quantity === '0' ? null : [price, quantity];
}

function toPublicTrade(trade: Trade): PublicTrade {
  if (typeof trade.id !== 'string' || typeof trade.timestamp !== 'number') {
    throw new RangeError(`a print without its ${typeof trade.id === 'string' ? 'time' : 'id'}`);
  }
  return {
    tradeId: trade.id,
    price: exactText(trade.price, 'trade price'),
    quantity: exactText(trade.amount, 'trade quantity'),
    at: trade.timestamp,
  };
}

function timeOf(timestamp: number | undefined): number | null {
  return typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : null;
}
