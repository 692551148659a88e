import { describe, expect, it } from '@jest/globals';
import { lineOf, saidBy } from '../../../adapters/backtests/guarded-strategy.ts';

const MARK = '?strategy=0123456789abcdef-2';

/** An error with the frames of a stack as Node writes them. */
function thrown(...frames: readonly string[]): Error {
  const error = new Error('no such level');
  error.stack = ['Error: no such level', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

describe('the line of an error', () => {
  it("is the uppermost of a user's code: of the file, or of a module that was loaded with it", () => {
    const own = `onBar (file:///home/me/own.mjs${MARK}:7:3)`;
    const imported = `levelAt (file:///home/me/lib/levels%20of%20mine.mjs${MARK}:12:5)`;
    const ours = 'Board.ask (file:///opt/program/board.js:1:1)';
    expect(lineOf(thrown(ours, own, imported), '/home/me/own.mjs')).toBe('own.mjs:7:3');
    expect(lineOf(thrown(ours, imported, own), '/home/me/own.mjs')).toBe('levels of mine.mjs:12:5');
    expect(lineOf(thrown(ours), '/home/me/own.mjs')).toBeNull();
  });

  it('is said without the marks of loads', () => {
    expect(saidBy(new Error(`no file:///home/me/a.json${MARK}, or file:///b?c=1&strategy=mine`))).toBe(
      'Error: no file:///home/me/a.json, or file:///b?c=1&strategy=mine',
    );
  });
});
