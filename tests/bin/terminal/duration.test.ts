import { describe, expect, it } from '@jest/globals';
import { parseDuration, parseSignedDuration } from '../../../bin/terminal/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    // In binary floats 1.1 * 1000 is 1100.0000000000002.
    ['1.1s', 1_100],
    ['0s', 0],
  ])('reads %s as %d milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '10', 's', '-1s', '1 s', '10sec', '1e3s', '1,5s', 'Infinitys', '0.5ms', '1.0001s'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseDuration(text)).toThrow(`"${text}"`);
    },
  );
});

describe('parseSignedDuration', () => {
  it.each([
    ['-2s', -2_000],
    ['2s', 2_000],
    [' -500ms', -500],
  ])('reads %s as %d milliseconds', (text, milliseconds) => {
    expect(parseSignedDuration(text)).toBe(milliseconds);
  });

  it.each(['--2s', '-', '-2'])('refuses "%s"', (text) => {
    expect(() => parseSignedDuration(text)).toThrow('is no length of time');
  });
});
