import { type Decimal, type EpochMs, isDecimal } from '../../market/decimal.ts';
import type { FeedEvent, Level } from '../feed.ts';

type Untimed<E> = E extends FeedEvent ? Omit<E, 't'> : never;

/** What one line says: `at` is `null` where the message has no time of its own, `symbol` where it names none. */
export type BinanceLine =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'message';
      readonly symbol: string | null;
      readonly at: EpochMs | null;
      readonly event: Untimed<FeedEvent>;
    };

type Fields = Readonly<Record<string, unknown>>;

const RECEIVED = /^\d+ (?=\{)/;
const STREAM = /^[^@]+@(depth(?:@\d+ms)?|trade|bookTicker)$/;

/**
 * Reads one recorded line `<receive time in ns> <raw Binance spot message>`: depth differences (time `E`), trades (time `T`), best
 * bid and ask, and the answer of the depth endpoint (a message without `stream`). Other messages are `unknown`. The receive time is not
 * used: a recorder's clock may be wrong. Throws an `Error` that names the field at fault.
 * @see https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
 */
export function parseBinanceLine(line: string): BinanceLine {
  const received = RECEIVED.exec(line)?.[0];
  if (received === undefined) throw new Error('expected "<receive time in ns> <JSON object>"');
  const message = JSON.parse(line.slice(received.length)) as Fields;
  if (message.stream === undefined) {
    return message.lastUpdateId === undefined ? { kind: 'unknown' } : snapshot(message);
  }
  const stream = typeof message.stream === 'string' ? STREAM.exec(message.stream)?.[1] : undefined;
  if (stream === undefined) return { kind: 'unknown' };
  const data = message.data;
  if (typeof data !== 'object' || data === null) throw new Error('data is not an object');
  const fields = data as Fields;
  if (stream === 'trade') return trade(fields);
  return stream === 'bookTicker' ? quote(fields) : depth(fields);
}

function snapshot(fields: Fields): BinanceLine {
  const event = {
    kind: 'snapshot',
    lastUpdateId: whole(fields, 'lastUpdateId'),
    bids: levels(fields, 'bids'),
    asks: levels(fields, 'asks'),
  } as const;
  return { kind: 'message', symbol: null, at: null, event };
}

function depth(fields: Fields): BinanceLine {
  if (fields.pu !== undefined)
    throw new Error('depth of a futures market (it has "pu"): only spot recordings can be replayed');
  const event = {
    kind: 'depth',
    firstUpdateId: whole(fields, 'U'),
    lastUpdateId: whole(fields, 'u'),
    bids: levels(fields, 'b'),
    asks: levels(fields, 'a'),
  } as const;
  return { kind: 'message', symbol: text(fields, 's'), at: whole(fields, 'E'), event };
}

function trade(fields: Fields): BinanceLine {
  if (typeof fields.m !== 'boolean') throw new Error(`m ${shown(fields.m)} is not true or false`);
  const event = {
    kind: 'trade',
    sourceId: whole(fields, 't'),
    price: amount(fields, 'p'),
    quantity: amount(fields, 'q'),
    buyerIsMaker: fields.m,
  } as const;
  return { kind: 'message', symbol: text(fields, 's'), at: whole(fields, 'T'), event };
}

function quote(fields: Fields): BinanceLine {
  const event = {
    kind: 'quote',
    updateId: whole(fields, 'u'),
    bid: [amount(fields, 'b'), amount(fields, 'B')],
    ask: [amount(fields, 'a'), amount(fields, 'A')],
  } as const;
  return { kind: 'message', symbol: text(fields, 's'), at: null, event };
}

function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new Error(`${name} ${shown(value)} is not a whole number`);
  return value as number;
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${name} ${shown(value)} is not a name`);
  return value;
}

function amount(fields: Fields, name: string): Decimal {
  const value = fields[name];
  if (!isDecimal(value)) throw new Error(`${name} ${shown(value)} is not a decimal number in quotes`);
  return value;
}

function levels(fields: Fields, name: string): readonly Level[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new Error(`${name} is not a list of levels`);
  for (const level of value as unknown[]) {
    if (!Array.isArray(level) || !isDecimal(level[0]) || !isDecimal(level[1])) {
      throw new Error(`${name} holds ${shown(level)}, which is not ["price", "quantity"]`);
    }
  }
  return value as Level[];
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}
