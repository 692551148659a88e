import ccxt from 'ccxt';
import { API_KEY, API_SECRET } from './running-venue.ts';

/** An unmodified ccxt client of Binance with nothing but `urls` and `options` overridden. */
export function ccxtClient(rest: string) {
  return new ccxt.binance({
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
      },
    },
  });
}
