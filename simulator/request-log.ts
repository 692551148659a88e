import type { EpochMs } from '../domain/market/decimal.ts';

/** One request to an order endpoint and what came of it. */
export interface LoggedRequest {
  readonly at: EpochMs;
  readonly method: string;
  /** By the names that faults use, e.g. `order.create`. */
  readonly endpoint: string;
  readonly clientOrderId: string | null;
  /** `ok`, `refused <code>`, `http 503`, or how the connection was dropped. */
  readonly outcome: string;
}

/** The newest requests of a venue's order endpoints. In memory only: acceptances are what the journal keeps. */
export class RequestLog {
  readonly #capacity: number;
  #requests: LoggedRequest[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(request: LoggedRequest): void {
    this.#requests.push(request);
    if (this.#requests.length >= 2 * this.#capacity) this.#requests = this.#requests.slice(-this.#capacity);
  }

  /** Oldest first. */
  newest(): readonly LoggedRequest[] {
    return this.#requests.slice(-this.#capacity);
  }
}
