import { afterEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FeedConfig } from '../../simulator/config.ts';
import { encodeLine } from '../../simulator/journal/lines.ts';
import { writeRecording } from './support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { temporaryFolder, venueEntry } from './support/running-venue.ts';
import { startVenueProcess, type VenueProcess } from './support/venue-process.ts';

const LIMIT = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '99' };
const MARKET = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.2' };
const BOOK = { bids: [['99.90', '5']], asks: [['100.00', '5']] } as const;

describe('a venue that was killed', () => {
  let running: VenueProcess | null = null;
  const start = async (folder: string, entry: Readonly<Record<string, unknown>>) => {
    running = await startVenueProcess(folder, entry);
    return running;
  };
  const killed = async () => {
    await running?.kill();
    running = null;
  };
  const post = (venue: VenueProcess, parameters: Readonly<Record<string, string>>) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', parameters);
  const ledger = async (venue: VenueProcess) => {
    const { orders, fills, balances } = (await adminRequest(venue.admin, 'GET', '/ledger')).json;
    return { orders, fills, balances };
  };
  const tape = async (venue: VenueProcess) =>
    (await publicRequest(venue.rest, '/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000')).json;

  afterEach(killed);

  it('has every answered order, fill and balance back, and the same tape', async () => {
    const folder = temporaryFolder();
    const file = writeRecording(folder, BOOK, [
      { afterMs: 0, id: 7001, price: '99.95', quantity: '0.3', buyerIsMaker: false },
    ]);
    const entry = venueEntry({ kind: 'recorded', files: [file], speed: 1 }, { journal: join(folder, 'journal') });
    const first = await start(folder, entry);
    expect((await post(first, { ...MARKET, newClientOrderId: 'taken' })).json.status).toBe('FILLED');
    expect((await post(first, { ...LIMIT, newClientOrderId: 'rests' })).json.status).toBe('NEW');
    expect((await post(first, { ...LIMIT, newClientOrderId: 'cancelled' })).json.status).toBe('NEW');
    const cancel = { symbol: 'BTCUSDT', origClientOrderId: 'cancelled' };
    expect((await signedRequest(first.rest, 'DELETE', '/api/v3/order', cancel)).json.status).toBe('CANCELED');
    const before = { ledger: await ledger(first), tape: await tape(first) };
    await killed();

    const second = await start(folder, entry);
    expect({ ledger: await ledger(second), tape: await tape(second) }).toEqual(before);
    // 1000 - 0.2 * 100 - 0.1 * 99 locked; 2 + 0.2 less 20 bps of 0.2.
    expect(before.ledger.balances).toEqual([
      { asset: 'BTC', free: '2.1996', locked: '0' },
      { asset: 'USDT', free: '970.1', locked: '9.9' },
    ]);
    expect(before.tape.map(({ id }: { id: number }) => id)).toEqual([1, 2]);
    const open = await signedRequest(second.rest, 'GET', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    expect(open.json.map(({ clientOrderId }: { clientOrderId: string }) => clientOrderId)).toEqual(['rests']);
    const next = await post(second, { ...MARKET, newClientOrderId: 'after-restart' });
    expect({ orderId: next.json.orderId, tradeId: next.json.fills[0].tradeId }).toEqual({ orderId: 4, tradeId: 3 });
    const found = await signedRequest(second.rest, 'DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'rests',
    });
    expect(found.json.status).toBe('CANCELED');
    expect(await running?.drain()).toBe(0);
    running = null;
  }, 30_000);

  it('has stop orders back as they stood, triggered or not, and triggers each once', async () => {
    const folder = temporaryFolder();
    const file = writeRecording(folder, BOOK, [
      { afterMs: 0, id: 7001, price: '99.95', quantity: '0.3', buyerIsMaker: false },
    ]);
    const entry = venueEntry({ kind: 'recorded', files: [file], speed: 1 }, { journal: join(folder, 'journal') });
    const stop = { ...MARKET, side: 'SELL', type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', stopPrice: '99.91' };
    const first = await start(folder, entry);
    await post(first, { ...stop, quantity: '0.3', price: '99.97', newClientOrderId: 'triggered' });
    await post(first, { ...stop, quantity: '0.4', price: '99.50', stopPrice: '99.60', newClientOrderId: 'waits' });
    await post(first, { ...MARKET, side: 'SELL', quantity: '0.1' });
    const before = await ledger(first);
    expect(before.orders).toMatchObject([
      { clientOrderId: 'triggered', status: 'open', workingAt: expect.any(Number) },
      { clientOrderId: 'waits', status: 'open', workingAt: null },
      { status: 'filled' },
    ]);
    await killed();

    const second = await start(folder, entry);
    expect(await ledger(second)).toEqual(before);
    const book = await publicRequest(second.rest, '/api/v3/depth?symbol=BTCUSDT');
    expect(book.json.asks[0]).toEqual(['99.97000000', '0.30000000']);
    // Its print at 99.90 is below the stop price that was reached before the restart, and above the one that was not.
    await post(second, { ...MARKET, side: 'SELL', quantity: '0.1' });
    expect((await ledger(second)).orders.slice(0, 2)).toEqual(before.orders.slice(0, 2));
    const cancelled = await signedRequest(second.rest, 'DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'waits',
    });
    expect(cancelled.json).toMatchObject({ status: 'CANCELED', stopPrice: '99.60000000' });
    // 2 - 0.2 sold at market; 0.3 still locked by the order that rests.
    expect((await ledger(second)).balances[0]).toEqual({ asset: 'BTC', free: '1.5', locked: '0.3' });
  }, 30_000);

  it('reads a journal from before there were stop orders', async () => {
    const folder = temporaryFolder();
    const file = writeRecording(folder, BOOK);
    const journal = join(folder, 'journal');
    const entry = venueEntry({ kind: 'recorded', files: [file], speed: 1 }, { journal });
    const first = await start(folder, entry);
    await post(first, { ...LIMIT, newClientOrderId: 'old' });
    const before = await ledger(first);
    await killed();
    const path = join(journal, 'journal.ndjson');
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const old = lines.map((line, index) => {
      const { record } = JSON.parse(line);
      if (record.kind === 'order') delete record.order.stopPrice;
      return encodeLine(index + 1, record);
    });
    writeFileSync(path, old.join(''));

    const second = await start(folder, entry);
    expect(await ledger(second)).toEqual(before);
  }, 30_000);

  it('goes on with the same synthetic tape', async () => {
    const folder = temporaryFolder();
    const feed: FeedConfig = { kind: 'synthetic', seed: 11 };
    const entry = venueEntry(feed, { journal: join(folder, 'journal'), balances: { USDT: '1000000', BTC: '2' } });
    const first = await start(folder, entry);
    const bought = await post(first, { ...MARKET, newClientOrderId: 'on-synthetic' });
    expect(bought.json.status).toBe('FILLED');
    const before = { ledger: await ledger(first), tape: await tape(first) };
    await killed();

    const second = await start(folder, entry);
    expect(second.lines.join('\n')).toContain('SYNTHETIC');
    expect(await ledger(second)).toEqual(before.ledger);
    const { id } = before.tape[0];
    const again = await publicRequest(second.rest, `/api/v3/historicalTrades?symbol=BTCUSDT&fromId=${id}&limit=1000`);
    expect(again.json.slice(0, before.tape.length)).toEqual(before.tape);
  }, 30_000);

  it('says when its last line was torn, and goes on without it', async () => {
    const folder = temporaryFolder();
    const file = writeRecording(folder, BOOK);
    const entry = venueEntry({ kind: 'recorded', files: [file], speed: 1 }, { journal: join(folder, 'journal') });
    const first = await start(folder, entry);
    await post(first, { ...LIMIT, newClientOrderId: 'kept' });
    const before = await ledger(first);
    await killed();
    const torn = '{"n":4,"crc":"00';
    appendFileSync(join(folder, 'journal', 'journal.ndjson'), torn);

    const second = await start(folder, entry);
    expect(second.lines.join('\n')).toContain(`cut off ${torn.length} bytes`);
    expect(await ledger(second)).toEqual(before);
  }, 30_000);

  it('refuses to start on a damaged journal, and on that of another feed', async () => {
    const folder = temporaryFolder();
    const file = writeRecording(folder, BOOK);
    const journal = join(folder, 'journal');
    const entry = venueEntry({ kind: 'recorded', files: [file], speed: 1 }, { journal });
    const first = await start(folder, entry);
    await post(first, { ...LIMIT, newClientOrderId: 'damaged' });
    await killed();
    const other = venueEntry({ kind: 'synthetic', seed: 1 }, { journal });
    await expect(start(folder, other)).rejects.toThrow('give the changed venue a new id or another home');
    const path = join(journal, 'journal.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"quantity":"0.1"', '"quantity":"9.1"'));
    await expect(start(folder, entry)).rejects.toThrow('line 3: its checksum does not match its content');
  }, 30_000);
});
