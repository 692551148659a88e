import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../simulator/config.ts';
import { venueEntry } from './support/running-venue.ts';

const GOOD = venueEntry({ kind: 'synthetic', seed: 7 });
const market = (change: Readonly<Record<string, unknown>>) => ({
  markets: [{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5', ...change }],
});

describe('the configuration', () => {
  it('gives markets with base and quote, fees as decimals, and listens on the loopback address', () => {
    const [venue] = parseConfig({ venues: [{ ...GOOD, makerBps: 7.5, takerBps: '10' }] });
    expect(venue).toMatchObject({ host: '127.0.0.1', makerBps: '7.5', takerBps: '10' });
    expect(venue?.markets[0]).toMatchObject({ base: 'BTC', quote: 'USDT', tick: '0.01' });
  });

  it('takes the limits of Binance unless it is given others', () => {
    const orders = { ordersPer10s: 100, ordersPerDay: 200_000, openOrders: 200, openStopOrders: 5 };
    const limits = { weightPerMinute: 6_000, ...orders };
    expect(parseConfig({ venues: [GOOD] })[0]?.limits).toEqual(limits);
    const [venue] = parseConfig({ venues: [{ ...GOOD, limits: { ordersPer10s: 5_000 } }] });
    expect(venue?.limits).toEqual({ ...limits, ordersPer10s: 5_000 });
  });

  it.each([
    ['venues', { venues: [] }],
    ['venues[0].id', { venues: [{ ...GOOD, id: 'My Venue' }] }],
    ['venues[].id', { venues: [GOOD, { ...GOOD, journal: 'elsewhere' }] }],
    ['venues[].journal', { venues: [GOOD, { ...GOOD, id: 'second' }] }],
    ['venues[0].protocol', { venues: [{ ...GOOD, protocol: 'fix' }] }],
    ['venues[0].feed', { venues: [{ ...GOOD, feed: 'synthetic' }] }],
    ['venues[0].feed.kind', { venues: [{ ...GOOD, feed: { kind: 'live' } }] }],
    ['venues[0].feed.seed', { venues: [{ ...GOOD, feed: { kind: 'synthetic', seed: 1.5 } }] }],
    ['venues[0].feed.files', { venues: [{ ...GOOD, feed: { kind: 'recorded', files: [], speed: 1 } }] }],
    ['venues[0].feed.speed', { venues: [{ ...GOOD, feed: { kind: 'recorded', files: ['a'], speed: 0 } }] }],
    ['venues[0].markets', { venues: [{ ...GOOD, markets: [] }] }],
    ['venues[0].markets[0].symbol', { venues: [{ ...GOOD, ...market({ symbol: 'BTCUSDT' }) }] }],
    ['venues[0].markets[0].tick', { venues: [{ ...GOOD, ...market({ tick: '0' }) }] }],
    ['venues[0].markets[0].lot', { venues: [{ ...GOOD, ...market({ lot: '0.0000001' }) }] }],
    ['venues[0].markets[0].minNotional', { venues: [{ ...GOOD, ...market({ minNotional: 'five' }) }] }],
    ['venues[0].latencyMs', { venues: [{ ...GOOD, latencyMs: -1 }] }],
    ['venues[0].takerBps', { venues: [{ ...GOOD, takerBps: 'ten' }] }],
    ['venues[0].impact.permanent', { venues: [{ ...GOOD, impact: { permanent: 1.1, halfLifeMs: 1 } }] }],
    ['venues[0].impact.halfLifeMs', { venues: [{ ...GOOD, impact: { permanent: 0, halfLifeMs: 0 } }] }],
    ['venues[0].balances.BTC', { venues: [{ ...GOOD, balances: { BTC: '-1' } }] }],
    ['venues[0].balances.BTC', { venues: [{ ...GOOD, balances: { BTC: '0.123456789' } }] }],
    ['venues[0].limits.ordersPer10s', { venues: [{ ...GOOD, limits: { ordersPer10s: 0 } }] }],
    ['venues[0].permissions.trade', { venues: [{ ...GOOD, permissions: { trade: 'yes' } }] }],
    ['venues[0].permissions.deposit', { venues: [{ ...GOOD, permissions: { deposit: true } }] }],
    ['venues[0].port', { venues: [{ ...GOOD, port: 70_000 }] }],
    ['venues[0].apiKey', { venues: [{ ...GOOD, apiKey: '' }] }],
  ])('names %s when it is wrong', (field, value) => {
    expect(() => parseConfig(value)).toThrow(`simulator configuration: ${field} is `);
  });

  it('does not repeat a secret in its message', () => {
    expect(() => parseConfig({ venues: [{ ...GOOD, apiSecret: 12_345 }] })).toThrow(/apiSecret is "\(hidden\)"/);
  });
});
