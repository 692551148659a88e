import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile } from '../../../bin/stack/log-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const folder = tempFolder();
const read = (file: string) => readFileSync(file, 'utf8');

describe('a log file', () => {
  it('goes on where an earlier start ended', () => {
    const file = join(folder, 'logs', 'api.log');
    for (const line of ['first', 'second']) {
      const log = new LogFile(file);
      log.line(line);
      log.close();
    }
    expect(read(file)).toBe('first\nsecond\n');
  });

  it('keeps two generations of bounded size and loses the oldest lines', () => {
    const file = join(folder, 'bounded.log');
    const log = new LogFile(file, 12);
    // Each line is six bytes with its end, so two fill a generation.
    for (const line of ['one--', 'two--', 'three', 'four-', 'five-']) log.line(line);
    log.close();
    expect(read(file)).toBe('five-\n');
    expect(read(`${file}.1`)).toBe('three\nfour-\n');
    expect(existsSync(`${file}.2`)).toBe(false);
  });
});
