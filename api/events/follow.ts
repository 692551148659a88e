import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { EventFeed, EventFilter, PlatformEvent } from '../../adapters/ports/event-log.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { eventView } from './view.ts';

const PAGE = 200;
/** An id that another API process has given out is known here within this time; beyond it nobody has given it. */
const KNOWN_WITHIN_MS: DurationMs = 1_000;
/** How long an answer about a key is believed. Nothing is given out on an older one, so a revoked key reads on for no longer than this. */
const KEY_BELIEVED_MS: DurationMs = 500;

/** What a stream of events is bounded by. */
export interface FollowTimes {
  /** How often a stream shows that it lives and up to where it has come, busy or not. */
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
  /** Whether the client may still listen; asked again and again, busy or not, and never long before something is given out. */
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
    let at = await beginning(feed, after, write, end.signal);
    let beatAt = performance.now() + times.heartbeatMs;
    let askAt = performance.now();
    while (!end.signal.aborted) {
      if (performance.now() >= askAt) {
        if (!(await isAllowed())) return;
        askAt = performance.now() + KEY_BELIEVED_MS;
      }
      if (performance.now() >= beatAt) {
        // With the id, so that a client whose filter lets little through resumes from here and not from long ago.
        await write(`: alive\nid: ${at}\n\n`);
        beatAt = performance.now() + times.heartbeatMs;
      }
      const piece = await feed.read(at, filter, PAGE);
      if (piece.events.length > 0) await write(piece.events.map(frameOf).join(''));
      at = piece.upTo;
      if (piece.events.length === PAGE) continue;
      await changes(feed, at, Math.min(beatAt, askAt) - performance.now(), end.signal);
    }
  } finally {
    clearTimeout(life);
    stop.removeEventListener('abort', endNow);
  }
}

/** Waits for more than `at`, at most so long. */
async function changes(feed: EventFeed, at: number, withinMs: DurationMs, end: AbortSignal): Promise<void> {
  if (end.aborted || withinMs <= 0) return;
  const wait = new AbortController();
  const stopWaiting = (): void => wait.abort();
  const timer = setTimeout(stopWaiting, withinMs);
  end.addEventListener('abort', stopWaiting, { once: true });
  try {
    await feed.changed(at, wait.signal);
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
  end: AbortSignal,
): Promise<number> {
  let now = await feed.position();
  if (after !== null && after > now) {
    await changes(feed, after - 1, KNOWN_WITHIN_MS, end);
    now = await feed.position();
  }
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
