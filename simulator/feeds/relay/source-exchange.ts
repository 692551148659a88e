import ccxt, { type Exchange, type OrderBook, type Trade } from 'ccxt';
import Big from 'big.js';
import { type Decimal, type DurationMs, type EpochMs, toText } from '../../../domain/market/decimal.ts';
import type { Level } from '../../../domain/matching/feed.ts';
import { type Bar, MINUTE_MS } from '../../exchange/minute-bars.ts';

/** A request is given up after this. */
const TIMEOUT_MS: DurationMs = 5_000;
/** A farewell that the other end does not answer is not waited for longer. */
const FAREWELL_MS: DurationMs = 250;
const BOOK_LEVELS = 1_000;
const PAGE = 1_000;
const PLAIN = /^\d{1,15}(\.\d{1,15})?$/;

/** The levels of a public book, best first. */
export interface SourceBook {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** One trade of the source. Its ids follow without a gap. */
export interface SourceTrade {
  readonly id: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly buyerIsMaker: boolean;
  readonly at: EpochMs;
}

/** What a relay asks of the venue whose market it shows. Every method rejects when the venue does not answer as it should. */
export interface Source {
  /** Resolves with the next state of the book. */
  watchBook(symbol: string): Promise<SourceBook>;
  /** Resolves with the next trades, in their order. */
  watchTrades(symbol: string): Promise<readonly SourceTrade[]>;
  fetchBook(symbol: string): Promise<SourceBook>;
  /** Up to a page of trades from `id` on, in their order. */
  fetchTradesFrom(symbol: string, id: number): Promise<readonly SourceTrade[]>;
  fetchLatestTrade(symbol: string): Promise<SourceTrade | null>;
  /** Id of the first trade at or after `at`; `null` when there is none. */
  fetchFirstIdSince(symbol: string, at: EpochMs): Promise<number | null>;
  /** The whole minutes with `from <= openTime < to`, as far as the source has them. */
  fetchMinutes(symbol: string, from: EpochMs, to: EpochMs): Promise<readonly Bar[]>;
  /** Lets all streams go and opens them anew at the next watch. */
  renew(): void;
  close(): void;
}

type Row = Readonly<Record<string, unknown>>;

/** The sockets that ccxt keeps, as far as they are ended here. */
interface Socket {
  connection?: { terminate?(): void };
  /** Dials; ccxt calls it after a pause that may outlast the client. */
  createConnection(): void;
}

/** Binance, or a venue that speaks its protocol at `rest`, by ccxt's public streams and requests. */
export class SourceExchange implements Source {
  readonly #rest: string | null;
  #exchange: Exchange;
  #ready: Promise<unknown> | null = null;
  #closed = false;

  constructor(rest: string | null) {
    this.#rest = rest;
    this.#exchange = newExchange(rest);
  }

  async watchBook(symbol: string): Promise<SourceBook> {
    const exchange = await this.#loaded();
    return bookOf(await exchange.watchOrderBook(symbol));
  }

  async watchTrades(symbol: string): Promise<readonly SourceTrade[]> {
    const exchange = await this.#loaded();
    const trades: Trade[] = await exchange.watchTrades(symbol);
    return trades.map(({ info }) => tradeOf(info as Row, { id: 't', price: 'p', quantity: 'q', maker: 'm', at: 'T' }));
  }

  async fetchBook(symbol: string): Promise<SourceBook> {
    const exchange = await this.#loaded();
    return bookOf(await exchange.fetchOrderBook(symbol, BOOK_LEVELS));
  }

  async fetchTradesFrom(symbol: string, id: number): Promise<readonly SourceTrade[]> {
    return (await this.#get('historicalTrades', symbol, { fromId: id, limit: PAGE })).map(restTrade);
  }

  async fetchLatestTrade(symbol: string): Promise<SourceTrade | null> {
    const [latest] = (await this.#get('trades', symbol, { limit: 1 })).map(restTrade);
    return latest ?? null;
  }

  async fetchFirstIdSince(symbol: string, at: EpochMs): Promise<number | null> {
    const [first] = await this.#get('aggTrades', symbol, { startTime: at, limit: 1 });
    return first === undefined ? null : wholeNumber((first as Row)['f'], 'trade id');
  }

  async fetchMinutes(symbol: string, from: EpochMs, to: EpochMs): Promise<readonly Bar[]> {
    const bars: Bar[] = [];
    for (let next = from; next < to;) {
      const range = { interval: '1m', startTime: next, endTime: to - 1, limit: PAGE };
      const page = (await this.#get('klines', symbol, range)).map((row) => minuteOf(row as readonly unknown[]));
      bars.push(...page.filter(({ openTime }) => openTime >= next && openTime < to));
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      next = last.openTime + MINUTE_MS;
    }
    return bars;
  }

  renew(): void {
    if (this.#closed) return;
    endExchange(this.#exchange);
    this.#exchange = newExchange(this.#rest);
    this.#ready = null;
  }

  close(): void {
    this.#closed = true;
    endExchange(this.#exchange);
  }

  /** The exchange with its markets. */
  async #loaded(): Promise<Exchange> {
    const exchange = this.#exchange;
    this.#ready ??= (async () => {
      // Without it ccxt refuses addresses without TLS.
      await exchange.loadHttpProxyAgent();
      await exchange.loadMarkets();
    })();
    const ready = this.#ready;
    try {
      await ready;
    } catch (error) {
      // ccxt remembers for good that markets could not be loaded: only another object tries again.
      if (this.#ready === ready) this.renew();
      throw error;
    }
    return exchange;
  }

  /** A public request by its path, which ccxt does not let pass for all of them without a key. */
  async #get(path: string, symbol: string, query: Readonly<Record<string, string | number>>): Promise<unknown[]> {
    const exchange = await this.#loaded();
    const parameters = new URLSearchParams({ symbol: String(exchange.market(symbol).id) });
    for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
    const base = (exchange.urls['api'] as Record<string, string>)['public'] ?? '';
    const answer: unknown = await exchange.fetch(`${base}/${path}?${parameters.toString()}`);
    if (!Array.isArray(answer)) throw new Error(`${path} of the source is no list`);
    return answer;
  }
}

function newExchange(rest: string | null): Exchange {
  const ws = rest?.replace(/^http/, 'ws');
  const urls = {
    api: {
      public: `${rest}/api/v3`,
      private: `${rest}/api/v3`,
      v1: `${rest}/api/v1`,
      sapi: `${rest}/sapi/v1`,
      ws: { spot: `${ws}/stream/ws`, margin: `${ws}/stream/ws`, 'ws-api': { spot: `${ws}/ws-api/v3` } },
    },
  };
  return new ccxt.pro.binance({
    timeout: TIMEOUT_MS,
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false },
    ...(rest === null ? {} : { urls }),
  });
}

function endExchange(exchange: Exchange): void {
  const sockets = Object.values((exchange.clients ?? {}) as unknown as Record<string, Socket>);
  // Nothing that is still under way may dial once more: nobody would ever close that socket.
  exchange.client = () => {
    throw new ccxt.ExchangeClosedByUser('the relay has let this connection go');
  };
  for (const socket of sockets) socket.createConnection = () => undefined;
  exchange.close().catch(() => undefined);
  setTimeout(() => {
    for (const { connection } of sockets) connection?.terminate?.();
  }, FAREWELL_MS).unref();
}

function bookOf(book: OrderBook): SourceBook {
  const side = (levels: OrderBook['bids']) =>
    levels.map(([price, quantity]) => [exactText(price, 'price'), exactText(quantity, 'quantity')] as const);
  return { bids: side(book.bids), asks: side(book.asks) };
}

function restTrade(row: unknown): SourceTrade {
  return tradeOf(row as Row, { id: 'id', price: 'price', quantity: 'qty', maker: 'isBuyerMaker', at: 'time' });
}

function tradeOf(row: Row, names: Readonly<Record<'id' | 'price' | 'quantity' | 'maker' | 'at', string>>): SourceTrade {
  return {
    id: wholeNumber(row[names.id], 'trade id'),
    price: exactText(row[names.price], 'trade price'),
    quantity: exactText(row[names.quantity], 'trade quantity'),
    buyerIsMaker: row[names.maker] === true,
    at: wholeNumber(row[names.at], 'trade time'),
  };
}

function minuteOf(row: readonly unknown[]): Bar {
  const [openTime, open, high, low, close, volume, , quoteVolume, count, buyVolume, buyQuoteVolume] = row;
  return {
    openTime: wholeNumber(openTime, 'candle time'),
    open: exactText(open, 'open'),
    high: exactText(high, 'high'),
    low: exactText(low, 'low'),
    close: exactText(close, 'close'),
    volume: new Big(exactText(volume, 'volume')),
    quoteVolume: new Big(exactText(quoteVolume, 'quote volume')),
    takerBuyVolume: new Big(exactText(buyVolume, 'taker buy volume')),
    takerBuyQuoteVolume: new Big(exactText(buyQuoteVolume, 'taker buy quote volume')),
    count: wholeNumber(count, 'number of trades'),
    // Candles do not say which trades they are made of.
    firstId: -1,
    lastId: -1,
  };
}

/** Plain decimal text of what the source told; its numbers have few digits, so their shortest text is what was written. */
function exactText(value: unknown, field: string): Decimal {
  // A book has thousands of levels many times a second: only what needs it is worked out exactly.
  if (typeof value === 'number' && PLAIN.test(String(value))) return String(value);
  if (typeof value === 'string' || typeof value === 'number') {
    try {
      return toText(new Big(value));
    } catch {
      // Falls to the error below, which names the field.
    }
  }
  throw new Error(`${field} of the source is ${JSON.stringify(value)}, which is no number`);
}

function wholeNumber(value: unknown, field: string): number {
  const read = Number(value);
  if (value !== null && value !== '' && Number.isSafeInteger(read)) return read;
  throw new Error(`${field} of the source is ${JSON.stringify(value)}, which is no whole number`);
}
