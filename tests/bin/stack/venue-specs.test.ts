import { describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkVenueCandles, DEFAULT_VENUES, parseVenues, readVenuesFile } from '../../../bin/stack/venue-specs.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();

const venue = {
  id: 'alpha',
  protocol: 'binance-spot',
  feed: { kind: 'synthetic', seed: 7 },
  markets: [{ symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' }],
  balances: { USDT: '1000' },
};

describe('a venues file', () => {
  it('gets the documented defaults for what it leaves out', () => {
    expect(parseVenues([venue], folder)).toEqual([
      {
        ...venue,
        latencyMs: 5,
        makerBps: 10,
        takerBps: 10,
        impact: { permanent: 0.25, halfLifeMs: 21_000 },
        consistencyMs: { recvWindow: 1000, apiTimeout: 1000, margin: 2000 },
      },
    ]);
  });

  it('takes one number of consistencyMs as the margin', () => {
    const [spec] = parseVenues([{ ...venue, consistencyMs: 300 }], folder);
    expect(spec?.consistencyMs).toEqual({ recvWindow: 1000, apiTimeout: 1000, margin: 300 });
  });

  it('takes a venue of the same file as the source of a relay, which is as synthetic as that', () => {
    const relay = { ...venue, id: 'beta', feed: { kind: 'relay', source: 'alpha' } };
    const [, spec] = parseVenues([venue, relay], folder);
    const feed = { kind: 'relay', exchange: 'binance', rest: null, source: 'alpha', synthetic: true };
    expect(spec?.feed).toEqual(feed);
    // What a home keeps of the file is read again at the next start.
    expect(parseVenues([venue, { ...relay, feed }], folder)[1]?.feed).toEqual(feed);
    expect(() => parseVenues([relay], folder)).toThrow(/venues\[0\]\.feed\.source is "alpha"; .*: beta/);
  });

  it('passes limits on to the venue, and has them checked there', () => {
    const limits = { weightPerMinute: 12_000, ordersPer10s: 50 };
    expect(parseVenues([{ ...venue, limits }], folder)[0]).toMatchObject({ limits });
    expect(() => parseVenues([{ ...venue, limits: { ordersPer10s: 0 } }], folder)).toThrow(
      /venues\[0\]\.limits\.ordersPer10s/,
    );
  });

  it('finds recordings from its own folder, and keeps their order and speed 1', () => {
    mkdirSync(join(folder, 'tapes'), { recursive: true });
    for (const name of ['b.gz', 'a.gz']) writeFileSync(join(folder, 'tapes', name), '');
    const file = join(folder, 'venues.json');
    writeFileSync(
      file,
      JSON.stringify([{ ...venue, feed: { kind: 'recorded', files: ['tapes/b.gz', 'tapes/a.gz'] } }]),
    );
    expect(readVenuesFile(file)[0]?.feed).toEqual({
      kind: 'recorded',
      files: [join(folder, 'tapes/b.gz'), join(folder, 'tapes/a.gz')],
      speed: 1,
    });
  });

  const candles = { kind: 'candles', file: 'bars.csv', timeframe: '15m', stamp: 'open', warmUpBars: 1 };
  const withBars = (rows: string, change: object = {}) => {
    writeFileSync(join(folder, 'bars.csv'), `timestamp,open,high,low,close,volume\n${rows}`);
    return parseVenues([{ ...venue, feed: { ...candles, ...change } }], folder);
  };
  const FIRST = '2024-01-01T00:00:00Z,100,101,99,100.50,3\n';

  it('finds candles from its own folder, and completes how they are read', () => {
    const [spec] = withBars(FIRST, { from: '2024-01-01', resample: '1h' });
    expect(spec?.feed).toEqual({
      ...candles,
      file: join(folder, 'bars.csv'),
      zone: 'UTC',
      columns: {},
      resample: '1h',
      from: Date.UTC(2024, 0, 1),
      to: null,
      synthetic: false,
    });
  });

  it('has candles read before anything is started, and refuses rows that cannot be replayed', async () => {
    const check = (rows: string, change?: object) => checkVenueCandles(withBars(rows, change));
    await expect(check(`${FIRST}2024-01-01T00:15:00Z,100,101,99,100,3\n`)).resolves.toBeUndefined();
    await expect(check(`${FIRST}2024-01-01T00:15:00Z,100,101.005,99,100,3\n`)).rejects.toThrow(
      /^venue alpha: .*bars\.csv: bar 2 \(2024-01-01T00:15:00\.000Z\): high is 101\.005, which is no whole tick of 0\.01/,
    );
    await expect(check(`${FIRST}2024-01-01T00:15:00Z,100,90,99,100,3\n`)).rejects.toThrow(
      /^venue alpha: .*bars\.csv: line 3: high is 90: below the low, 99/,
    );
    await expect(check(FIRST)).rejects.toThrow(/1 bars of 15m are there, and warmUpBars is 1/);
    await expect(check(FIRST, { to: '2023-01-01' })).rejects.toThrow(/no bar lies between from and to/);
  });

  it('describes the default venue in a form that it would take itself', () => {
    expect(parseVenues(JSON.parse(JSON.stringify(DEFAULT_VENUES)), folder)).toEqual(DEFAULT_VENUES);
  });

  const market = venue.markets[0];
  it.each([
    ['the file', { id: 'alpha' }],
    ['the file', []],
    ['venues[0]', ['alpha']],
    ['venues[0].id', [{ ...venue, id: 'Not/An Id' }]],
    ['venues[0].protocol', [{ ...venue, protocol: 'fix' }]],
    ['venues[0].feed.kind', [{ ...venue, feed: { kind: 'live' } }]],
    ['venues[0].feed.seed', [{ ...venue, feed: { kind: 'synthetic' } }]],
    ['venues[0].feed.files', [{ ...venue, feed: { kind: 'recorded', files: [] } }]],
    ['venues[0].feed.files[0]', [{ ...venue, feed: { kind: 'recorded', files: ['absent.gz'] } }]],
    ['venues[0].feed.file', [{ ...venue, feed: { ...candles, file: 'absent.csv' } }]],
    ['venues[0].feed.file', [{ ...venue, feed: { ...candles, file: '' } }]],
    ['venues[0].feed.timeframe', [{ ...venue, feed: { ...candles, timeframe: '15' } }]],
    ['venues[0].feed.stamp', [{ ...venue, feed: { ...candles, stamp: undefined } }]],
    ['venues[0].feed.zone', [{ ...venue, feed: { ...candles, zone: 'Mars/Base' } }]],
    ['venues[0].feed.columns.opening', [{ ...venue, feed: { ...candles, columns: { opening: 'o' } } }]],
    ['venues[0].feed.resample', [{ ...venue, feed: { ...candles, resample: '20m' } }]],
    ['venues[0].feed.warmUpBars', [{ ...venue, feed: { ...candles, warmUpBars: 0 } }]],
    ['venues[0].feed.from', [{ ...venue, feed: { ...candles, from: 'yesterday' } }]],
    ['venues[0].feed.to', [{ ...venue, feed: { ...candles, from: '2024-02-01', to: '2024-01-01' } }]],
    ['venues[0].feed.synthetic', [{ ...venue, feed: { ...candles, synthetic: 'no' } }]],
    ['venues[0].feed.seed', [{ ...venue, feed: { ...candles, seed: 1 } }]],
    ['venues[0].markets', [{ ...venue, feed: candles, markets: [market, { ...market, symbol: 'ETH/USDT' }] }]],
    ['venues[0].feed.speed', [{ ...venue, feed: { kind: 'recorded', files: ['absent.gz'], speed: 0 } }]],
    ['venues[0].markets', [{ ...venue, markets: [] }]],
    ['venues[0].markets[0].symbol', [{ ...venue, markets: [{ ...market, symbol: 'BTCUSDT' }] }]],
    ['venues[0].markets[0].tick', [{ ...venue, markets: [{ ...market, tick: '0' }] }]],
    ['venues[0].markets[0].lot', [{ ...venue, markets: [{ ...market, lot: 'NaN' }] }]],
    ['venues[0].latencyMs', [{ ...venue, latencyMs: -1 }]],
    ['venues[0].takerBps', [{ ...venue, takerBps: 'ten' }]],
    ['venues[0].impact.permanent', [{ ...venue, impact: { permanent: 2, halfLifeMs: 1000 } }]],
    ['venues[0].balances', [{ ...venue, balances: ['USDT'] }]],
    ['venues[0].balances.USDT', [{ ...venue, balances: { USDT: '-1' } }]],
    ['venues[0].consistencyMs.margin', [{ ...venue, consistencyMs: { margin: 'soon' } }]],
    ['venues[0].consistencyMs.window', [{ ...venue, consistencyMs: { window: 1 } }]],
    ['venues[0].latency', [{ ...venue, latency: 5 }]],
    ['venues[].id', [venue, venue]],
  ])('is refused with the name of the field: %s', (field, value) => {
    expect(() => parseVenues(value, folder)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(`${field} is `) }),
    );
  });

  it('is refused with its own name when it is no JSON', () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '[{');
    expect(() => readVenuesFile(file)).toThrow(file);
  });
});
