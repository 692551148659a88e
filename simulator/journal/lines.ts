import { crc32 } from 'node:zlib';

/** A journal that cannot be trusted: something other than its last, unfinished line is damaged. */
export class JournalCorruption extends Error {
  constructor(path: string, line: number, problem: string) {
    super(
      `journal ${path}, line ${line}: ${problem}. Restore the file from a copy, or move it away to open the venue anew.`,
    );
    this.name = 'JournalCorruption';
  }
}

/** One record as its line: number, checksum of the record's text, record. */
export function encodeLine(number: number, record: unknown): string {
  const body = JSON.stringify(record);
  return `{"n":${number},"crc":"${checksum(body)}","record":${body}}\n`;
}

/**
 * Reads one complete line. Throws `JournalCorruption` unless it is record number `expected`, unchanged since it was written.
 */
export function decodeLine(line: string, expected: number, path: string): unknown {
  const match = /^\{"n":(\d+),"crc":"([0-9a-f]{8})","record":(.*)\}$/s.exec(line);
  if (match === null) throw new JournalCorruption(path, expected, 'not a journal record');
  const [, number, crc, body] = match as unknown as [string, string, string, string];
  if (Number(number) !== expected)
    throw new JournalCorruption(path, expected, `holds record ${number}, so records are missing or repeated`);
  if (checksum(body) !== crc) throw new JournalCorruption(path, expected, 'its checksum does not match its content');
  return JSON.parse(body);
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
