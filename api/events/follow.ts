import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { EventFeed, EventFilter, PlatformEvent } from '../../adapters/ports/event-log.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { eventView } from './view.ts';

const PAGE = 200;

/** What a stream of events is bounded by. */
export interface FollowTimes {
  /** How often a stream that has nothing to say shows that it lives. */
  readonly heartbeatMs: DurationMs;
  /** A client that has not made room in this time is cut off. */
  readonly slowClientMs: DurationMs;
  /** How long a stream lasts; the client opens the next one. */
  readonly lifeMs: DurationMs;
}

export interface Follower {
  readonly filter: EventFilter;
  /** The last id that the client has seen, `null` to begin with what happens next. */
  readonly after: number | null;
  /** Whether the client may still listen; asked with every heartbeat. */
  readonly isAllowed: () => Promise<boolean>;
  /** Aborts when the client has gone or the API stops. */
  readonly stop: AbortSignal;
}

/** The client reads more slowly than things happen. */
export class SlowClient extends Error {
  override readonly name = 'SlowClient';
}

/**
 * Writes events to a client until one of them ends it. Pulled, not pushed: what a client has not read is not kept for it.
 *
 * @throws `SlowClient`, or whatever the feed throws.
 */
export async function followEvents(
  raw: Pick<ServerResponse, 'write' | 'once' | 'off'>,
  feed: EventFeed,
  { filter, after, isAllowed, stop }: Follower,
  times: FollowTimes,
): Promise<void> {
  const end = new AbortController();
  const endNow = (): void => end.abort();
  const life = setTimeout(endNow, times.lifeMs);
  stop.addEventListener('abort', endNow, { once: true });
  if (stop.aborted) endNow();
  const write = (text: string) => writeWithin(raw, text, times.slowClientMs, stop);
  try {
    let at = await beginning(feed, after, write);
    while (!end.signal.aborted) {
      const piece = await feed.read(at, filter, PAGE);
      if (piece.events.length > 0) await write(piece.events.map(frameOf).join(''));
      at = piece.upTo;
      if (piece.events.length === PAGE) continue;
      if (await changes(feed, at, times.heartbeatMs, end.signal)) continue;
      if (!(await isAllowed())) return;
      // With the id, so that a client whose filter lets little through resumes from here and not from long ago.
      await write(`: alive\nid: ${at}\n\n`);
    }
  } finally {
    clearTimeout(life);
    stop.removeEventListener('abort', endNow);
  }
}

/** Waits for more than `at`; `false` when nothing has come for so long. */
async function changes(feed: EventFeed, at: number, withinMs: DurationMs, end: AbortSignal): Promise<boolean> {
  if (end.aborted) return true;
  const wait = new AbortController();
  const stopWaiting = (): void => wait.abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stopWaiting();
  }, withinMs);
  end.addEventListener('abort', stopWaiting, { once: true });
  try {
    await feed.changed(at, wait.signal);
    return !isLate || end.aborted;
  } finally {
    clearTimeout(timer);
    end.removeEventListener('abort', stopWaiting);
  }
}

/** Tells the client to begin anew when what it asks for cannot be had whole. */
async function beginning(
  feed: EventFeed,
  after: number | null,
  write: (text: string) => Promise<void>,
): Promise<number> {
  const now = await feed.position();
  if (after === null) {
    await write(`: following\nid: ${now}\n\n`);
    return now;
  }
  const pruned = await feed.prunedThrough();
  const reason = after < pruned ? 'pruned' : after > now ? 'unknown-id' : null;
  if (reason === null) {
    await write(': following\n\n');
    return after;
  }
  const data = JSON.stringify({ reason, asked: after, prunedThrough: pruned, goesOnAfter: now });
  await write(`event: reset\nid: ${now}\ndata: ${data}\n\n`);
  return now;
}

const frameOf = (event: PlatformEvent): string => `id: ${event.id}\ndata: ${JSON.stringify(eventView(event))}\n\n`;

async function writeWithin(
  raw: Pick<ServerResponse, 'write' | 'once' | 'off'>,
  text: string,
  withinMs: DurationMs,
  stop: AbortSignal,
): Promise<void> {
  if (raw.write(text) || stop.aborted) return;
  const wait = new AbortController();
  const stopWaiting = (): void => wait.abort();
  let isSlow = false;
  const timer = setTimeout(() => {
    isSlow = true;
    stopWaiting();
  }, withinMs);
  stop.addEventListener('abort', stopWaiting, { once: true });
  try {
    await once(raw as ServerResponse, 'drain', { signal: wait.signal });
  } catch (error) {
    if (isSlow) throw new SlowClient(`the client made no room within ${withinMs} ms`);
    if (!stop.aborted) throw error;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', stopWaiting);
  }
}
