import { describe, expect, it } from '@jest/globals';
import { analyseWarmUp } from '../../../../domain/backtest/analysis/warm-up.ts';

/** Closes of 2, then 1 for ever: so an average that begins at the first bar remembers the 2, and one that begins later knows only 1. */
const closes = Float64Array.from({ length: 60 }, (_, bar) => (bar === 0 ? 2 : 1));
const TRADED = 40;
const BARS = 5;

/** The first traded values of an EMA with factor 1/2 that starts with its first close: 1 + 2^-(bars since the 2). */
function ema(fromBar: number): Float64Array {
  let value = Number.NaN;
  const values = closes.slice(fromBar).map((close) => (value = Number.isNaN(value) ? close : (value + close) / 2));
  return values.slice(TRADED - fromBar, TRADED - fromBar + BARS);
}

/** Mean of the last ten closes; NaN until there are ten. */
function sma(fromBar: number): Float64Array {
  return Float64Array.from({ length: BARS }, (_, i) => {
    const bar = TRADED + i;
    if (bar - 9 < fromBar) return Number.NaN;
    return closes.slice(bar - 9, bar + 1).reduce((total, close) => total + close, 0) / 10;
  });
}

const question = { firstTradedBar: TRADED, histories: [40, 5, 20], tolerance: 1e-9 };

describe('the analysis of a warm-up', () => {
  it('tells how much of the first bar a recursive average still holds', () => {
    const { lines, yardstick } = analyseWarmUp({ ...question, values: (from) => ({ ema: ema(from) }) });
    expect(yardstick).toBe(40);
    // The value at the first traded bar is 1 + 2^-40 with all history and 1 with less.
    const change = 2 ** -40 / (1 + 2 ** -40);
    expect(lines).toEqual([
      {
        line: 'ema',
        rows: [
          { history: 5, maxRelativeChange: expect.closeTo(change, 20), undefinedBars: 0 },
          { history: 20, maxRelativeChange: expect.closeTo(change, 20), undefinedBars: 0 },
        ],
        sufficientHistory: 5,
      },
    ]);
  });

  it('finds no history sufficient when the tolerance is below that', () => {
    const { sufficientHistory } = analyseWarmUp({
      ...question,
      tolerance: 1e-13,
      values: (from) => ({ ema: ema(from) }),
    });
    expect(sufficientHistory).toBeNull();
  });

  it('counts the bars at which a window is not yet full', () => {
    const { lines, sufficientHistory } = analyseWarmUp({ ...question, values: (from) => ({ sma: sma(from) }) });
    // With 5 bars of history the tenth close is that of the fifth traded bar.
    expect(lines[0]!.rows[0]).toEqual({ history: 5, maxRelativeChange: 0, undefinedBars: 4 });
    expect(sufficientHistory).toBe(20);
  });

  it.each([
    ['one history only', { histories: [5, 5] }, 'histories is [5, 5]'],
    ['more history than there is', { histories: [5, 41] }, 'a history is 41 bars'],
    ['a tolerance below 0', { tolerance: -1 }, 'tolerance is -1'],
  ])('refuses %s', (_, change, message) => {
    expect(() => analyseWarmUp({ ...question, ...change, values: (from) => ({ ema: ema(from) }) })).toThrow(message);
  });

  it('refuses values of other bars', () => {
    const values = (from: number) => ({ ema: from === 0 ? ema(from) : ema(from).slice(1) });
    expect(() => analyseWarmUp({ ...question, values })).toThrow(
      'line "ema" has 4 values after 5 bars of history, 5 after more',
    );
  });
});
