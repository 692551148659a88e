import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeLine, encodeLine } from './lines.ts';

/** What opening a journal found. */
export interface JournalOpening<R> {
  readonly journal: Journal<R>;
  /** Bytes of an unfinished last line that were cut off; 0 after a clean end. */
  readonly tornBytes: number;
}

/**
 * An append-only file of numbered, checksummed records. `append` is synchronous and only queues; `flushed` resolves once
 * everything appended before it is on the disk. Appends that arrive while a flush runs share the next one (group commit).
 * After a failed write every `flushed` rejects: a witness that cannot write must not answer.
 */
export class Journal<R> {
  readonly #file: FileHandle;
  #next: number;
  #pending: string[] = [];
  #flush: Promise<void> = Promise.resolve();
  #scheduled: Promise<void> | null = null;

  private constructor(file: FileHandle, next: number) {
    this.#file = file;
    this.#next = next;
  }

  /**
   * Opens the file, hands each record in it to `replay` in order, cuts off a line that a crash left unfinished, and returns the journal ready to
   * append. Throws `JournalCorruption` when anything else is damaged.
   */
  static async open<R>(path: string, replay: (record: R) => void): Promise<JournalOpening<R>> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a', 0o600);
    try {
      const read = await readRecords(path, replay);
      const { size } = await stat(path);
      if (size > read.bytes) await truncate(path, read.bytes);
      return { journal: new Journal<R>(file, read.records + 1), tornBytes: size - read.bytes };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  append(record: R): void {
    this.#pending.push(encodeLine(this.#next, record));
    this.#next += 1;
  }

  /** Resolves once everything appended so far is on the disk. */
  flushed(): Promise<void> {
    if (this.#pending.length === 0) return this.#flush;
    this.#scheduled ??= this.#flush.then(() => {
      this.#scheduled = null;
      this.#flush = this.#write();
      return this.#flush;
    });
    return this.#scheduled;
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.#file.close();
  }

  /** Closes the file and drops what was not flushed, as if it had never been appended. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #write(): Promise<void> {
    const lines = this.#pending.join('');
    this.#pending = [];
    await this.#file.appendFile(lines);
    await this.#file.datasync();
  }
}

async function readRecords<R>(path: string, replay: (record: R) => void): Promise<{ records: number; bytes: number }> {
  let records = 0;
  let bytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      replay(decodeLine(rest.toString('utf8', 0, end), records + 1, path) as R);
      records += 1;
      bytes += end + 1;
      rest = rest.subarray(end + 1);
    }
  }
  return { records, bytes };
}
