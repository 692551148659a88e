import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig, readConfig } from '../../simulator/config.ts';
import { temporaryFolder, venueEntry } from './support/running-venue.ts';

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

  it('lets a venue that replays candles be asked more in a minute, since its minutes are shorter', () => {
    const feed = { kind: 'candles', file: 'F.csv', timeframe: '1m', stamp: 'open', warmUpBars: 1 };
    expect(parseConfig({ venues: [{ ...GOOD, feed }] })[0]?.limits).toEqual({
      weightPerMinute: 600_000,
      ordersPer10s: 10_000,
      ordersPerDay: 20_000_000,
      openOrders: 200,
      openStopOrders: 5,
    });
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
    ['venues[0].feed.exchange', { venues: [{ ...GOOD, feed: { kind: 'relay', exchange: 'kraken' } }] }],
    ['venues[0].feed.rest', { venues: [{ ...GOOD, feed: { kind: 'relay', rest: 'localhost:9100' } }] }],
    ['venues[0].feed.rest', { venues: [{ ...GOOD, feed: { kind: 'relay', rest: 'http://host/api' } }] }],
    ['venues[0].feed.source', { venues: [{ ...GOOD, feed: { kind: 'relay', rest: 'http://host', source: 'x' } }] }],
    ['venues[0].feed.source', { venues: [{ ...GOOD, feed: { kind: 'relay', source: 'nobody' } }] }],
    ['venues[0].feed.source', { venues: [{ ...GOOD, feed: { kind: 'relay', source: 'sim' } }] }],
    ['venues[0].feed.speed', { venues: [{ ...GOOD, feed: { kind: 'relay', speed: 2 } }] }],
    ['venues[0].port', { venues: [{ ...GOOD, port: 70_000 }] }],
    ['venues[0].apiKey', { venues: [{ ...GOOD, apiKey: '' }] }],
  ])('names %s when it is wrong', (field, value) => {
    expect(() => parseConfig(value)).toThrow(`simulator configuration: ${field} is `);
  });

  const configured = (venues: readonly unknown[]) => {
    const file = join(temporaryFolder(), 'config.json');
    writeFileSync(file, JSON.stringify({ venues }));
    return readConfig(file);
  };
  const relay = (id: string, feed: Readonly<Record<string, unknown>>) => {
    return { ...GOOD, id, journal: id, feed: { kind: 'relay', ...feed } };
  };

  it('finds the address of a relay whose source is a venue beside it, and says whether that is made up', () => {
    const source = { ...GOOD, host: '0.0.0.0', port: 9100 };
    const found = configured([
      { ...relay('third', { source: 'second' }) },
      source,
      { ...relay('second', { source: 'sim' }), port: 9101 },
    ]);
    expect(found.map(({ sourceAddress }) => sourceAddress)).toEqual([
      'http://127.0.0.1:9101',
      null,
      'http://127.0.0.1:9100',
    ]);
    expect(found.map(({ feed }) => feed)).toMatchObject([{ synthetic: true }, { seed: 7 }, { synthetic: true }]);
  });

  it('relays an address, or the exchange itself', () => {
    const found = configured([
      relay('near', { rest: 'http://127.0.0.1:9100/' }),
      relay('far', { exchange: 'binance' }),
    ]);
    expect(found.map(({ sourceAddress }) => sourceAddress)).toEqual(['http://127.0.0.1:9100', null]);
    expect(found[1]?.feed).toEqual({ kind: 'relay', exchange: 'binance', rest: null, source: null, synthetic: false });
  });

  it('refuses relays that lead in a circle, and sources without a fixed port', () => {
    const circle = [relay('a', { source: 'b' }), relay('b', { source: 'a' })];
    expect(() => parseConfig({ venues: circle })).toThrow('the relays lead in a circle');
    expect(() => configured([GOOD, relay('b', { source: 'sim' })])).toThrow(
      'a venue that is relayed needs a fixed port',
    );
  });

  it('does not repeat a secret in its message', () => {
    expect(() => parseConfig({ venues: [{ ...GOOD, apiSecret: 12_345 }] })).toThrow(/apiSecret is "\(hidden\)"/);
  });
});
