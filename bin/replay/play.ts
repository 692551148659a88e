import { setTimeout as sleep } from 'node:timers/promises';
import { barOpen, gridOf } from '../../domain/market/bar-grid.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { isPassing } from '../terminal/errors.ts';
import { type BarPhase, type CandlePosition, type CandleVenue, VenueAway } from './candle-venue.ts';
import { isOver, type SessionApi, type SessionView } from './session-view.ts';
import { Foreign } from './foreign.ts';

/** How often is asked whether what is awaited has come; soon at first, since it mostly has. */
const FIRST_LOOKS_MS = 10;
const LOOK_MS = 25;
const FIRST_LOOKS = 10;
/** While something that should answer is away. */
const AWAY_MS = 250;
/** What differs for so long although all is settled is not the sessions' own. */
const RECOUNT_MS = 2_000;

/** Something that was awaited has not come. */
export class Stuck extends Error {}

export interface PlayOptions {
  readonly venue: CandleVenue;
  readonly api: SessionApi;
  /** Those that are waited for. */
  readonly sessions: readonly string[];
  /** How many bars at most. */
  readonly bars: number;
  /** Bars in a second at most. */
  readonly speed: number;
  /** How long is waited for one thing. */
  readonly patienceMs: DurationMs;
  readonly onBar: (position: CandlePosition, sessions: readonly SessionView[]) => void;
}

/** How a replay ended. */
export interface Played {
  readonly position: CandlePosition;
  /** Bars that were closed. */
  readonly bars: number;
  /** The sessions as they stand. */
  readonly sessions: readonly SessionView[];
  readonly elapsedMs: DurationMs;
}

/**
 * Releases bar after bar of a venue that replays candles, as fast as the sessions on it decide and `speed` allows. With an order at the venue, or a target
 * that is watched, a bar comes in its phases, and each waits until the sessions have taken in what the one before did and have looked whether it has reached
 * their targets. Ends when the bars are over, when so many as asked for have closed, or when no session is left. A venue or an API that is away is waited
 * for. Throws `Stuck` when something does not come.
 */
export async function play(options: PlayOptions): Promise<Played> {
  const player = new Player(options);
  return player.run();
}

class Player {
  readonly #options: PlayOptions;
  readonly #foreign: Foreign;
  #sessions: readonly SessionView[] = [];

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#foreign = new Foreign(options.venue, options.api, options.sessions);
  }

  async run(): Promise<Played> {
    const began = Date.now();
    const { bars, speed, onBar, sessions } = this.#options;
    await this.#steady(() => this.#foreign.count());
    let position = await this.#caughtUp();
    let played = 0;
    while (played < bars && position.left > 0) {
      if (sessions.length > 0 && this.#sessions.every(isOver)) break;
      const due = began + (played / speed) * 1_000;
      if (due > Date.now()) await sleep(due - Date.now());
      position = await this.#playBar(position);
      played += 1;
      onBar(position, this.#sessions);
    }
    return { position, bars: played, sessions: this.#sessions, elapsedMs: Date.now() - began };
  }

  /** Plays the next bar, or what is left of the one that has begun, and waits until all sessions have decided on it. */
  async #playBar(from: CandlePosition): Promise<CandlePosition> {
    const { index } = nextOf(from);
    let position = from;
    do {
      const isWhole = position.phase === 'close' && position.openOrders === 0 && !this.#sessions.some(isToLook);
      await this.#release(isWhole ? 'bar' : nextOf(position).phase, index, position);
      position = await this.#caughtUp();
    } while (position.index < index || position.phase !== 'close');
    return position;
  }

  /** Releases what follows on `from`. When the answer is lost, the venue says whether it has. */
  async #release(phase: BarPhase | 'bar', index: number, from: CandlePosition): Promise<void> {
    const { venue } = this.#options;
    let isRepeat = false;
    await this.#steady(async () => {
      if (isRepeat) {
        const now = await venue.position();
        if (now.index !== from.index || now.phase !== from.phase) return;
      }
      isRepeat = true;
      await venue.release(phase, index);
    });
  }

  /**
   * Waits until every session has handled the last bar that closed, has looked at what is known of the next one, has all trades of the venue in its books,
   * and has at the venue what it wants.
   */
  async #caughtUp(): Promise<CandlePosition> {
    const { venue, patienceMs } = this.#options;
    const began = Date.now();
    let recountAt = began + RECOUNT_MS;
    for (let looks = 0; ; looks += 1) {
      this.#sessions = await this.#steady(() => this.#look());
      const position = await this.#steady(() => venue.position());
      const missing = this.#missing(position);
      if (missing === null) return position;
      if (Date.now() > recountAt) {
        await this.#steady(() => this.#foreign.count());
        recountAt = Date.now() + RECOUNT_MS;
      }
      if (Date.now() - began > patienceMs) throw new Stuck(`${missing} (waited ${Math.round(patienceMs / 1_000)} s)`);
      await sleep(looks < FIRST_LOOKS ? FIRST_LOOKS_MS : LOOK_MS);
    }
  }

  async #look(): Promise<readonly SessionView[]> {
    const { venue, api, sessions } = this.#options;
    return api.sessions(venue.id, sessions);
  }

  /** What is still awaited, in words; `null` when nothing is. */
  #missing(position: CandlePosition): string | null {
    const alive = this.#sessions.filter((session) => !isOver(session));
    if (alive.length === 0) return null;
    for (const session of alive) {
      const bar = lastBarFor(session, position);
      const handled = session.lastBar === null ? Number.NEGATIVE_INFINITY : Date.parse(session.lastBar);
      if (bar !== null && handled < bar) {
        return `session ${session.name} (${session.id}) has not handled the bar of ${new Date(bar).toISOString()}`;
      }
      if (!session.settled) return `session ${session.name} (${session.id}) is not settled`;
      if (!hasLooked(session, position)) {
        const at = new Date(position.runningAt).toISOString();
        return `session ${session.name} (${session.id}) watches a target and has not looked at the bar of ${at}`;
      }
    }
    const taken = sumOf(this.#sessions, ({ fillsTaken }) => fillsTaken) + this.#foreign.trades;
    if (taken !== position.trades) {
      return `the venue has ${position.trades} trades, the sessions and others account for ${taken}`;
    }
    const open = sumOf(this.#sessions, ({ openOrders }) => openOrders) + this.#foreign.openOrders;
    if (open !== position.openOrders) {
      return `the venue has ${position.openOrders} open orders, the sessions and others account for ${open}`;
    }
    return null;
  }

  /** Repeats what fails because something is away, for as long as the patience lasts. */
  async #steady<T>(act: () => Promise<T>): Promise<T> {
    const began = Date.now();
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof VenueAway) && !isPassing(error)) throw error;
        if (Date.now() - began > this.#options.patienceMs) throw error;
        await sleep(AWAY_MS);
      }
    }
  }
}

type Position = Pick<CandlePosition, 'index' | 'phase'>;

function nextOf({ index, phase }: Position): Position {
  if (phase === 'close') return { index: index + 1, phase: 'open' };
  return { index, phase: phase === 'open' ? 'path' : 'close' };
}

/** The bar that a session must have handled; `null` when the last bar that closed completes none of its own that it decides. */
function lastBarFor({ timeframe, startBar }: SessionView, { closedAt, runningAt }: CandlePosition): EpochMs | null {
  const grid = gridOf(timeframe);
  const open = barOpen(grid, closedAt);
  if (runningAt < open + grid.stepMs) return null;
  return startBar !== null && open < Date.parse(startBar) ? null : open;
}

/**
 * Whether a session that watches a target has seen the market where it has been in the bar that is open: a target that was reached there is no longer
 * watched, and is waited for as any order is.
 */
function hasLooked(
  { watched, candleSeen, timeframe }: SessionView,
  { running, runningAt }: Pick<CandlePosition, 'running' | 'runningAt'>,
): boolean {
  if (running === null || !watchesTarget({ watched })) return true;
  if (candleSeen === null) return false;
  const { time, high, low } = candleSeen;
  const from = Date.parse(time);
  const isOfBar = from <= runningAt && runningAt < from + gridOf(timeframe).stepMs;
  return isOfBar && high >= Number(running.high) && low <= Number(running.low);
}

/** One that has ended leaves its record as it was. */
function isToLook(session: SessionView): boolean {
  return !isOver(session) && watchesTarget(session);
}

function watchesTarget({ watched }: Pick<SessionView, 'watched'>): boolean {
  return watched.some(({ kind }) => kind === 'limit');
}

function sumOf(sessions: readonly SessionView[], value: (session: SessionView) => number): number {
  return sessions.reduce((sum, session) => sum + value(session), 0);
}
