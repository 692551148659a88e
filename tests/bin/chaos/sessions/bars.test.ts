import { describe, expect, it } from '@jest/globals';
import { missedBars, unfinishedCandles } from '../../../../bin/chaos/sessions/bars.ts';
import { EVIDENCE } from './witness.ts';

const decided = (bar: number, close = 100, decidedAt = bar + 5_100) => ({ bar, close, decidedAt });
const ALL = [decided(0), decided(5_000), decided(10_000)];

describe('bars of a session', () => {
  const found = (decisions: typeof ALL, lastBar: number | null = 10_000) =>
    missedBars({ ...EVIDENCE, decisions, lastBar }).map(({ kind, detail }) => {
      expect(kind).toBe('bar-missed');
      return detail;
    });

  it('are each decided once, in whatever order they are told', () => {
    expect(found(ALL.toReversed())).toEqual([]);
  });

  it('are missed when nobody decided on one', () => {
    expect(found([ALL[0]!, ALL[2]!])).toEqual([
      expect.stringContaining('the bar of 1970-01-01T00:00:05.000Z was decided never'),
    ]);
  });

  it('are missed when the last has no decision', () => {
    expect(found(ALL.slice(0, 2))).toHaveLength(1);
  });

  it('are wrong when one was decided twice', () => {
    expect(found([...ALL, decided(5_000)])).toEqual([expect.stringContaining('00:05.000Z was decided 2 times')]);
  });

  it('are wrong when one is decided that was not to be', () => {
    expect(found([...ALL, decided(15_000)])).toEqual([expect.stringContaining('no bar of 1970-01-01T00:00:15.000Z')]);
    expect(found([...ALL, decided(7_000)])).toHaveLength(1);
  });

  it('are all missed when none was decided', () => {
    expect(found([], null)).toEqual([expect.stringContaining('no bar at all')]);
  });

  it('are told a few at a time', () => {
    const details = missedBars({ ...EVIDENCE, lastBar: 45_000 });
    expect(details).toHaveLength(4);
    expect(details.at(-1)?.detail).toContain('7 bars more');
  });
});

describe('candles of decisions', () => {
  const closes = new Map([0, 5_000, 10_000].map((bar) => [bar, 100]));
  const found = (...decisions: typeof ALL) =>
    unfinishedCandles({ ...EVIDENCE, decisions }, closes).map(({ kind, detail }) => {
      expect(kind).toBe('unfinished-candle');
      return detail;
    });

  it('are those that the exchange has finished', () => {
    expect(found(...ALL, decided(0, 100, 5_000))).toEqual([]);
  });

  it('are not finished when their close is another', () => {
    expect(found(decided(5_000, 99.5))).toEqual([
      expect.stringContaining("decided on a close of 99.5; the exchange's candle closed at 100"),
    ]);
  });

  it('are not finished before their end', () => {
    expect(found(decided(5_000, 100, 9_999))).toEqual([expect.stringContaining('before its end')]);
  });

  it('are none that the exchange does not have', () => {
    expect(found(decided(15_000))).toEqual([expect.stringContaining('the exchange has no candle of it')]);
  });
});
