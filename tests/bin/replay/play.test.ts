import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CandleVenue } from '../../../bin/replay/candle-venue.ts';
import { play, type PlayOptions } from '../../../bin/replay/play.ts';
import type { SessionApi } from '../../../bin/replay/session-view.ts';
import {
  BAR_MS,
  candleFeed,
  FIRST_BAR,
  release,
  writeCandles,
  type WrittenBar,
} from '../../simulator/support/candle-venue.ts';
import { adminRequest, signedRequest } from '../../simulator/support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../../simulator/support/running-venue.ts';
import { ScriptedSession } from './scripted-session.ts';

/** Each plays bars on a simulator of its own. */
jest.setTimeout(30_000);

/** One bar of history and five to play. The third falls from 110 to 95 and comes back. */
const BARS: readonly WrittenBar[] = [
  ['100.00', '100.00', '100.00', '100.00', '1'],
  ['100.00', '104.00', '99.00', '103.00', '1'],
  ['103.00', '110.00', '102.00', '110.00', '1'],
  ['110.00', '112.00', '95.00', '111.00', '1'],
  ['111.00', '113.00', '110.00', '112.00', '1'],
  ['112.00', '113.00', '110.00', '111.00', '1'],
];
const bar = (index: number) => FIRST_BAR + index * BAR_MS;
/** Bought at the open of bar 3, which then goes through the stop. */
const BUYS = new Map([[bar(2), { limit: '120.00', stop: '100.00' }]]);

describe('a replay driven from outside', () => {
  const open: RunningVenue[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ server }) => server.close()));
  });
  const file = writeCandles(BARS);
  async function start(options: { readonly journal?: string; readonly port?: number } = {}): Promise<RunningVenue> {
    const venue = await startVenue(candleFeed(file), { makerBps: 0, takerBps: 0, ...options });
    open.push(venue);
    return venue;
  }
  async function replay(venue: RunningVenue, session: ScriptedSession | null, options: Partial<PlayOptions> = {}) {
    const driven = new CandleVenue({ id: 'sim', admin: venue.admin });
    const released: string[] = [];
    const send = driven.release.bind(driven);
    driven.release = (phase, index) => {
      released.push(`${phase} ${index}`);
      return send(phase, index);
    };
    const played = await play({
      venue: driven,
      api: session ?? new ScriptedSession(venue, BUYS),
      sessions: session === null ? [] : ['scripted'],
      bars: Number.POSITIVE_INFINITY,
      speed: Number.POSITIVE_INFINITY,
      patienceMs: 20_000,
      onBar: () => undefined,
      ...options,
    });
    return { played, released };
  }
  const fillsOf = async ({ admin }: RunningVenue) => {
    const { fills } = (await adminRequest(admin, 'GET', '/ledger')).json;
    return fills.map((fill: { side: string; price: string; recordedAt: number }) => [
      fill.side,
      fill.price,
      fill.recordedAt,
    ]);
  };
  const STOPPED_IN_BAR_3 = [
    ['buy', '110', bar(3)],
    ['sell', '100', bar(3)],
  ];

  it('waits for the session at every bar, and with an order at the venue in every phase', async () => {
    const venue = await start();
    const session = new ScriptedSession(venue, BUYS);
    const { played, released } = await replay(venue, session);
    expect(released).toEqual(['bar 1', 'bar 2', 'open 3', 'path 3', 'close 3', 'bar 4', 'bar 5']);
    expect(session.handled).toEqual([0, 1, 2, 3, 4, 5].map(bar));
    // The stop of what was bought at the open was there before the path of the same bar.
    expect(await fillsOf(venue)).toEqual(STOPPED_IN_BAR_3);
    expect(played).toMatchObject({ bars: 5, position: { index: 5, phase: 'close', left: 0 }, sessions: [{ bars: 6 }] });
  });

  it.each([
    // The bar of the entry reaches 104, the next one 110 from an open of 103.
    ['in the bar of its entry', '103.50', 1],
    ['in a later bar', '104.50', 2],
  ])(
    'waits until a session that watches a target has looked in the open bar: it leaves there %s',
    async (_, target, index) => {
      const venue = await start();
      const buys = new Map([[bar(0), { limit: '120.00', stop: '98.00', target }]]);
      await replay(venue, new ScriptedSession(venue, buys));
      expect(await fillsOf(venue)).toEqual([
        ['buy', '100', bar(1)],
        ['sell', String(Number(target)), bar(index)],
      ]);
    },
  );

  it('releases whole bars when only a session that has ended had a target to watch', async () => {
    const venue = await start();
    const session = new ScriptedSession(venue, new Map());
    const withEnded: SessionApi = {
      sessions: async (...given) => {
        const [view] = await session.sessions(...given);
        return [view!, { ...view!, id: 'ended', status: 'stopped', watched: [{ kind: 'limit' }] }];
      },
      sessionsOf: () => session.sessionsOf(),
      clientOrderIds: () => session.clientOrderIds(),
    };
    const { released } = await replay(venue, session, { api: withEnded, sessions: ['scripted', 'ended'] });
    expect(released).toEqual(['bar 1', 'bar 2', 'bar 3', 'bar 4', 'bar 5']);
  });

  it('has the stop of a bar that reaches both fill', async () => {
    const venue = await start();
    const buys = new Map([[bar(2), { limit: '120.00', stop: '100.00', target: '111.50' }]]);
    await replay(venue, new ScriptedSession(venue, buys));
    expect(await fillsOf(venue)).toEqual(STOPPED_IN_BAR_3);
  });

  it('says which session has not looked', async () => {
    const venue = await start();
    const session = new ScriptedSession(
      venue,
      new Map([[bar(0), { limit: '120.00', stop: '98.00', target: '200.00' }]]),
    );
    session.looks = false;
    await expect(replay(venue, session, { patienceMs: 300 })).rejects.toThrow(
      'session scripted (scripted) watches a target and has not looked at the bar of 2024-01-01T00:15:00.000Z',
    );
  });

  it('plays so many bars as asked for and goes on from there', async () => {
    const venue = await start();
    const session = new ScriptedSession(venue, BUYS);
    expect((await replay(venue, session, { bars: 2 })).released).toEqual(['bar 1', 'bar 2']);
    expect((await replay(venue, session)).released).toEqual(['open 3', 'path 3', 'close 3', 'bar 4', 'bar 5']);
  });

  it('takes up a bar in the middle', async () => {
    const venue = await start();
    const session = new ScriptedSession(venue, BUYS);
    await replay(venue, session, { bars: 2 });
    await release(venue, 'open');
    expect((await replay(venue, session)).released).toEqual(['path 3', 'close 3', 'bar 4', 'bar 5']);
    expect(await fillsOf(venue)).toEqual(STOPPED_IN_BAR_3);
  });

  it('is not held up by trades and orders of others on the account', async () => {
    const venue = await start();
    const order = { symbol: 'BTCUSDT', side: 'SELL', quantity: '0.5', type: 'LIMIT', timeInForce: 'GTC' };
    await signedRequest(venue.rest, 'POST', '/api/v3/order', { ...order, price: '104.00' });
    await signedRequest(venue.rest, 'POST', '/api/v3/order', { ...order, price: '500.00' });
    const { played } = await replay(venue, new ScriptedSession(venue, BUYS));
    expect(played).toMatchObject({ bars: 5, position: { left: 0 } });
    expect(await fillsOf(venue)).toEqual([['sell', '104', bar(1)], ...STOPPED_IN_BAR_3]);
  });

  it('goes on when venue and API were away for a while', async () => {
    const journal = temporaryFolder();
    const venue = await start({ journal });
    const { port } = new URL(venue.rest);
    const session = new ScriptedSession(venue, BUYS);
    let restarted: Promise<unknown> = Promise.resolve();
    const { played } = await replay(venue, session, {
      onBar: ({ index }) => {
        if (index !== 2) return;
        session.answers = false;
        restarted = venue.server.close().then(async () => {
          session.venue = await start({ journal, port: Number(port) });
          session.answers = true;
        });
      },
    });
    await restarted;
    expect(played).toMatchObject({ bars: 5, position: { left: 0 } });
    expect(await fillsOf(session.venue)).toEqual(STOPPED_IN_BAR_3);
  });

  it('ends when no session is left', async () => {
    const venue = await start();
    const session = new ScriptedSession(venue, BUYS);
    const { played } = await replay(venue, session, {
      onBar: ({ index }) => {
        if (index === 2) session.status = 'failed';
      },
    });
    expect(played).toMatchObject({ position: { index: 3 }, sessions: [{ status: 'failed' }] });
  });

  it('says what it waits for when that does not come', async () => {
    const venue = await start();
    const session = new ScriptedSession(venue, BUYS);
    session.status = 'paused';
    await expect(replay(venue, session, { patienceMs: 100 })).rejects.toThrow(
      'session scripted (scripted) has not handled the bar of 2024-01-01T00:00:00.000Z',
    );
  });

  it('without a session just releases', async () => {
    const venue = await start();
    expect((await replay(venue, null)).released).toEqual(['bar 1', 'bar 2', 'bar 3', 'bar 4', 'bar 5']);
  });
});
