/** Where the benchmarks of executions trade. */
export const VENUE = 'bench';
export const SYMBOL = 'BTC/USDT';

const MARKET = { symbol: SYMBOL, tick: '0.01', lot: '0.00001', minNotional: '5' };

/** A venue with the limits of the real exchange that answers at once, so that receipt is acceptance. */
export const REAL_LIMITS = {
  id: VENUE,
  protocol: 'binance-spot',
  feed: { kind: 'synthetic', seed: 1 },
  markets: [MARKET],
  latencyMs: 0,
  balances: { USDT: '100000000', BTC: '2000' },
};

/** The same without limits worth the name: what is measured there is how much we can do, not how much an exchange allows. */
export const WIDE_LIMITS = {
  ...REAL_LIMITS,
  limits: { weightPerMinute: 10_000_000, ordersPer10s: 1_000_000, ordersPerDay: 100_000_000 },
};

/** Limits of our own, of gate and API, that let through whatever can be done. */
export const WIDE_SETTINGS: Readonly<Record<string, string>> = {
  TRADEWIND_MAX_ORDERS_PER_10S: '1000000',
  TRADEWIND_MAX_ORDERS_PER_MINUTE: '1000000',
  TRADEWIND_MAX_OPEN_NOTIONAL: '1000000000',
  TRADEWIND_API_REQUESTS_PER_MINUTE: '10000000',
};

/** Of one slice, in quote: well above the least that the venue takes, and small beside its book. */
export const SLICE_NOTIONAL = 20;
