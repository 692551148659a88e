import type { Candles } from '../../domain/market/candles.ts';

/** Postgres counts timestamps in microseconds since 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 4_294_967_296;

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** Signature, flags, length of the extension. */
const HEADER_BYTES = SIGNATURE.length + 8;
const FIELD_BYTES = 12;
/** A row of n 8-byte fields: the count in 2 bytes, then each with its length in 4. */
const rowBytes = (fields: number): number => 2 + fields * FIELD_BYTES;
const ROW_IN_BYTES = rowBytes(7);
const ROW_OUT_BYTES = rowBytes(6);

/** What a binary COPY begins with. @see PostgreSQL documentation, COPY, binary format */
export const COPY_HEADER: Buffer = Buffer.concat([SIGNATURE, Buffer.alloc(8)]);
/** What it ends with: a row of -1 fields. */
export const COPY_TRAILER: Buffer = Buffer.from([0xff, 0xff]);

/** Bars as rows `dataset, opened_at, open, high, low, close, volume` of a binary COPY. */
export function encodeBars(dataset: number, candles: Candles): Buffer {
  const { length, time, open, high, low, close, volume } = candles;
  const bytes = Buffer.allocUnsafe(length * ROW_IN_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const field = (): void => {
    view.setInt32(at, 8);
    at += 4;
  };
  const float = (value: number): void => {
    field();
    view.setFloat64(at, value);
    at += 8;
  };
  const integer = (value: number): void => {
    field();
    const upper = Math.floor(value / TWO_TO_32);
    view.setInt32(at, upper);
    view.setUint32(at + 4, value - upper * TWO_TO_32);
    at += 8;
  };
  for (let i = 0; i < length; i += 1) {
    view.setInt16(at, 7);
    at += 2;
    integer(dataset);
    integer((time[i]! - POSTGRES_EPOCH_MS) * 1000);
    float(open[i]!);
    float(high[i]!);
    float(low[i]!);
    float(close[i]!);
    float(volume[i]!);
  }
  return bytes;
}

/**
 * Reads rows `opened_at, open, high, low, close, volume` of a binary COPY, which comes in pieces, into columns with room for them.
 */
export class BarDecoder {
  readonly #target: Candles;
  #length = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #isBegun = false;
  #isEnded = false;

  constructor(target: Candles) {
    this.#target = target;
  }

  /** Bars read so far. */
  get length(): number {
    return this.#length;
  }

  push(piece: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    if (!this.#isBegun) {
      if (bytes.length < HEADER_BYTES) return void (this.#rest = bytes);
      this.#isBegun = true;
      at = HEADER_BYTES;
    }
    const { time, open, high, low, close, volume } = this.#target;
    let i = this.#length;
    for (; bytes.length - at >= ROW_OUT_BYTES; at += ROW_OUT_BYTES) {
      if (view.getInt16(at) !== 6) throw new Error('the database sent a row of bars in another form than asked for');
      if (i === time.length) throw new Error(`the database sent more than the ${time.length} bars that it counted`);
      time[i] = (view.getInt32(at + 6) * TWO_TO_32 + view.getUint32(at + 10)) / 1000 + POSTGRES_EPOCH_MS;
      open[i] = view.getFloat64(at + 18);
      high[i] = view.getFloat64(at + 30);
      low[i] = view.getFloat64(at + 42);
      close[i] = view.getFloat64(at + 54);
      volume[i] = view.getFloat64(at + 66);
      i += 1;
    }
    this.#length = i;
    if (bytes.length - at === COPY_TRAILER.length && view.getInt16(at) === -1) this.#isEnded = true;
    this.#rest = bytes.subarray(at);
  }

  /** Ends the reading. @returns how many bars came. @throws when they were cut short */
  finish(): number {
    if (!this.#isEnded) throw new Error(`the rows of bars ended after ${this.#length}, before their end`);
    return this.#length;
  }
}
