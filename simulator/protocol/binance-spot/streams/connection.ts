import { type RawData, WebSocket } from 'ws';
import type { DurationMs, EpochMs } from '../../../../domain/market/decimal.ts';
import type { StreamEndpoint } from '../../../faults/stream-faults.ts';

/** Limits of one connection, as Binance documents them. */
const MESSAGES_PER_SECOND = 5;
const SECOND_MS = 1_000;
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 60_000;
const LONGEST_LIFE_MS = 86_400_000;
/** What a client may leave unread before it is cut off. */
const MAX_UNREAD_BYTES = 4_194_304;

/** Codes of RFC 6455 for the end of a connection. */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

/** One client's WebSocket: what it may send, what it is sent, and how it is kept alive or ended. */
export class StreamConnection {
  readonly endpoint: StreamEndpoint;
  /** Faults that have met this connection already: each meets it once. */
  readonly metFaults: Set<string>;
  readonly #socket: WebSocket;
  readonly #log: (message: string) => void;
  readonly #openedAt: EpochMs;
  #arrivals: EpochMs[] = [];
  #pingedAt: EpochMs;
  /** When the first ping was sent that nothing has been heard after; `null` while there is none. */
  #waitingSince: EpochMs | null = null;

  /** `heard` gets each text that the client sends within its limits. */
  constructor(
    socket: WebSocket,
    options: {
      readonly endpoint: StreamEndpoint;
      readonly metFaults: Set<string>;
      readonly now: () => EpochMs;
      readonly log: (message: string) => void;
      readonly heard: (text: string) => void;
      readonly closed: () => void;
    },
  ) {
    this.endpoint = options.endpoint;
    this.metFaults = options.metFaults;
    this.#socket = socket;
    this.#log = options.log;
    this.#openedAt = options.now();
    this.#pingedAt = this.#openedAt;
    socket.on('message', (data: RawData) => {
      if (this.#admits(options.now())) options.heard(textOf(data));
    });
    socket.on('ping', () => this.#admits(options.now()));
    socket.on('pong', () => {
      this.#waitingSince = null;
    });
    // What the socket complains about ends it, and `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', options.closed);
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends a text; a client that does not read what it is sent is cut off instead of filling the memory. */
  send(text: string): void {
    if (!this.open) return;
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) {
      this.#log(`cut off a client of ${this.endpoint} that left ${this.#socket.bufferedAmount} bytes unread`);
      this.cut();
      return;
    }
    this.#socket.send(text);
  }

  /** Pings when it is time, and ends a connection that does not answer or has become too old. */
  beat(now: EpochMs): void {
    if (now - this.#openedAt >= LONGEST_LIFE_MS) this.end('24 hours are over');
    else if (this.#waitingSince !== null && now - this.#waitingSince >= PONG_WITHIN_MS) this.cut();
    else if (now - this.#pingedAt >= PING_EVERY_MS) this.#ping(now);
  }

  /** Ends the connection in good order. */
  end(reason: string, code = GOING_AWAY): void {
    this.#socket.close(code, reason);
  }

  /** Ends the connection as a broken network does: without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  #ping(now: EpochMs): void {
    this.#pingedAt = now;
    this.#waitingSince ??= now;
    if (this.open) this.#socket.ping();
  }

  /** Counts a message of the client; beyond the limit the connection ends. */
  #admits(now: EpochMs): boolean {
    this.#waitingSince = null;
    this.#arrivals = this.#arrivals.filter((at) => at > now - SECOND_MS);
    this.#arrivals.push(now);
    if (this.#arrivals.length <= MESSAGES_PER_SECOND) return true;
    this.end('Too many requests', POLICY_VIOLATION);
    return false;
  }
}

/** How often a client must be looked after so that nothing above is late by much. */
export const BEAT_MS: DurationMs = 1_000;

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8');
}
