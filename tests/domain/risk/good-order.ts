import type { GateInput } from '../../../domain/risk/gate-input.ts';

/** An order that every limit must let pass. A buy of 0.1 BTC at 60,010 around a mid of 60,000. */
export const goodOrder: GateInput = {
  now: 1_723_161_600_000,
  order: {
    venue: 'sim',
    symbol: 'BTC/USDT',
    base: 'BTC',
    quote: 'USDT',
    side: 'buy',
    quantity: '0.1',
    price: '60010',
    stopPrice: null,
    reduceOnly: false,
  },
  quote: { bid: '59999', bidQuantity: '1', ask: '60001', askQuantity: '1', at: 1_723_161_599_900 },
  halts: [],
  balances: { base: '1', quote: '10000' },
  reserved: { base: '0', quote: '0' },
  openNotional: '0',
  reducible: null,
  recentOrders: { last10s: 0, lastMinute: 0 },
  feeRate: '0.001',
  config: {
    quoteRates: { USDT: '1', BTC: '60000' },
    collarBps: '50',
    maxOrderNotional: '250000',
    maxQuoteAgeMs: 2_000,
    maxOpenNotional: '1000000',
    allowedSymbols: ['BTC/USDT', 'ETH/USDT'],
    maxOrdersPer10s: 100,
    maxOrdersPerMinute: 600,
  },
};

/** An order that every limit must refuse: halted, on another symbol, far beyond the market, huge, one too many, and unfunded. */
export const hopelessOrder: GateInput = {
  ...goodOrder,
  order: { ...goodOrder.order, symbol: 'DOGE/USDT', quantity: '1000', price: '120000' },
  recentOrders: { last10s: 100, lastMinute: 600 },
  halts: [{ id: 'h1', scope: 'all', target: null, reason: 'drill', setAt: 0 }],
  balances: { base: '0', quote: '0' },
};
