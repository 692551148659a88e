import { describe, expect, it } from '@jest/globals';
import { detectLookAhead, detectWhileGrowing } from '../../../../domain/backtest/analysis/look-ahead.ts';

/** Closes that rise and fall without a short period. */
const closes = Float64Array.from({ length: 300 }, (_, bar) => 100 + ((bar * 37) % 101) / 10);

interface Signal {
  readonly bar: number;
  readonly side: 'buy' | 'sell';
  readonly size: number;
}

/** Runs a rule over the first `bars` closes, bar after bar. */
function signals(rule: (seen: Float64Array, bar: number) => Omit<Signal, 'bar'> | null): (bars: number) => Signal[] {
  return (bars) => {
    const seen = closes.slice(0, bars);
    return Array.from(seen, (_, bar) => {
      const signal = rule(seen, bar);
      return signal === null ? [] : [{ bar, ...signal }];
    }).flat();
  };
}

const buy = (size = 1) => ({ side: 'buy', size }) as const;

describe('the look-ahead detector', () => {
  it('finds nothing in a rule that looks back', () => {
    const honest = signals((seen, bar) => (bar > 1 && seen[bar]! > seen[bar - 1]! ? buy() : null));
    const report = detectLookAhead({ bars: 300, decide: honest });
    expect(report).toMatchObject({ isClean: true, first: null, findings: [] });
    expect(report.decisions).toBeGreaterThan(50);
    expect(report.cuts.length).toBeGreaterThan(50);
  });

  it('catches a rule that knows the next close, at the first bar that it decided so', () => {
    const cheat = signals((seen, bar) => (seen[bar + 1]! > seen[bar]! ? buy() : null));
    const report = detectLookAhead({ bars: 300, decide: cheat });
    // The first rise is from bar 0 to bar 1, since (37 mod 101) > 0.
    expect(report.first).toEqual({ cut: 1, bar: 0, full: { bar: 0, ...buy() }, truncated: null, fields: [] });
    expect(report.isClean).toBe(false);
  });

  it('catches a size that is scaled by the extreme of all data, and names the field', () => {
    const highest = (seen: Float64Array): number => seen.reduce((most, close) => Math.max(most, close));
    const cheat = signals((seen, bar) => (bar % 10 === 0 ? buy(seen[bar]! / highest(seen)) : null));
    const { first } = detectLookAhead({ bars: 300, decide: cheat });
    expect(first).toMatchObject({ cut: 1, bar: 0, fields: ['size'] });
  });

  it('catches a rule that looks a hundred bars ahead only now and then', () => {
    const cheat = signals((seen, bar) => {
      if (bar === 150) return (seen[250] ?? 0) > 0 ? buy() : { side: 'sell', size: 1 };
      return bar % 7 === 0 ? buy() : null;
    });
    const { first } = detectLookAhead({ bars: 300, decide: cheat });
    expect(first).toMatchObject({ bar: 150, fields: ['side'], full: { side: 'buy' }, truncated: { side: 'sell' } });
  });

  it('catches a signal that is drawn afterwards, which the cut run has and the whole run has not', () => {
    const repaints = signals((seen, bar) => (bar === seen.length - 1 ? buy() : null));
    const { findings } = detectLookAhead({ bars: 300, decide: repaints, cuts: [100] });
    expect(findings).toEqual([{ cut: 100, bar: 99, full: null, truncated: { bar: 99, ...buy() }, fields: [] }]);
  });

  it('compares what is nested', () => {
    const decide = (bars: number) => [{ bar: 3, lines: Float64Array.of(1, bars) }];
    expect(detectLookAhead({ bars: 300, decide, cuts: [50] }).first).toMatchObject({ bar: 3, fields: ['lines'] });
  });

  it.each([0, 301, 1.5])('refuses a cut after %d bars', (cut) => {
    expect(() => detectLookAhead({ bars: 300, decide: () => [], cuts: [cut] })).toThrow(`a cut is after ${cut} bars`);
  });
});

describe('the look-ahead detector while data grow', () => {
  const lengths = [100, 150, 151, 152, 250];

  it('finds nothing in a rule that looks back', () => {
    const honest = signals((seen, bar) => (bar > 1 && seen[bar]! > seen[bar - 1]! ? buy() : null));
    const report = detectWhileGrowing({ bars: 300, decide: honest }, lengths);
    expect(report).toMatchObject({ isClean: true, cuts: lengths });
    expect(report.decisions).toBeGreaterThan(50);
  });

  it('catches a rule that has kept the longest data of all runs, which a whole run first would hide', () => {
    const cheat = (): ((bars: number) => Signal[]) => {
      let kept = new Float64Array();
      return (bars) => {
        if (bars > kept.length) kept = closes.slice(0, bars);
        return signals((_, bar) => (bar % 50 === 0 && kept[bar + 1]! > kept[bar]! ? buy() : null))(bars);
      };
    };
    expect(detectLookAhead({ bars: 300, decide: cheat(), cuts: [101] }).isClean).toBe(true);
    // The close of bar 1 lies above that of bar 0, since (37 mod 101) > 0.
    const { first } = detectWhileGrowing({ bars: 300, decide: cheat() }, [1, 2]);
    expect(first).toMatchObject({ cut: 1, bar: 0, truncated: null, full: { side: 'buy' } });
  });

  it('refuses a length outside of the data', () => {
    expect(() => detectWhileGrowing({ bars: 300, decide: () => [] }, [301])).toThrow('a cut is after 301 bars');
  });
});
