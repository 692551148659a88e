import ccxt from 'ccxt';
import { API_KEY, API_SECRET, type RunningVenue } from './running-venue.ts';

export type CcxtStreamClient = InstanceType<typeof ccxt.pro.binance>;

/** An unmodified ccxt.pro client of Binance with nothing but `urls` and `options` overridden, ready for addresses without TLS. */
export async function ccxtStreamClient({ server }: Pick<RunningVenue, 'server'>): Promise<CcxtStreamClient> {
  const { rest, ws } = server.addresses;
  const client = new ccxt.pro.binance({
    apiKey: API_KEY,
    secret: API_SECRET,
    enableRateLimit: false,
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false },
    urls: {
      api: {
        public: `${rest}/api/v3`,
        private: `${rest}/api/v3`,
        v1: `${rest}/api/v1`,
        sapi: `${rest}/sapi/v1`,
        ws: { spot: `${ws}/stream/ws`, margin: `${ws}/stream/ws`, 'ws-api': { spot: `${ws}/ws-api/v3` } },
      },
    },
  });
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  return client;
}
