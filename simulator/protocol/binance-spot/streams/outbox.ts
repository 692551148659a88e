import type { StreamConnection } from './connection.ts';

/** Messages that wait for the journal: what a client is told must survive a crash of the venue. Sends in the order in which they came. */
export class Outbox {
  readonly #flushed: () => Promise<void>;
  #waiting: (readonly [StreamConnection, string])[] = [];
  #sending: Promise<void> = Promise.resolve();

  /** `flushed` resolves once everything that has happened is on the disk, and rejects when it never will be. */
  constructor(flushed: () => Promise<void>) {
    this.#flushed = flushed;
  }

  add(connection: StreamConnection, text: string): void {
    this.#waiting.push([connection, text]);
  }

  /** Sends everything added so far as soon as what has happened so far is on the disk. */
  release(): void {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    const flushed = this.#flushed();
    const send = async () => {
      await flushed;
      for (const [connection, text] of batch) connection.send(text);
    };
    // After a failed flush the venue goes down by itself and tells nobody anything any more.
    this.#sending = this.#sending.then(send).catch(() => undefined);
  }

  /** Resolves once everything released so far is sent. */
  async settled(): Promise<void> {
    await this.#sending;
  }
}
