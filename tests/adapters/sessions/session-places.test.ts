import { describe, expect, it } from '@jest/globals';
import { SessionPlaces } from '../../../adapters/sessions/session-places.ts';
import { mostKeptFor } from '../../../adapters/threads/thread-pool.ts';

const HOUR = 3_600_000;
const sessions = Array.from({ length: 60 }, (_, i) => `session-${i}`);

function rig(threads: number): { clock: { at: number }; round: (files: number) => readonly string[] } {
  const clock = { at: 0 };
  const places = new SessionPlaces({ threads, mostKept: mostKeptFor(threads), now: () => clock.at });
  // All sessions of all files ask one after the other, as at the close of a bar.
  const round = (files: number): readonly string[] =>
    Array.from({ length: files }, (_, file) => sessions.map((id) => places.of(`file-${file}`, id))).flat();
  return { clock, round };
}

describe('places of sessions of files', () => {
  // Threads kept by hand: eight, or two a core where that is more.
  it.each([
    [2, 1, 2, 8],
    [2, 5, 1, 8],
    [4, 2, 4, 8],
    [4, 3, 2, 8],
    [9, 1, 9, 18],
    [9, 4, 4, 18],
    [9, 18, 1, 18],
  ])('on %i cores with %i files: %i a file, of %i threads kept', (threads, files, each, kept) => {
    const { round } = rig(threads);
    round(files);
    const names = round(files);
    expect([new Set(names).size, mostKeptFor(threads)]).toEqual([files * each, kept]);
    expect(round(files)).toEqual(names);
  });

  it('are one a file where there are more files than threads are kept', () => {
    const { round } = rig(2);
    round(9);
    expect(new Set(round(9)).size).toBe(9);
  });

  it('become more again once files have not been asked for for more than a day', () => {
    const { clock, round } = rig(4);
    round(3);
    expect(new Set(round(1)).size).toBe(2);
    clock.at += 24 * HOUR;
    expect(new Set(round(1)).size).toBe(2);
    clock.at += 2 * HOUR;
    expect(new Set(round(1)).size).toBe(4);
  });
});
