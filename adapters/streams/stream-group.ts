import type { DurationMs } from '../../domain/market/decimal.ts';
import { orAborted, pause } from '../abortable.ts';
import { type StreamClient, StreamGap, type Streamed } from './stream-client.ts';
import type { StreamMonitor } from './stream-monitor.ts';

const FIRST_PAUSE_MS: DurationMs = 250;
const LONGEST_PAUSE_MS: DurationMs = 10_000;
/** A venue that does not take up a connection in this time is tried again. */
const OPEN_WITHIN_MS: DurationMs = 15_000;

/** One stream of a group. */
export interface GroupStream<T> {
  readonly monitor: StreamMonitor;
  readonly next: (client: StreamClient) => Promise<Streamed<T>>;
  readonly take: (value: T) => Promise<void> | void;
  /** The connection is not the one of before, or something was left out. */
  readonly onDisturbed?: (reason: string) => void;
}

export interface StreamGroupSettings {
  /** Opens a client that is ready to watch. */
  readonly open: () => Promise<StreamClient>;
  /** Whether the loss of one stream's connection is that of all: they share a subscription, so all get a new client. */
  readonly sharedFate: boolean;
  readonly log: (message: string) => void;
}

/** The group has given up its connection on purpose; its streams go on over a new one. */
class Reopened extends Error {}

interface Connection {
  readonly client: StreamClient;
  readonly over: AbortController;
}

/**
 * Streams over one client. Each is watched in a loop of its own that nothing ends but `close`; a failure of one leaves the others alone,
 * and `reopen` gives all of them a new client.
 */
export class StreamGroup {
  readonly #settings: StreamGroupSettings;
  readonly #closed = new AbortController();
  readonly #loops: Promise<void>[] = [];
  #connection: Promise<Connection> | null = null;
  #current: Connection | null = null;

  constructor(settings: StreamGroupSettings) {
    this.#settings = settings;
  }

  /** Watches one more stream from now on; until `signal` aborts where one is given. */
  watch<T>(stream: GroupStream<T>, signal?: AbortSignal): void {
    const ended = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    this.#loops.push(this.#loop(stream, ended));
  }

  /** Gives up all sockets, also silent ones, and opens new ones. */
  reopen(reason: string): void {
    const current = this.#current;
    this.#connection = null;
    this.#current = null;
    if (current === null) return;
    this.#settings.log(`streams are opened anew: ${reason}`);
    current.over.abort(new Reopened(reason));
    current.client.close();
  }

  /** Ends all streams. */
  async close(): Promise<void> {
    this.#closed.abort(new Reopened('closed'));
    this.#current?.client.close();
    const opening = this.#connection;
    await Promise.all(this.#loops);
    // One that was being opened meanwhile is of no use to anybody.
    await opening?.then(({ client }) => client.close()).catch(() => undefined);
  }

  async #loop<T>(stream: GroupStream<T>, ended: AbortSignal): Promise<void> {
    for (let failures = 0; !ended.aborted;) {
      let connection: Connection | null = null;
      try {
        connection = await orAborted(this.#connect(), ended);
        const { client, over } = connection;
        if (!client.supports(stream.monitor.name.kind)) {
          stream.monitor.lost('the venue has no such stream');
          return;
        }
        const message = await orAborted(orAborted(stream.next(client), over.signal), ended);
        failures = 0;
        stream.monitor.received(message.exchangeAt);
        await this.#handOn(stream, message.value);
      } catch (error) {
        if (ended.aborted) return;
        failures += 1;
        const isLost = !(error instanceof StreamGap || error instanceof Reopened);
        if (isLost && this.#settings.sharedFate && connection !== null && connection === this.#current)
          this.reopen(textOf(error));
        await this.#recover(stream, error, failures, ended);
      }
    }
  }

  /** What takes a message may fail for reasons of its own, e.g. a history that cannot be read: the stream goes on. */
  async #handOn<T>(stream: GroupStream<T>, value: T): Promise<void> {
    try {
      await stream.take(value);
    } catch (error) {
      stream.monitor.gap(textOf(error));
    }
  }

  async #recover<T>(stream: GroupStream<T>, error: unknown, failures: number, ended: AbortSignal): Promise<void> {
    const reason = textOf(error);
    const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    const isOnPurpose = error instanceof StreamGap || error instanceof Reopened;
    if (error instanceof StreamGap) stream.monitor.gap(reason);
    else if (!isOnPurpose) stream.monitor.lost(reason);
    // A gap is mended at once, unless mending it brings the next one.
    if (!isOnPurpose || failures > 1) await pause(wait, ended);
    if (ended.aborted) return;
    if (!(error instanceof StreamGap)) stream.monitor.reconnecting(reason);
    stream.onDisturbed?.(reason);
  }

  #connect(): Promise<Connection> {
    if (this.#connection !== null) return this.#connection;
    const opening: Promise<Connection> = within(OPEN_WITHIN_MS, this.#settings.open()).then(
      (client) => {
        const connection = { client, over: new AbortController() };
        if (this.#connection === opening && !this.#closed.signal.aborted) this.#current = connection;
        else client.close();
        return connection;
      },
      (error: unknown) => {
        if (this.#connection === opening) this.#connection = null;
        throw error;
      },
    );
    this.#connection = opening;
    return opening;
  }
}

/** `work`, or an error when it takes longer; a client that comes too late is closed. */
async function within(ms: DurationMs, work: Promise<StreamClient>): Promise<StreamClient> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`the venue did not take up the streams within ${ms / 1000} s`)),
    ms,
  );
  try {
    return await orAborted(work, late.signal);
  } catch (error) {
    work.then((client) => client.close()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
