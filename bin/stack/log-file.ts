import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const DEFAULT_LIMIT_BYTES = 10 * 1024 * 1024;

/** A log file that keeps at most two generations: when full it becomes `<file>.1` and a new one begins. */
export class LogFile {
  readonly #file: string;
  readonly #limitBytes: number;
  #descriptor: number;
  #size: number;

  constructor(file: string, limitBytes: number = DEFAULT_LIMIT_BYTES) {
    this.#file = file;
    this.#limitBytes = limitBytes;
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }

  /** Appends one line. Writes synchronously: the last words of a dying process must not be lost in a buffer. */
  line(text: string): void {
    const bytes = Buffer.from(`${text}\n`);
    if (this.#size > 0 && this.#size + bytes.length > this.#limitBytes) this.#rotate();
    writeSync(this.#descriptor, bytes);
    this.#size += bytes.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    renameSync(this.#file, `${this.#file}.1`);
    this.#descriptor = openSync(this.#file, 'a', 0o600);
    this.#size = 0;
  }
}
