import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Clock } from '../ports/clock.ts';
import type { StreamHealth, StreamName, StreamState } from '../ports/stream-health.ts';

/** An error's text in the health of a stream is no longer than this. */
const ERROR_LENGTH = 300;

/** How one stream stands: counts what happens to it and tells how long it has been silent. */
export class StreamMonitor {
  readonly name: StreamName;
  readonly #clock: Clock;
  #status: StreamState = 'connecting';
  #exchangeAt: EpochMs | null = null;
  #receivedAt: EpochMs | null = null;
  /** Since when silence counts: the last message, the last proof that there was nothing to say, or the last subscription. */
  #quietSince: EpochMs;
  #messages = 0;
  #gaps = 0;
  #reconnects = 0;
  #stale = 0;
  #lastError: string | null = null;

  constructor(name: StreamName, clock: Clock) {
    this.name = name;
    this.#clock = clock;
    this.#quietSince = clock.now();
  }

  get messages(): number {
    return this.#messages;
  }

  /** Our clock when the last message came; `null` before that. */
  get receivedAt(): EpochMs | null {
    return this.#receivedAt;
  }

  get status(): StreamState {
    return this.#status;
  }

  /** How long nothing has come that explains the silence. */
  silentMs(): DurationMs {
    return this.#clock.now() - this.#quietSince;
  }

  /** A message came. @param exchangeAt the venue's time in it, `null` where it bears none */
  received(exchangeAt: EpochMs | null): void {
    this.#messages += 1;
    this.#receivedAt = this.#clock.now();
    this.#quietSince = this.#receivedAt;
    if (exchangeAt !== null) this.#exchangeAt = exchangeAt;
    this.#status = 'live';
  }

  /** The venue itself says that there has been nothing to send. */
  confirmedQuiet(): void {
    this.#quietSince = this.#clock.now();
    this.#status = 'live';
  }

  /** The connection was made again: it has the time of its kind to say something. */
  reconnecting(reason: string): void {
    this.#reconnects += 1;
    this.#quietSince = this.#clock.now();
    this.#status = this.#status === 'stale' ? 'stale' : 'connecting';
    this.#lastError = reason.slice(0, ERROR_LENGTH);
  }

  /** Something was missing in the sequence. */
  gap(reason: string): void {
    this.#gaps += 1;
    this.#lastError = reason.slice(0, ERROR_LENGTH);
  }

  /** The connection is lost and could not be made again yet. */
  lost(reason: string): void {
    this.#status = 'down';
    this.#lastError = reason.slice(0, ERROR_LENGTH);
  }

  /** Silent for too long. Counted once for each silence. */
  silent(): void {
    if (this.#status === 'stale') return;
    if (this.#status !== 'down') this.#stale += 1;
    this.#status = this.#status === 'down' ? 'down' : 'stale';
  }

  health(): StreamHealth {
    return {
      ...this.name,
      status: this.#status,
      exchangeAt: this.#exchangeAt,
      receivedAt: this.#receivedAt,
      messages: this.#messages,
      gaps: this.#gaps,
      reconnects: this.#reconnects,
      stale: this.#stale,
      lastError: this.#lastError,
    };
  }
}
