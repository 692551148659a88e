import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../../bin/stack/failures.ts';
import { checkOptions, SESSIONS_DEFAULTS, type SessionsOptions } from '../../../bench/sessions/sessions-options.ts';
import { sessionBody, sessionsVenue, temperOf, VENUE } from '../../../bench/sessions/sessions-venue.ts';
import { parseVenues } from '../../../bin/stack/venue-specs.ts';

const options = (changed: Partial<SessionsOptions>): SessionsOptions => ({
  ...SESSIONS_DEFAULTS,
  ...changed,
  say: () => undefined,
});

describe('options of the benchmark of sessions', () => {
  it('may be the defaults', () => {
    expect(() => checkOptions(options({}))).not.toThrow();
  });

  it.each<[string, Partial<SessionsOptions>, RegExp]>([
    ['more that trade than there are', { sessions: 3, trading: 4 }, /--trading 4: .*--sessions, which is 3/],
    ['more markets than there are', { markets: 11 }, /--markets 11: give 1 to 10/],
    ['bars that are over before they are decided', { timeframes: ['1s'] }, /--timeframe 1s: give one from 5s to 1m/],
    ['bars that the market has no history of', { timeframes: ['15s', '5m'] }, /--timeframe 5m: .*an hour of history/],
    ['less than a bar', { timeframes: ['1m'], measuredMs: 59_999 }, /no bar of 1m may end in it/],
    // 33 minutes and a half are 402 bars of five seconds.
    ['more bars than a history', { timeframes: ['5s'], measuredMs: 1_980_000 }, /more than 400 bars/],
  ])('refuse %s', (_case, changed, message) => {
    expect(() => checkOptions(options(changed))).toThrow(InvalidInput);
    expect(() => checkOptions(options(changed))).toThrow(message);
  });
});

describe('sessions that are measured', () => {
  const markets = ['BTC/USDT', 'ETH/USDT'].map((symbol) => ({ venue: VENUE, symbol, lot: '0.00001', mid: '30000' }));

  it('trade on a venue that the simulator takes, with room for a stop of each', () => {
    const [venue] = parseVenues([sessionsVenue(2)], '/');
    expect(venue?.markets.map(({ symbol }) => symbol)).toEqual(['BTC/USDT', 'ETH/USDT']);
    expect(venue).toMatchObject({ limits: { openStopOrders: 1_000 } });
  });

  it('are spread over the markets, those that trade first', () => {
    const bodies = [0, 1, 2].map((k) => sessionBody(k, '15s', 2, markets));
    expect(bodies.map(({ symbols }) => symbols)).toEqual([['BTC/USDT'], ['ETH/USDT'], ['BTC/USDT']]);
    expect([0, 1, 2].map((k) => temperOf(k, 2))).toEqual(['trading', 'trading', 'watching']);
    // A thousand at a mid of 30,000, in whole lots of 0.00001.
    expect(bodies[2]).toMatchObject({
      timeframe: '15s',
      catchUp: 'replay',
      sizing: { kind: 'units', value: 0.03333 },
      strategy: { id: 'sma-cross', params: { fast: 22, slow: 42 } },
    });
  });
});
