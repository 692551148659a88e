import type { EpochMs } from '../../market/decimal.ts';
import type { FeedEvent } from '../feed.ts';
import { type BinanceLine, parseBinanceLine } from './binance-line.ts';

/** One event of a recording with the venue's own name of its market, e.g. `BTCUSDT`. */
export interface RecordedEvent {
  readonly symbol: string;
  readonly event: FeedEvent;
}

export interface RecordedCounts {
  readonly snapshot: number;
  readonly depth: number;
  readonly trade: number;
  readonly quote: number;
  /** Lines of streams that a replay does not use. */
  readonly unknown: number;
}

type Message = Extract<BinanceLine, { kind: 'message' }>;

/**
 * Turns the lines of a recording into events. The order of the lines is the order of the events; times never go back within a
 * market: a message without a time of its own, or with an earlier one, takes the time of the event before it. A snapshot names
 * no market: it belongs to the market of the line before it (of the next line at the start of a recording).
 */
export class RecordedParser {
  readonly #lastTime = new Map<string, EpochMs>();
  readonly #counts = { snapshot: 0, depth: 0, trade: 0, quote: 0, unknown: 0 };
  /** Messages at the start whose time or market only a later line tells. */
  #held: Message[] = [];
  #lastSymbol: string | null = null;

  get counts(): RecordedCounts {
    return { ...this.#counts };
  }

  /** The events that this line completes. Throws an `Error` that names `lineNumber` and the field when the line is malformed. */
  parse(line: string, lineNumber: number): readonly RecordedEvent[] {
    const message = readLine(line, lineNumber);
    if (message.kind === 'unknown') {
      this.#counts.unknown += 1;
      return [];
    }
    this.#counts[message.event.kind] += 1;
    this.#lastSymbol = message.symbol ?? this.#lastSymbol;
    const symbol = this.#lastSymbol;
    const last = symbol === null ? undefined : this.#lastTime.get(symbol);
    if (symbol === null || (message.at === null && last === undefined)) {
      this.#held.push(message);
      return [];
    }
    const t = Math.max(message.at ?? 0, last ?? 0);
    this.#lastTime.set(symbol, t);
    const due = last === undefined ? [...this.#release(symbol), message] : [message];
    return due.map(({ event }) => ({ symbol, event: { ...event, t } }));
  }

  /** The held messages of that market, and those that name none. */
  #release(symbol: string): Message[] {
    const due = this.#held.filter((message) => (message.symbol ?? symbol) === symbol);
    this.#held = this.#held.filter((message) => !due.includes(message));
    return due;
  }
}

function readLine(line: string, lineNumber: number): BinanceLine {
  try {
    return parseBinanceLine(line);
  } catch (error) {
    throw new Error(`line ${lineNumber} of the recording is malformed: ${(error as Error).message}`, { cause: error });
  }
}
