import { InvalidInput } from '../stack/failures.ts';
import type { VenueRecord } from '../stack/stack-record.ts';

const TIMEOUT_MS = 10_000;

export type BarPhase = 'open' | 'path' | 'close';

/** Where a venue stands that replays candles, as its admin address tells it. */
export interface CandlePosition {
  /** Bar and phase that were released last. */
  readonly index: number;
  /** When that bar opens, in ms. */
  readonly time: number;
  readonly phase: BarPhase;
  /** Bars whose close is still to come. */
  readonly left: number;
  readonly total: number;
  readonly symbol: string;
  readonly timeframe: string;
  /** When the last bar opened that has closed, and when the one opens that has begun. */
  readonly closedAt: number;
  readonly runningAt: number;
  /** What is known of that one, as decimal text; `null` before its open. */
  readonly running: { readonly open: string; readonly high: string; readonly low: string } | null;
  /** Of the whole account. */
  readonly openOrders: number;
  readonly trades: number;
}

/** What was released: a phase of a bar, or all of it. */
export interface Released {
  readonly bar: { readonly index: number; readonly time: number };
  readonly phase: BarPhase | 'bar';
  readonly left: number;
}

/** An order or a fill of the venue's own ledger, as far as a driver looks at it. */
export interface VenueLedger {
  readonly orders: readonly { readonly orderId: string; readonly clientOrderId: string; readonly status: string }[];
  readonly fills: readonly { readonly orderId: string }[];
}

/** The venue does not answer, which may pass: it is started again when it dies. */
export class VenueAway extends Error {}

/** The venue stands elsewhere than a release supposed; nothing was released. */
export class ReleaseConflict extends Error {
  readonly exitCode = 4;
}

/** The admin address of a venue that replays candles. Every call throws `VenueAway`, or `InvalidInput` with the venue's own words. */
export class CandleVenue {
  readonly id: string;
  readonly #admin: string;

  constructor({ id, admin }: Pick<VenueRecord, 'id' | 'admin'>) {
    this.id = id;
    this.#admin = admin;
  }

  position(): Promise<CandlePosition> {
    return this.#call('GET', '/candles');
  }

  ledger(): Promise<VenueLedger> {
    return this.#call('GET', '/ledger');
  }

  /** Releases a phase of bar `index`, or of whichever bar is next. Throws `ReleaseConflict` too. */
  release(phase: BarPhase | 'bar', index?: number): Promise<Released> {
    return this.#call('POST', '/candles/release', index === undefined ? { phase } : { phase, index });
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(`${this.#admin}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = await response.json();
    } catch (error) {
      throw new VenueAway(`venue ${this.id} does not answer at ${this.#admin}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (response.ok) return answer as T;
    const { detail, code } = answer as { detail?: string; code?: string };
    const message = `venue ${this.id}: ${detail ?? `it answered ${response.status}`}`;
    if (code === 'RELEASE_CONFLICT') throw new ReleaseConflict(message);
    if (response.status < 500) throw new InvalidInput(message);
    throw new VenueAway(message);
  }
}
