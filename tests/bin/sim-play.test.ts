import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { createHome, homeLayout } from '../../bin/stack/home-layout.ts';
import { writeJson } from '../../bin/stack/atomic-file.ts';
import { takeLock } from '../../bin/stack/process-lock.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { BAR_MS, FIRST_BAR, startCandleVenue, type WrittenBar } from '../simulator/support/candle-venue.ts';
import type { RunningVenue } from '../simulator/support/running-venue.ts';
import { tradewind } from './command-line.ts';

const FLAT: WrittenBar = ['100.00', '100.00', '100.00', '100.00', '1'];
const SESSION = {
  id: 's1',
  name: 'mine',
  status: 'running',
  venue: 'sim',
  timeframe: '15m',
  startBar: null,
  bars: 0,
  settled: true,
  fillsTaken: 0,
  openOrders: 0,
  watched: [],
  candleSeen: null,
  equity: 1_000,
  problem: null,
};

describe('a venue that replays candles, from the command line', () => {
  let venue: RunningVenue;
  let api: Server;
  /** What the API says of sessions. */
  let sessions: readonly object[] = [];
  const home = homeLayout(join(tempFolder(), 'home'));
  let release: () => void;

  beforeEach(async () => {
    sessions = [];
    venue = await startCandleVenue([FLAT, FLAT, FLAT, FLAT]);
    createHome(home);
    const lock = takeLock(home.lock);
    if (!lock.held) throw new Error('the home is taken');
    ({ release } = lock);
    writeJson(home.stackFile, { api: null, venues: [{ ...venue.server.addresses }] });
    api = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const { pathname } = new URL(request.url ?? '/', 'http://api');
      const [found] = sessions.filter((each) => pathname === `/v1/sessions/${(each as { id: string }).id}`);
      response.end(JSON.stringify(found ?? { items: pathname === '/v1/sessions' ? sessions : [], next: null }));
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    process.env['TRADEWIND_API_URL'] = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    process.env['TRADEWIND_API_KEY'] = 'key';
  });
  afterEach(async () => {
    delete process.env['TRADEWIND_API_URL'];
    delete process.env['TRADEWIND_API_KEY'];
    release();
    api.closeAllConnections();
    api.close();
    await venue.server.close();
  });
  const run = async (...args: readonly string[]) => {
    const { exitCode, stdout } = await tradewind(...args, '--venue', 'sim', '--home', home.folder, '--json');
    return { exitCode, document: JSON.parse(stdout) };
  };

  it('releases a bar, or a phase of it', async () => {
    expect(await run('sim', 'release')).toEqual({
      exitCode: 0,
      document: { bar: { index: 1, time: FIRST_BAR + BAR_MS }, phase: 'bar', left: 2 },
    });
    expect((await run('sim', 'release', '--phase', 'open')).document).toMatchObject({ phase: 'open', left: 2 });
  });

  it('refuses a release with the words of the venue, and exit codes 4 and 2', async () => {
    const early = await run('sim', 'release', '--phase', 'close');
    expect(early.exitCode).toBe(4);
    expect(early.document.detail).toContain('the next phase of bar 1 is open, not close');
    const wrong = await run('sim', 'release', '--phase', 'noon');
    expect(wrong.exitCode).toBe(2);
    expect(wrong.document.detail).toContain('phase is "noon"; use open, path, close, bar');
  });

  it('plays so many bars as asked for, then the rest', async () => {
    expect((await run('sim', 'play', '--bars', '2')).document).toMatchObject({ venue: 'sim', bars: 2, left: 1 });
    const { exitCode, document } = await run('sim', 'play', '--speed', '1000');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ bars: 1, left: 0, lastBar: '2024-01-01T00:45:00.000Z', sessions: [] });
  });

  it('ends with exit code 6 when a session has failed, and shows why', async () => {
    sessions = [
      { ...SESSION, status: 'failed', lastBar: null, problem: { code: 'STRATEGY_FAILED', detail: 'it threw' } },
    ];
    const { exitCode, document } = await run('sim', 'play', '--session', 's1');
    expect(exitCode).toBe(6);
    expect(document).toMatchObject({ bars: 0, sessions: [{ status: 'failed', problem: { detail: 'it threw' } }] });
  });

  it("counts the venue's trades in the books as fills, since a trade of a session has two of them", async () => {
    sessions = [{ ...SESSION, status: 'stopped', lastBar: null, fillsTaken: 14 }];
    const { stdout } = await tradewind('sim', 'play', '--session', 's1', '--venue', 'sim', '--home', home.folder);
    const [head, row] = stdout.split('\n').filter((line) => line.startsWith('│'));
    const column = head!.split('│').findIndex((cell) => cell.trim() === 'fills');
    expect(row!.split('│')[column]!.trim()).toBe('14');
  });

  it('says what it waited for in vain', async () => {
    sessions = [{ ...SESSION, lastBar: null }];
    const { exitCode, document } = await run('sim', 'play', '--patience', '50ms');
    expect(exitCode).toBe(1);
    expect(document.detail).toContain('session mine (s1) has not handled the bar of 2024-01-01T00:00:00.000Z');
  });

  it.each([
    ['--bars', '0'],
    ['--speed', 'fast'],
  ])('takes no %s %s', async (option, value) => {
    expect((await run('sim', 'play', option, value)).exitCode).toBe(2);
  });
});
