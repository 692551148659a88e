import { textOf } from './csv-number.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
const SPACE = 32;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const SEPARATORS = [44, 59, 9];

/** No line of bars is longer; one that is, is no CSV. */
export const LONGEST_LINE = 65_536;

/** The cells of one line as places in `bytes`: cell `i` is `bytes[starts[i], ends[i])`, without spaces and quotes around it. */
export interface CsvCells {
  bytes: Uint8Array;
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

const NO_TEXT =
  'this is no text file in UTF-8 (it may be packed, a spreadsheet, or UTF-16); give a CSV file, plain or gzip';

/** Takes the lines of a CSV file one by one. A `string` says what is wrong with the line as such. */
export type LineTaker = (line: number, cells: CsvCells | string) => void;

const MOST_CELLS = 1024;

/**
 * Cuts a CSV file that comes in pieces into lines and cells. Lines end with LF or CRLF, blank ones are passed over, the separator
 * (comma, semicolon or tab) is the one that the first line has. Makes no object for a row.
 */
export class CsvRows {
  readonly #take: LineTaker;
  readonly #cells: CsvCells;
  #rest: Uint8Array = new Uint8Array(0);
  #line = 0;
  #separator = 0;
  #isStopped = false;

  constructor(take: LineTaker) {
    this.#take = take;
    const [starts, ends] = [new Int32Array(MOST_CELLS), new Int32Array(MOST_CELLS)];
    this.#cells = { bytes: this.#rest, count: 0, starts, ends };
  }

  /** Lines seen so far. */
  get lines(): number {
    return this.#line;
  }

  /** Nothing more is taken. */
  stop(): void {
    this.#isStopped = true;
  }

  push(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    if (this.#line === 0 && isBinary(chunk)) {
      this.stop();
      return this.#take(1, NO_TEXT);
    }
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, from);
      if (end < 0 || this.#isStopped) break;
      this.#lineOf(bytes, from, end);
      from = end + 1;
    }
    // The rest is copied: the caller may use its buffer again.
    this.#rest = bytes.slice(from);
    if (this.#rest.length > LONGEST_LINE && !this.#isStopped) {
      this.#take(this.#line + 1, `longer than ${LONGEST_LINE} characters; is this a CSV file?`);
      this.stop();
    }
  }

  /** Takes the last line, which needs no line end. */
  finish(): void {
    if (this.#rest.length > 0 && !this.#isStopped) this.#lineOf(this.#rest, 0, this.#rest.length);
    this.#rest = new Uint8Array(0);
  }

  #lineOf(bytes: Uint8Array, from: number, lineEnd: number): void {
    this.#line += 1;
    let start = from;
    const end = lineEnd > from && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    if (this.#line === 1 && BYTE_ORDER_MARK.every((byte, i) => bytes[from + i] === byte)) start += 3;
    while (start < end && bytes[start] === SPACE) start += 1;
    if (start === end) return;
    if (this.#separator === 0) this.#separator = separatorOf(bytes, start, end);
    const problem = this.#split(bytes, start, end);
    this.#take(this.#line, problem ?? this.#cells);
  }

  /** @returns what is wrong with the line, or `null`. */
  #split(bytes: Uint8Array, from: number, end: number): string | null {
    const cells = this.#cells;
    const separator = this.#separator;
    cells.bytes = bytes;
    let count = 0;
    let at = from;
    for (;;) {
      while (at < end && bytes[at] === SPACE) at += 1;
      let start = at;
      let stop: number;
      if (bytes[at] === QUOTE && at < end) {
        start = at + 1;
        stop = bytes.indexOf(QUOTE, start);
        if (stop < 0 || stop >= end) return 'a quote is not closed on the same line';
        at = stop + 1;
        while (at < end && bytes[at] === SPACE) at += 1;
        if (at < end && bytes[at] !== separator) return 'text after a closing quote; remove the quotes';
      } else {
        while (at < end && bytes[at] !== separator) at += 1;
        stop = at;
        while (stop > start && bytes[stop - 1] === SPACE) stop -= 1;
      }
      if (count === MOST_CELLS) return `more than ${MOST_CELLS} columns`;
      cells.starts[count] = start;
      cells.ends[count] = stop;
      count += 1;
      if (at >= end) break;
      at += 1;
    }
    cells.count = count;
    return null;
  }
}

/** Bytes of the beginning that are looked at. */
const LOOKED_AT = 1024;
const TAB = 9;

/** Whether there are control characters in it that no text has: UTF-16 has a zero in every second byte. */
function isBinary(chunk: Uint8Array): boolean {
  return chunk.subarray(0, LOOKED_AT).some((byte) => byte < TAB || (byte > CARRIAGE_RETURN && byte < SPACE));
}

function separatorOf(bytes: Uint8Array, from: number, end: number): number {
  const line = textOf(bytes, from, end);
  return SEPARATORS.find((separator) => line.includes(String.fromCharCode(separator))) ?? SEPARATORS[0]!;
}

/** The text of one cell. */
export function cellText({ bytes, starts, ends }: CsvCells, index: number): string {
  return textOf(bytes, starts[index]!, ends[index]!);
}
