import type { TrialRows } from '../ports/optimization-store.ts';

const TWO_TO_32 = 4_294_967_296;
const NULL = -1;
/** A NaN has many bit patterns, and which one comes out of a computation is the machine's affair: rows hold this one. */
const NAN_HIGH = 0x7ff80000;
/** Signature, flags, length of the extension. */
const HEADER_BYTES = 19;
const TRAILER_BYTES = 2;

/** Bytes of the numbers of one row: doubles, little-endian. */
function writeNumbers(view: DataView, at: number, rows: TrialRows, row: number): void {
  const { numbers, width } = rows;
  for (let k = 0; k < width; k += 1) {
    const value = numbers[row * width + k]!;
    if (Number.isNaN(value)) {
      view.setUint32(at + k * 8, 0, true);
      view.setUint32(at + k * 8 + 4, NAN_HIGH, true);
    } else view.setFloat64(at + k * 8, value, true);
  }
}

/** Numbers of a row as they are stored. */
export function numbersOf(bytes: Uint8Array): Float64Array {
  const numbers = new Float64Array(bytes.length / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let k = 0; k < numbers.length; k += 1) numbers[k] = view.getFloat64(k * 8, true);
  return numbers;
}

/** Writes the fields of a binary COPY one after the other. */
class FieldWriter {
  readonly bytes: Buffer;
  readonly view: DataView;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, size);
  }

  begin(fields: number): void {
    this.view.setInt16(this.at, fields);
    this.at += 2;
  }

  integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`);
    this.view.setInt32(this.at, 8);
    const upper = Math.floor(value / TWO_TO_32);
    this.view.setInt32(this.at + 4, upper);
    this.view.setUint32(this.at + 8, value - upper * TWO_TO_32);
    this.at += 12;
  }

  floatOrNull(value: number): void {
    if (Number.isNaN(value)) {
      this.view.setInt32(this.at, NULL);
      this.at += 4;
      return;
    }
    this.view.setInt32(this.at, 8);
    this.view.setFloat64(this.at + 4, value);
    this.at += 12;
  }
}

/** Rows `optimization, position, combination, score, numbers` of a binary COPY. */
export function encodeTrials(key: number, rows: TrialRows): Buffer {
  const numberBytes = rows.width * 8;
  const writer = new FieldWriter(rows.count * (2 + 4 * 12 + 4 + numberBytes));
  for (let row = 0; row < rows.count; row += 1) {
    writer.begin(5);
    writer.integer(key);
    writer.integer(rows.positions[row]!);
    writer.integer(rows.combinations[row]!);
    writer.floatOrNull(rows.scores[row]!);
    writer.view.setInt32(writer.at, numberBytes);
    writeNumbers(writer.view, writer.at + 4, rows, row);
    writer.at += 4 + numberBytes;
  }
  return writer.bytes.subarray(0, writer.at);
}

/** Rows `optimization, rank, position, score` of a binary COPY, of ranks `from + 1` to `to`. */
export function encodeRanks(
  key: number,
  positions: Float64Array,
  scores: Float64Array,
  from: number,
  to: number,
): Buffer {
  const writer = new FieldWriter((to - from) * (2 + 4 * 12));
  for (let i = from; i < to; i += 1) {
    writer.begin(4);
    writer.integer(key);
    writer.integer(i + 1);
    writer.integer(positions[i]!);
    writer.floatOrNull(scores[i]!);
  }
  return writer.bytes.subarray(0, writer.at);
}

/** Reads rows `position, combination, numbers` of a binary COPY, which comes in pieces. */
export class TrialDecoder {
  readonly #width: number;
  readonly #rowBytes: number;
  #rest: Uint8Array = new Uint8Array(0);
  #isBegun = false;
  #isEnded = false;

  constructor(width: number) {
    this.#width = width;
    this.#rowBytes = 2 + 12 + 12 + 4 + width * 8;
  }

  /** Takes a piece in. @returns the rows that are whole by now */
  push(piece: Uint8Array): TrialRows {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    if (!this.#isBegun) {
      if (bytes.length < HEADER_BYTES) {
        this.#rest = bytes;
        return emptyRows(this.#width);
      }
      this.#isBegun = true;
      at = HEADER_BYTES;
    }
    const count = Math.floor((bytes.length - at) / this.#rowBytes);
    const rows = roomFor(count, this.#width);
    for (let row = 0; row < count; row += 1, at += this.#rowBytes) this.#read(view, at, row, rows);
    if (bytes.length - at === TRAILER_BYTES && view.getInt16(at) === -1) this.#isEnded = true;
    this.#rest = bytes.subarray(at);
    return rows;
  }

  /** @throws when the rows were cut short */
  finish(): void {
    if (!this.#isEnded) throw new Error('the rows of combinations ended before their end');
  }

  #read(view: DataView, at: number, row: number, rows: TrialRows): void {
    const numberBytes = this.#width * 8;
    if (view.getInt16(at) !== 3 || view.getInt32(at + 26) !== numberBytes) {
      throw new Error('the database sent a row of combinations in another form than asked for');
    }
    rows.positions[row] = integerAt(view, at + 6);
    rows.combinations[row] = integerAt(view, at + 18);
    for (let k = 0; k < this.#width; k += 1) {
      rows.numbers[row * this.#width + k] = view.getFloat64(at + 30 + k * 8, true);
    }
  }
}

function integerAt(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_TO_32 + view.getUint32(at + 4);
}

/** Room for so many rows. Scores are not read back: whoever judges makes them anew. */
export function roomFor(count: number, width: number): TrialRows {
  return {
    count,
    positions: new Float64Array(count),
    combinations: new Float64Array(count),
    scores: new Float64Array(count).fill(Number.NaN),
    numbers: new Float64Array(count * width),
    width,
  };
}

const emptyRows = (width: number): TrialRows => roomFor(0, width);
