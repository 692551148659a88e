import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it stood on the wire. */
export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: URLSearchParams;
  readonly rawBody: string;
  readonly headers: IncomingMessage['headers'];
}

export type StubAnswer = (request: StubRequest, response: ServerResponse) => void | Promise<void>;

/** A server that answers as scripted, route by route, with the shapes of the exchange's REST documentation. */
export interface BinanceStub {
  readonly url: string;
  readonly requests: StubRequest[];
  /** Sets the answer to `METHOD /path`, e.g. `POST /api/v3/order`. */
  on(route: string, answer: StubAnswer): void;
  countOf(route: string): number;
  close(): Promise<void>;
}

/** Answers with JSON. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): StubAnswer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
}

/** Answers with an error document of the exchange. */
export function refusal(code: number, msg: string, status = 400, headers: Record<string, string> = {}): StubAnswer {
  return json({ code, msg }, status, headers);
}

/** Closes the connection without an answer. */
export const hangUp: StubAnswer = (_request, response) => {
  response.destroy();
};

export function markets(symbols = [spotSymbol('BTC', 'USDT')]): unknown {
  return {
    timezone: 'UTC',
    serverTime: 1_723_161_254_000,
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
    ],
    exchangeFilters: [],
    symbols,
  };
}

/** A spot symbol as the exchange describes it. */
export function spotSymbol(base: string, quote: string, filters: Record<string, string> = {}): unknown {
  return {
    symbol: `${base}${quote}`,
    status: 'TRADING',
    baseAsset: base,
    baseAssetPrecision: 8,
    quoteAsset: quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: '0.01000000',
        maxPrice: '1000000.00000000',
        tickSize: filters['tickSize'] ?? '0.01000000',
      },
      {
        filterType: 'LOT_SIZE',
        minQty: filters['minQty'] ?? '0.00001000',
        maxQty: filters['maxQty'] ?? '9000.00000000',
        stepSize: filters['stepSize'] ?? '0.00001000',
      },
      {
        filterType: 'NOTIONAL',
        minNotional: filters['minNotional'] ?? '5.00000000',
        applyMinToMarket: true,
        maxNotional: '9000000.00000000',
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
      ...(filters['maxNumAlgoOrders'] === undefined
        ? []
        : [{ filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: Number(filters['maxNumAlgoOrders']) }]),
    ],
    permissions: [],
    permissionSets: [['SPOT']],
  };
}

export async function startBinanceStub(): Promise<BinanceStub> {
  const requests: StubRequest[] = [];
  const answers = new Map<string, StubAnswer>([
    ['GET /api/v3/exchangeInfo', json(markets())],
    ['GET /api/v3/time', (_request, response) => json({ serverTime: Date.now() })(_request, response)],
  ]);
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const url = new URL(request.url ?? '/', 'http://stub');
      const rawBody = Buffer.concat(chunks).toString('utf8');
      const seen: StubRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        body: new URLSearchParams(rawBody),
        rawBody,
        headers: request.headers,
      };
      requests.push(seen);
      const answer = answers.get(`${seen.method} ${seen.path}`) ?? refusal(-1000, `no script for ${seen.path}`, 501);
      await answer(seen, response);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (route, answer) => void answers.set(route, answer),
    countOf: (route) => requests.filter((each) => `${each.method} ${each.path}` === route).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
