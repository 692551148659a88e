import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { parseConfig } from '../../simulator/config.ts';
import { VenueServer } from '../../simulator/venue-server.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { temporaryFolder, venueEntry } from './support/running-venue.ts';

const MINUTE_MS = 60_000;
const MARKETS = [
  { symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' },
  { symbol: 'ETH/USDT', tick: '0.01', lot: '0.0001', minNotional: '5' },
];

describe('two synthetic venues side by side', () => {
  const servers: VenueServer[] = [];
  const rest = (index: number) => servers[index]?.addresses.rest ?? '';
  const admin = (index: number) => servers[index]?.addresses.admin ?? '';

  beforeAll(async () => {
    const folder = temporaryFolder();
    const entry = (id: string) => ({
      ...venueEntry({ kind: 'synthetic', seed: 7 }, { journal: join(folder, id), balances: { USDT: '100000' } }),
      id,
      markets: MARKETS,
    });
    for (const config of parseConfig({ venues: [entry('one'), entry('two')] })) {
      servers.push(await VenueServer.start(config, { log: () => undefined, onFailure: () => undefined }));
    }
  });

  afterAll(() => Promise.all(servers.map((server) => server.close())));

  it('say everywhere that their prices are generated', async () => {
    const info = await publicRequest(rest(0), '/api/v3/exchangeInfo');
    expect(info.json.simulation).toMatchObject({ simulated: true, synthetic: true, feed: 'synthetic' });
    expect((await adminRequest(admin(0), 'GET', '/state')).json).toMatchObject({ synthetic: true, speed: 1 });
    expect((await adminRequest(admin(0), 'GET', '/ledger')).json).toMatchObject({ venue: 'one', synthetic: true });
  });

  it.each(['BTCUSDT', 'ETHUSDT'])('have an hour of %s behind them when they open', async (symbol) => {
    const { json } = await publicRequest(rest(0), `/api/v3/klines?symbol=${symbol}&interval=1m`);
    expect(json.length).toBeGreaterThanOrEqual(60);
    for (const [index, row] of json.entries()) {
      expect(row[0] - json[0][0]).toBe(index * MINUTE_MS);
      expect(row[8]).toBeGreaterThan(0);
    }
  });

  it('keep a book that is not crossed and a tape without a gap', async () => {
    const { json: book } = await publicRequest(rest(0), '/api/v3/depth?symbol=BTCUSDT&limit=20');
    expect(Number(book.bids[0][0])).toBeLessThan(Number(book.asks[0][0]));
    const { json: tape } = await publicRequest(rest(0), '/api/v3/trades?symbol=BTCUSDT&limit=1000');
    const first = tape[0].id;
    expect(tape.map(({ id }: { id: number }) => id)).toEqual(tape.map((_: unknown, index: number) => first + index));
  });

  it('keep their accounts apart', async () => {
    const order = { symbol: 'ETHUSDT', side: 'BUY', type: 'MARKET', quantity: '0.5' };
    expect((await signedRequest(rest(0), 'POST', '/api/v3/order', order)).json.status).toBe('FILLED');
    expect((await adminRequest(admin(0), 'GET', '/ledger')).json.orders).toHaveLength(1);
    expect((await adminRequest(admin(1), 'GET', '/ledger')).json.orders).toEqual([]);
  });
});
