import type { Exchange } from 'ccxt';
import type { StreamCapability, VenueCalls } from './capabilities/capability.ts';

export interface StreamingSettings {
  readonly capability: StreamCapability;
  /** Base address of the venue in place of the exchange's own; `null` for the exchange itself. */
  readonly rest: string | null;
  /** A client of the same exchange whose markets and clock are known. */
  readonly prepared: Exchange;
  readonly call: VenueCalls['call'];
}

/** The parts of ccxt's stream client that are touched here. */
interface SocketClient {
  future(hash: string): Promise<unknown>;
  send(message: unknown): Promise<unknown>;
}

/** Makes a new ccxt exchange ready to watch streams: addresses, options, markets and clock of `prepared`, and the request budget. */
export async function prepareStreaming(exchange: Exchange, settings: StreamingSettings): Promise<void> {
  const { capability, rest, prepared } = settings;
  Object.assign(exchange.options, capability.options);
  exchange.options['timeDifference'] = prepared.options['timeDifference'];
  exchange.enableRateLimit = true;
  const addresses = exchange.urls['api'] as Record<string, unknown>;
  if (rest !== null) {
    addresses['ws'] = capability.redirected(addresses['ws'], rest.replace(/^http/, 'ws'));
    // Without it ccxt refuses an address without encryption.
    await exchange.loadHttpProxyAgent();
  }
  exchange.setMarketsFromExchange(prepared);
  keepToBudget(exchange, settings);
  hearAllRejections(exchange);
}

/** Books begin with a snapshot that ccxt asks for by itself. */
function keepToBudget(exchange: Exchange, { capability, call }: StreamingSettings): void {
  const fetchOrderBook = exchange.fetchOrderBook.bind(exchange);
  exchange.fetchOrderBook = (symbol, limit, parameters) =>
    call('market', capability.snapshotWeight, () => fetchOrderBook(symbol, limit, parameters));
}

/**
 * When a connection fails ccxt rejects every promise that it keeps for it, also those that nobody waits for, e.g. of a subscription under
 * way or of a message that waited for its turn. Unheard, each would end the process; whoever does wait is told all the same.
 */
function hearAllRejections(exchange: Exchange): void {
  const heard = new WeakSet<SocketClient>();
  const clientOf = exchange.client.bind(exchange);
  exchange.client = (url) => {
    const opened = clientOf(url);
    const client = opened as unknown as SocketClient;
    if (heard.has(client)) return opened;
    heard.add(client);
    const [futureOf, send] = [client.future.bind(client), client.send.bind(client)];
    client.future = (hash) => heardOf(futureOf(hash));
    client.send = (message) => heardOf(send(message));
    return opened;
  };
}

function heardOf<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
