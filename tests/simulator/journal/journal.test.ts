import { describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal, type JournalOpening } from '../../../simulator/journal/journal.ts';
import { temporaryFolder } from '../support/running-venue.ts';

interface Note {
  readonly note: string;
}

async function reopen(path: string): Promise<{ readonly read: string[]; readonly opening: JournalOpening<Note> }> {
  const read: string[] = [];
  const opening = await Journal.open<Note>(path, ({ note }) => read.push(note));
  return { read, opening };
}

async function write(path: string, ...notes: string[]): Promise<void> {
  const { opening } = await reopen(path);
  for (const note of notes) opening.journal.append({ note });
  await opening.journal.close();
}

const newPath = () => join(temporaryFolder(), 'journal.ndjson');

describe('a journal', () => {
  it('gives back what was appended, over several runs, in order', async () => {
    const path = newPath();
    await write(path, 'one', 'two');
    await write(path, 'three with "quotes" and ünïcödé');
    const { read, opening } = await reopen(path);
    expect(read).toEqual(['one', 'two', 'three with "quotes" and ünïcödé']);
    expect(opening.tornBytes).toBe(0);
    await opening.journal.close();
  });

  it('has everything in the file once flushed resolves', async () => {
    const path = newPath();
    const { opening } = await reopen(path);
    for (let round = 1; round <= 3; round += 1) {
      opening.journal.append({ note: `a${round}` });
      const first = opening.journal.flushed();
      opening.journal.append({ note: `b${round}` });
      await Promise.all([first, opening.journal.flushed()]);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      expect(lines).toHaveLength(2 * round);
    }
    await opening.journal.close();
  });

  it('cuts off an unfinished last line, says so, and goes on after it', async () => {
    const path = newPath();
    await write(path, 'one');
    appendFileSync(path, '{"n":2,"crc":"0123');
    const { read, opening } = await reopen(path);
    expect({ read, torn: opening.tornBytes }).toEqual({ read: ['one'], torn: 18 });
    opening.journal.append({ note: 'two' });
    await opening.journal.close();
    const again = await reopen(path);
    expect(again.read).toEqual(['one', 'two']);
    await again.opening.journal.close();
  });

  it.each([
    ['a changed record', (text: string) => text.replace('two', 'owt'), 'line 2: its checksum does not match'],
    ['a missing line', (text: string) => text.replace(/.*one.*\n/, ''), 'line 1: holds record 2'],
    ['a line that is none', (text: string) => text.replace(/.*two.*\n/, 'hello\n'), 'line 2: not a journal record'],
  ])('is refused with %s', async (_name, damage, message) => {
    const path = newPath();
    await write(path, 'one', 'two', 'three');
    writeFileSync(path, damage(readFileSync(path, 'utf8')));
    await expect(reopen(path)).rejects.toThrow(message);
  });

  it('rejects every flush after a write has failed', async () => {
    const { opening } = await reopen(newPath());
    await opening.journal.close();
    opening.journal.append({ note: 'too late' });
    await expect(opening.journal.flushed()).rejects.toThrow('file closed');
    opening.journal.append({ note: 'later still' });
    await expect(opening.journal.flushed()).rejects.toThrow('file closed');
  });
});
