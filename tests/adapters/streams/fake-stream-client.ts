import type { StreamKind } from '../../../adapters/ports/stream-health.ts';
import type { StreamClient, Streamed } from '../../../adapters/streams/stream-client.ts';

interface Asked {
  resolve(message: Streamed<unknown>): void;
  reject(error: Error): void;
}

/** A stream client that says what a test makes it say. */
export class FakeStreamClient implements StreamClient {
  closed = false;
  readonly unsupported = new Set<StreamKind>();
  readonly #asked = new Map<StreamKind, Asked>();
  readonly #waiting = new Map<StreamKind, () => void>();

  supports(kind: StreamKind): boolean {
    return !this.unsupported.has(kind);
  }

  orderBook = () => this.#ask<never>('order-book');
  trades = () => this.#ask<never>('trades');
  bidsAsks = () => this.#ask<never>('bids-asks');
  candles = () => this.#ask<never>('candles');
  orders = () => this.#ask<never>('orders');
  myTrades = () => this.#ask<never>('my-trades');
  balance = () => this.#ask<never>('balance');
  subscribeAccount = () => Promise.resolve();

  isAsked(kind: StreamKind): boolean {
    return this.#asked.has(kind);
  }

  close(): void {
    this.closed = true;
  }

  /** Answers the watch of that kind as soon as there is one. */
  async say(kind: StreamKind, value: unknown, exchangeAt: number | null = null): Promise<void> {
    (await this.asked(kind)).resolve({ value, exchangeAt });
  }

  async fail(kind: StreamKind, error: Error): Promise<void> {
    (await this.asked(kind)).reject(error);
  }

  /** Resolves once that kind is watched; whoever gets it answers it. */
  async asked(kind: StreamKind): Promise<Asked> {
    if (!this.#asked.has(kind)) await new Promise<void>((resolve) => this.#waiting.set(kind, resolve));
    const asked = this.#asked.get(kind)!;
    this.#asked.delete(kind);
    return asked;
  }

  #ask<T>(kind: StreamKind): Promise<Streamed<T>> {
    return new Promise((resolve, reject) => {
      this.#asked.set(kind, { resolve: resolve as Asked['resolve'], reject });
      this.#waiting.get(kind)?.();
      this.#waiting.delete(kind);
    });
  }
}
