import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Clock } from '../ports/clock.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { StreamMonitor } from './stream-monitor.ts';

/** A market that has proved quiet is asked about again after twice the time, at most this. */
const LONGEST_LIMIT_MS: DurationMs = 30_000;
/** How long the stream gets to show what the venue's REST interface has shown. */
const GRACE_MS: DurationMs = 750;
const FIRST_REOPEN_PAUSE_MS: DurationMs = 1_000;
const LONGEST_REOPEN_PAUSE_MS: DurationMs = 30_000;
const FAILED_CHECK_PAUSE_MS: DurationMs = 1_000;

export interface SilenceCheckSettings {
  readonly monitor: StreamMonitor;
  readonly clock: Clock;
  /** How long the stream may be silent after a message. */
  readonly limitMs: () => DurationMs;
  /** Asks the venue whether it has had nothing to send since the last message. Throws `VenueReadError` when it cannot say. */
  readonly isQuiet: () => Promise<boolean>;
  /** Gives up the connection: the venue has news that the stream did not bring. */
  readonly reopen: (reason: string) => void;
  readonly wait: (ms: DurationMs) => Promise<void>;
}

/**
 * Tells a quiet market from a dead socket. A stream that is silent for longer than its limit is stale; then the venue is asked. When it has
 * nothing new, the market is quiet and the stream lives; when it has, the stream has failed and is opened anew.
 */
export class SilenceCheck {
  readonly #settings: SilenceCheckSettings;
  #seenMessages = 0;
  #patience = 1;
  #reopenPause = FIRST_REOPEN_PAUSE_MS;
  #notBefore: EpochMs = 0;
  #asking = false;

  constructor(settings: SilenceCheckSettings) {
    this.#settings = settings;
  }

  /** Looks at the stream; to be called several times a second. */
  look(): void {
    const { monitor, clock } = this.#settings;
    if (monitor.messages !== this.#seenMessages) {
      this.#seenMessages = monitor.messages;
      this.#patience = 1;
      this.#reopenPause = FIRST_REOPEN_PAUSE_MS;
    }
    const base = this.#settings.limitMs();
    const limit = Math.max(base, Math.min(LONGEST_LIMIT_MS, base * this.#patience));
    if (monitor.silentMs() <= limit) return;
    monitor.silent();
    if (this.#asking || clock.now() < this.#notBefore) return;
    this.#asking = true;
    void this.#ask(limit).finally(() => {
      this.#asking = false;
    });
  }

  async #ask(limit: DurationMs): Promise<void> {
    const { monitor, clock, isQuiet, wait, reopen } = this.#settings;
    const before = monitor.messages;
    try {
      if (await isQuiet()) {
        if (monitor.messages === before) monitor.confirmedQuiet();
        this.#patience *= 2;
        return;
      }
    } catch (error) {
      const after = error instanceof VenueReadError ? error.retryAfterMs : null;
      this.#notBefore = clock.now() + Math.max(FAILED_CHECK_PAUSE_MS, after ?? 0);
      return;
    }
    await wait(GRACE_MS);
    // Another stream of the client may have had it opened anew meanwhile.
    if (monitor.messages !== before || monitor.silentMs() < GRACE_MS) return;
    this.#notBefore = clock.now() + this.#reopenPause;
    this.#reopenPause = Math.min(LONGEST_REOPEN_PAUSE_MS, this.#reopenPause * 2);
    reopen(`${monitor.name.kind} silent for ${limit} ms though the venue has news`);
  }
}
