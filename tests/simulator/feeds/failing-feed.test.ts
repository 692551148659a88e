import { afterEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED_START, writeRecording } from '../support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../support/running-venue.ts';

const BOOK = { bids: [['99.90', '5']], asks: [['100.00', '5']] } as const;
const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' };

describe('a feed that fails', () => {
  let venue: RunningVenue | null = null;
  afterEach(async () => {
    await venue?.server.close();
    venue = null;
  });

  it('closes its market with the reason, for orders and not for reads, also after a restart', async () => {
    const folder = temporaryFolder();
    const file = writeRecording(folder, BOOK, [], 100);
    // The book has come to update 102; 110 leaves a gap.
    const gap = { e: 'depthUpdate', E: RECORDED_START + 200, s: 'BTCUSDT', U: 110, u: 110, b: [], a: [] };
    appendFileSync(file, `1700000000000000000 ${JSON.stringify({ stream: 'btcusdt@depth@100ms', data: gap })}\n`);
    const journal = join(folder, 'journal');
    for (const round of ['first', 'restarted']) {
      venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 }, { journal });
      let closed: string | null = null;
      while (closed === null) closed = (await adminRequest(venue.admin, 'GET', '/state')).json.markets[0].closed;
      expect({ round, closed }).toEqual({ round, closed: expect.stringContaining('updates 103 to 109 are missing') });
      const refused = await signedRequest(venue.rest, 'POST', '/api/v3/order', ORDER);
      expect(refused.json).toEqual({ code: -2010, msg: 'Market is closed.' });
      const { json } = await publicRequest(venue.rest, '/api/v3/ticker/bookTicker?symbol=BTCUSDT');
      expect(json).toMatchObject({ bidPrice: '99.90000000', askPrice: '100.00000000' });
      expect(venue.log.join('\n')).toContain('BTC/USDT is closed: the feed failed');
      await venue.server.close();
      venue = null;
    }
  });

  it.each([
    ['is malformed', 'hello\n', 'line 1 of the recording is malformed'],
    ['has no snapshot', '', 'holds no snapshot of the book'],
  ])('does not open a venue whose recording %s', async (_name, content, message) => {
    const file = join(temporaryFolder(), 'recording.jsonl');
    writeFileSync(file, content);
    await expect(startVenue({ kind: 'recorded', files: [file], speed: 1 })).rejects.toThrow(message);
  });

  it('leaves no trace of a start that failed', async () => {
    const folder = temporaryFolder();
    const journal = join(folder, 'journal');
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, 'hello\n');
    await expect(startVenue({ kind: 'recorded', files: [broken], speed: 1 }, { journal })).rejects.toThrow('malformed');
    venue = await startVenue({ kind: 'recorded', files: [writeRecording(folder, BOOK)], speed: 1 }, { journal });
    expect((await signedRequest(venue.rest, 'POST', '/api/v3/order', ORDER)).json.status).toBe('FILLED');
  });

  it('does not open a venue that lists another market than the recording', async () => {
    const file = writeRecording(temporaryFolder(), BOOK);
    const other = join(temporaryFolder(), 'other.jsonl');
    writeFileSync(other, readFileSync(file, 'utf8').replaceAll('BTCUSDT', 'ETHUSDT'));
    await expect(startVenue({ kind: 'recorded', files: [other], speed: 1 })).rejects.toThrow(
      'the recording is of ETHUSDT, the venue lists BTCUSDT',
    );
  });

  it('does not open a venue whose recording is not there', async () => {
    const feed = { kind: 'recorded', files: ['/nowhere/recording.jsonl.gz'], speed: 1 } as const;
    await expect(startVenue(feed)).rejects.toThrow('/nowhere/recording.jsonl.gz');
  });
});
