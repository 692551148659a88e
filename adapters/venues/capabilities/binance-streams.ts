import type { StreamCapability } from './capability.ts';
import { textOrNull } from './generic.ts';

/** Binance spot, by its WebSocket documentation: market streams, and the account's events on the WebSocket API. */
export const binanceStreams: StreamCapability = {
  options: {
    watchOrderBookLimit: 100,
    // Snapshot and differences must fit; where one is missing ccxt then says so.
    watchOrderBook: { checksum: true, maxRetries: 3 },
    // Single prints: their ids are those of the history that gaps are filled from.
    watchTrades: { name: 'trade' },
    tradesLimit: 1000,
    ordersLimit: 200,
    OHLCVLimit: 10,
  },
  bookDepth: 100,
  // Depth up to 100 levels.
  snapshotWeight: 5,
  // ccxt takes an address without "/stream" for one of futures.
  redirected: (_addresses, ws) => ({
    spot: `${ws}/stream/ws`,
    margin: `${ws}/stream/ws`,
    'ws-api': { spot: `${ws}/ws-api/v3` },
  }),
  // The three watches of an account share one subscription, which ccxt makes here.
  subscribeAccount: async (exchange) => {
    await exchange['authenticate']({ type: 'spot' });
  },
  // The last message on a candle is marked so; ccxt passes on its prices alone.
  closedCandleIn: (exchange, message) => {
    const { k } = (message ?? {}) as { readonly k?: Readonly<Record<string, unknown>> };
    if (k?.['x'] !== true) return null;
    return {
      symbol: exchange.safeSymbol(String(k['s']), undefined, undefined, 'spot'),
      timeframe: String(exchange.findTimeframe(String(k['i']))),
      openAt: Number(k['t']),
    };
  },
  clientOrderIdOf: (trade) => textOrNull((trade.info as Record<string, unknown> | undefined)?.['c']),
};
