import type { DurationMs } from '../../domain/market/decimal.ts';
import type { EventFeed, PlatformEvent } from '../ports/event-log.ts';
import type { SessionInterest, SessionSignal, SessionSignals } from '../ports/session-signals.ts';
import { pause } from '../abortable.ts';
import type { MarketWatch } from './market-watch.ts';
import { SubjectWatch } from './subject-watch.ts';

/** How often bars and prices are looked at while anybody waits. */
const LOOK_EVERY_MS: DurationMs = 50;
const FAILED_PAUSE_MS: DurationMs = 500;
const FIRST_LOOK_WITHIN_MS: DurationMs = 1_000;
/** Sessions whose last wait is remembered. */
const MOST_SESSIONS = 10_000;

export interface SessionSignalsSettings {
  readonly market: MarketWatch;
  readonly events: EventFeed;
  readonly log: (message: string) => void;
}

interface Waiter {
  readonly interest: SessionInterest;
  readonly wake: (signal: SessionSignal) => void;
}

/** Signals for all sessions of this process: one look at the market and one at the events serve all of them. */
export function createSessionSignals(settings: SessionSignalsSettings): SessionSignals {
  return new Signals(settings);
}

class Signals implements SessionSignals {
  readonly #settings: SessionSignalsSettings;
  readonly #waiters = new Set<Waiter>();
  readonly #bySubject = new Map<string, Set<Waiter>>();
  /** Up to which event each session has been told, by its last wait. */
  readonly #told = new Map<string, number>();
  readonly #ended = new AbortController();
  readonly #events: SubjectWatch;
  #running: Promise<unknown> | null = null;
  #wakeUp: (() => void) | null = null;

  constructor(settings: SessionSignalsSettings) {
    this.#settings = settings;
    this.#events = new SubjectWatch(settings.events, (event) => this.#onEvent(event), settings.log);
  }

  async wait(interest: SessionInterest, withinMs: DurationMs, signal: AbortSignal): Promise<SessionSignal> {
    this.#running ??= Promise.all([this.#events.run(this.#ended.signal), this.#lookOn()]);
    if (signal.aborted || this.#ended.signal.aborted) return 'timeout';
    // Without a position nothing could be remembered, and the next wait would know no more than this one.
    if (this.#events.position === null) {
      await Promise.race([this.#events.begun, pause(Math.min(withinMs, FIRST_LOOK_WITHIN_MS), signal)]);
    }
    const missed = this.#missed(interest);
    const told = missed ?? (await this.#awaited(interest, withinMs, signal));
    this.#remember(interest.sessionId);
    return told;
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#wakeUp?.();
    for (const { wake } of this.#waiters) wake('timeout');
    await this.#running;
  }

  /** What has happened since the session's last wait; `record` when that is not known. */
  #missed({ sessionId, executionIds }: SessionInterest): SessionSignal | null {
    const after = this.#told.get(sessionId);
    if (after === undefined) return 'record';
    const own = this.#events.newestAfter(sessionId, after);
    if (own === 'unknown' || own !== null) return 'record';
    return executionIds.some((id) => this.#events.newestAfter(id, after) !== null) ? 'order' : null;
  }

  #awaited(interest: SessionInterest, withinMs: DurationMs, signal: AbortSignal): Promise<SessionSignal> {
    return new Promise((resolve) => {
      const onAbort = (): void => waiter.wake('timeout');
      const timer = setTimeout(onAbort, withinMs);
      const waiter: Waiter = {
        interest,
        wake: (told) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          this.#remove(waiter);
          resolve(told);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#add(waiter);
    });
  }

  /** What was told up to now is told; before the events are followed there is nothing to go on from. */
  #remember(sessionId: string): void {
    const { position } = this.#events;
    this.#told.delete(sessionId);
    if (position === null) return;
    this.#told.set(sessionId, position);
    if (this.#told.size <= MOST_SESSIONS) return;
    for (const oldest of this.#told.keys()) {
      this.#told.delete(oldest);
      return;
    }
  }

  #add(waiter: Waiter): void {
    this.#waiters.add(waiter);
    for (const subject of subjectsOf(waiter)) {
      const waiters = this.#bySubject.get(subject) ?? new Set();
      this.#bySubject.set(subject, waiters.add(waiter));
    }
    this.#wakeUp?.();
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    for (const subject of subjectsOf(waiter)) {
      const waiters = this.#bySubject.get(subject);
      waiters?.delete(waiter);
      if (waiters?.size === 0) this.#bySubject.delete(subject);
    }
  }

  #onEvent({ subject }: PlatformEvent): void {
    for (const waiter of this.#bySubject.get(subject) ?? []) {
      waiter.wake(subject === waiter.interest.sessionId ? 'record' : 'order');
    }
  }

  async #lookOn(): Promise<void> {
    const ended = this.#ended.signal;
    while (!ended.aborted) {
      if (this.#waiters.size === 0) {
        await new Promise<void>((resolve) => {
          this.#wakeUp = resolve;
        });
        this.#wakeUp = null;
        continue;
      }
      let wait = LOOK_EVERY_MS;
      try {
        await this.#look();
      } catch (error) {
        wait = FAILED_PAUSE_MS;
        this.#settings.log(`bars and prices cannot be looked at: ${(error as Error).message}`);
      }
      await pause(wait, ended);
    }
  }

  async #look(): Promise<void> {
    const waiting = [...this.#waiters];
    const told = await this.#settings.market.look(waiting.map(({ interest }) => interest));
    for (const [index, signal] of told.entries()) {
      const waiter = waiting[index]!;
      // It may have been woken by something else meanwhile.
      if (signal !== null && this.#waiters.has(waiter)) waiter.wake(signal);
    }
  }
}

function subjectsOf({ interest }: Waiter): ReadonlySet<string> {
  return new Set([interest.sessionId, ...interest.executionIds]);
}
