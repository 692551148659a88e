import { AsyncLocalStorage } from 'node:async_hooks';

/** One HTTP answer as it came, before ccxt read it. */
export interface WireAnswer {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What one call did on the wire. */
export interface WireRecord {
  /** Requests handed to the network. 0 means that nothing can have reached the venue. */
  requests: number;
  /** The last answer; `null` when there was none. */
  answer: WireAnswer | null;
  /** The system's code of the last transport failure, e.g. `ECONNREFUSED`; `null` without failure or code. */
  failureCode: string | null;
}

export interface WireListener {
  onAnswer(answer: WireAnswer): void;
  onFailure(error: unknown): void;
}

interface FetchParams {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * The HTTP transport under a ccxt exchange. It keeps, for each call apart, what was sent and answered, since ccxt's own
 * `last_http_response` is one field that all calls in flight overwrite.
 *
 * It reads the whole body before it returns to ccxt, whose time-out otherwise ends with the headers, and it never repeats a
 * request nor follows a redirect.
 */
export class Wire {
  readonly #records = new AsyncLocalStorage<WireRecord>();
  readonly #listener: WireListener;

  constructor(listener: WireListener) {
    this.#listener = listener;
  }

  /** Runs `call` and hands it a record that its requests, and only they, write to. */
  run<T>(record: WireRecord, call: () => Promise<T>): Promise<T> {
    return this.#records.run(record, call);
  }

  /** The function that ccxt calls in place of its own fetch (`exchange.fetchImplementation`). */
  readonly fetch = async (url: string, params: FetchParams): Promise<unknown> => {
    const record = this.#records.getStore();
    if (record !== undefined) {
      record.requests += 1;
      record.answer = null;
      record.failureCode = null;
    }
    try {
      const response = await fetch(url, {
        method: params.method,
        headers: params.headers,
        body: params.body ?? null,
        signal: params.signal,
        redirect: 'error',
      });
      const body = await response.text();
      const answer = { status: response.status, headers: Object.fromEntries(response.headers), body };
      if (record !== undefined) record.answer = answer;
      this.#listener.onAnswer(answer);
      return {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
        text: () => Promise.resolve(body),
      };
    } catch (error) {
      if (record !== undefined) record.failureCode = causeCode(error);
      this.#listener.onFailure(error);
      throw error;
    }
  };
}

/** An empty record for one call. */
export function newRecord(): WireRecord {
  return { requests: 0, answer: null, failureCode: null };
}

/**
 * Codes that stand for "no connection came about", so no byte of the request left. A reset or a time-out while sending or
 * waiting is not among them: there the request may have arrived.
 */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Whether it is certain that nothing of the call reached the venue. */
export function certainlyUnsent(record: WireRecord): boolean {
  if (record.requests === 0) return true;
  const { requests, answer, failureCode } = record;
  return requests === 1 && answer === null && failureCode !== null && NEVER_CONNECTED.has(failureCode);
}

function causeCode(error: unknown): string | null {
  // fetch wraps the system's error, sometimes twice.
  for (let each = error, depth = 0; typeof each === 'object' && each !== null && depth < 4; depth += 1) {
    const { code, cause } = each as { code?: unknown; cause?: unknown };
    if (typeof code === 'string') return code;
    each = cause;
  }
  return null;
}
