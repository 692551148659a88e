import { type Decimal, type DurationMs, type EpochMs, isDecimal } from '../../../domain/market/decimal.ts';
import { type BinanceError, refuse } from './errors.ts';

const CLIENT_ORDER_ID = /^[a-zA-Z0-9-_.:/]{1,36}$/;
const SIGNING = ['signature', 'timestamp', 'recvWindow'] as const;

/**
 * The parameters of one request, from query string and body. Each reader refuses a bad value with Binance's code for it, and
 * `finish` refuses parameters that no reader asked for, as Binance does.
 */
export class Parameters {
  readonly #values = new Map<string, string>();
  readonly #read = new Set<string>();
  readonly #skewMs: DurationMs;

  /**
   * Query wins over body where both carry a name; times are read on a venue clock that runs ahead of true time by `skewMs`. Throws -1101
   * for a name that is repeated in one of them.
   */
  constructor(query: string, body: string, skewMs: DurationMs = 0) {
    this.#skewMs = skewMs;
    for (const encoded of [body, query]) {
      const names = new Set<string>();
      for (const [name, value] of new URLSearchParams(encoded)) {
        if (names.has(name)) throw refuse.repeatedParameter();
        names.add(name);
        this.#values.set(name, value);
      }
    }
    for (const name of SIGNING) this.#read.add(name);
  }

  has(name: string): boolean {
    this.#read.add(name);
    return this.#values.has(name);
  }

  /** The value or `null`; an empty one is refused with -1105. */
  optional(name: string): string | null {
    this.#read.add(name);
    const value = this.#values.get(name);
    if (value === '') throw refuse.empty(name);
    return value ?? null;
  }

  /** The value; a missing or empty one is refused with -1102. */
  required(name: string): string {
    this.#read.add(name);
    const value = this.#values.get(name);
    if (value === undefined || value === '') throw refuse.mandatory(name);
    return value;
  }

  /** One of `choices`, else the given refusal. */
  choice<T extends string>(name: string, choices: readonly T[], otherwise: () => BinanceError): T | null {
    const value = this.optional(name);
    if (value === null) return null;
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) throw otherwise();
    return chosen;
  }

  /** An amount of at most eight decimals; -1100 when it is no plain decimal of 0 or more, -1111 when it is too fine. */
  amount(name: string): Decimal | null {
    const value = this.optional(name);
    if (value === null) return null;
    if (!/^\d{1,20}(\.\d{1,20})?$/.test(value))
      throw refuse.illegalCharacters(name, '^([0-9]{1,20})(\\.[0-9]{1,20})?$');
    const trimmed = value.includes('.') ? value.replace(/\.?0+$/, '') : value;
    if ((trimmed.split('.')[1] ?? '').length > 8) throw refuse.precision(name);
    if (!isDecimal(trimmed)) throw refuse.invalid(name);
    return trimmed;
  }

  /** A whole number from `least` to `most`; -1100 when it is not digits, -1130 when out of range. */
  whole(name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number | null {
    const value = this.optional(name);
    if (value === null) return null;
    if (!/^-?\d{1,20}$/.test(value)) throw refuse.illegalCharacters(name, '^[0-9]{1,20}$');
    const read = Number(value);
    if (!(read >= least && read <= most)) throw refuse.invalid(name);
    return read;
  }

  /** How many rows are wanted: at most `most`, larger values are cut to it as Binance does. */
  limit(fallback: number, most: number): number {
    return Math.min(this.whole('limit', 1) ?? fallback, most);
  }

  /** An instant, in true time. */
  time(name: string): EpochMs | null {
    const told = this.whole(name);
    return told === null ? null : told - this.#skewMs;
  }

  clientOrderId(name: string): string | null {
    const value = this.optional(name);
    if (value !== null && !CLIENT_ORDER_ID.test(value)) throw refuse.illegalCharacters(name, '^[a-zA-Z0-9-_]{1,36}$');
    return value;
  }

  /** A list of symbols as JSON, e.g. `["BTCUSDT"]`; -1100 when it is none. */
  symbolList(name: string): readonly string[] | null {
    const value = this.optional(name);
    if (value === null) return null;
    const list = parseJson(value);
    if (!Array.isArray(list) || !list.every((item): item is string => typeof item === 'string')) {
      throw refuse.illegalCharacters(name, '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$');
    }
    return list;
  }

  /** Refuses with -1104 when a parameter was sent that the endpoint does not know. */
  finish(): void {
    const sent = [...this.#values.keys()];
    const known = sent.filter((name) => this.#read.has(name));
    if (known.length < sent.length) throw refuse.unread(known.length, sent.length);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
