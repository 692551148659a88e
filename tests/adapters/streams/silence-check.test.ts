import { beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { SilenceCheck } from '../../../adapters/streams/silence-check.ts';
import { TapeSilence } from '../../../adapters/streams/silence-limit.ts';
import { StreamMonitor } from '../../../adapters/streams/stream-monitor.ts';
import { VenueReadError } from '../../../adapters/ports/venue.ts';
import { FakeClock } from '../../activities/fakes/fake-clock.ts';

const LIMIT_MS = 2_000;

let clock: FakeClock;
let monitor: StreamMonitor;
let check: SilenceCheck;
/** What the venue says when it is asked whether there was nothing to send. */
let isQuiet: () => Promise<boolean>;
let asked: number;
let reopened: string[];
/** What happens while the check waits for the stream to show what REST has shown. */
let meanwhile: () => void;
beforeEach(() => {
  clock = new FakeClock(1_000_000);
  monitor = new StreamMonitor({ venue: 'sim', kind: 'order-book', symbol: 'BTC/USDT', timeframe: null }, clock);
  isQuiet = () => Promise.resolve(false);
  asked = 0;
  reopened = [];
  meanwhile = () => undefined;
  check = new SilenceCheck({
    monitor,
    clock,
    limitMs: () => LIMIT_MS,
    isQuiet: () => {
      asked += 1;
      return isQuiet();
    },
    reopen: (reason) => {
      reopened.push(reason);
      monitor.reconnecting(reason);
    },
    wait: (ms) => {
      clock.advance(ms);
      meanwhile();
      return Promise.resolve();
    },
  });
  monitor.received(null);
});

async function after(ms: number): Promise<void> {
  clock.advance(ms);
  check.look();
  await turn();
}

describe('a silent stream', () => {
  it('is let alone until its limit is passed', async () => {
    await after(LIMIT_MS);
    expect([monitor.status, asked]).toEqual(['live', 0]);
  });

  it('is opened anew when the venue has news that it did not bring', async () => {
    await after(LIMIT_MS + 1);
    expect(reopened).toEqual(['order-book silent for 2000 ms though the venue has news']);
    expect(monitor.health()).toMatchObject({ status: 'stale', stale: 1, reconnects: 1 });
  });

  it('is let alone when it brings the news a moment later', async () => {
    meanwhile = () => monitor.received(null);
    await after(LIMIT_MS + 1);
    expect(reopened).toEqual([]);
    expect(monitor.status).toBe('live');
  });

  it('of a quiet market lives, and is asked about more and more seldom, at most every half minute', async () => {
    isQuiet = () => Promise.resolve(true);
    const waits: number[] = [];
    for (let since = 0; waits.length < 6;) {
      const before = asked;
      await after(500);
      since += 500;
      expect(monitor.status).toBe('live');
      if (asked === before) continue;
      waits.push(since);
      since = 0;
    }
    // The first look after 2, 4, 8, 16, 30 and 30 s: half a second later each, since looks come twice a second here.
    expect(waits).toEqual([2_500, 4_500, 8_500, 16_500, 30_500, 30_500]);
    expect(monitor.health()).toMatchObject({ reconnects: 0 });
    // A message makes it suspect after two seconds again.
    monitor.received(null);
    isQuiet = () => Promise.resolve(false);
    await after(LIMIT_MS + 1);
    expect(reopened).toHaveLength(1);
  });

  it('stays stale while the venue cannot be asked, and is asked about no sooner than the venue wants', async () => {
    isQuiet = () => Promise.reject(new VenueReadError('too many requests', { code: '429', retryAfterMs: 7_000 }));
    await after(LIMIT_MS + 1);
    await after(6_999);
    expect([asked, monitor.status, reopened]).toEqual([1, 'stale', []]);
    await after(1);
    expect(asked).toBe(2);
  });

  it('that stays silent is opened anew with growing pauses', async () => {
    const times: number[] = [];
    const start = clock.now();
    while (times.length < 5) {
      const before = reopened.length;
      await after(250);
      if (reopened.length > before) times.push(Math.round((clock.now() - start) / 1000));
    }
    const pauses = times.slice(1).map((time, i) => time - times[i]!);
    // Never faster than the limit of the stream and the time to show itself; then 4 and 8 s apart at least.
    expect(pauses[0]).toBeGreaterThanOrEqual(2);
    expect(pauses[2]).toBeGreaterThanOrEqual(4);
    expect(pauses[3]).toBeGreaterThanOrEqual(8);
    expect(monitor.health().stale).toBe(1);
  });
});

describe('the silence that a tape may keep', () => {
  it.each([
    ['a minute before its second print', [5_000], 60_000],
    ['twenty times the median time between prints', [0, 200, 400, 600, 30_000], 4_000],
    ['at least two seconds', [0, 50, 100, 150], 2_000],
    ['at most a minute', [0, 5_000, 10_000], 60_000],
    // Gaps of 100, 300, 400 and 600 ms have the median 350 ms.
    ['twenty times the middle of an even number of gaps', [0, 100, 400, 800, 1_400], 7_000],
  ])('is %s', (_, times, expected) => {
    const silence = new TapeSilence();
    for (const time of times) silence.printed(time);
    expect(silence.limitMs()).toBe(expected);
  });

  it('follows the market: old gaps are forgotten', () => {
    const silence = new TapeSilence();
    for (let i = 0; i < 200; i += 1) silence.printed(i * 10);
    for (let i = 0; i < 101; i += 1) silence.printed(2_000 + i * 1_000);
    expect(silence.limitMs()).toBe(20_000);
  });
});
