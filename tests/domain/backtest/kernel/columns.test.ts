import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ColumnStore } from '../../../../domain/backtest/kernel/column-store.ts';
import { StreamedAverages } from '../../../../domain/backtest/kernel/streamed-averages.ts';
import { sma } from '../../../../domain/indicators/averages/sma.ts';
import type { Indicator } from '../../../../domain/indicators/indicator.ts';
import { randomBars } from '../../../../domain/strategies/checks/random-bars.ts';
import { indicator, price } from '../../../../domain/strategies/line-builders.ts';
import type { LineSpec } from '../../../../domain/strategies/line-spec.ts';
import { columnOf } from '../../../../domain/strategies/lines/column.ts';

const BARS = 500;
const candles = randomBars(BARS, 5);
const COLUMN_BYTES = BARS * 8;

/** The bars' range and its middle, counting how often they are computed. */
function countedIndicator(): { readonly range: Indicator; readonly computed: () => number } {
  let computed = 0;
  const range: Indicator = {
    name: 'RANGE',
    title: 'Range and middle',
    params: [],
    inputs: ['high', 'low'],
    outputs: ['range', 'middle'],
    lookback: () => 0,
    compute: ([high, low], _, [range_, middle]) => {
      computed++;
      for (let i = 0; i < high!.length; i++) {
        range_![i] = high![i]! - low![i]!;
        middle![i] = (high![i]! + low![i]!) / 2;
      }
    },
    stream: () => ({ next: () => undefined }),
  };
  return { range, computed: () => computed };
}

describe('a store of columns', () => {
  it('has what the lines of a strategy have', () => {
    const store = new ColumnStore(candles, { maxBytes: 1e9 });
    const specs: readonly LineSpec[] = [
      price('high'),
      indicator('SMA', { period: 20 }),
      indicator('SMA', { period: 7 }, { of: price('volume') }),
      indicator('SMA', { period: 3 }, { of: indicator('RSI', { period: 5 }) }),
      indicator('SMA', { period: 4 }, { timeframe: '4h', shift: 1 }),
      indicator('MACD', {}, { output: 'signal' }),
    ];
    const refs = specs.map((spec) => store.ref(spec));
    const columns = store.columns(refs.map(({ id }) => id));
    specs.forEach((spec, k) => expect(columns.get(refs[k]!.id)).toEqual(columnOf(candles, spec)));
  });

  it('shares a column between shifts on the own timeframe, and counts them into the warm-up', () => {
    const store = new ColumnStore(candles, { maxBytes: 1e9 });
    const now = store.ref(indicator('SMA', { period: 20 }));
    const before = store.ref(indicator('SMA', { period: 20 }, { shift: 5 }));
    expect(before).toEqual({ id: now.id, shift: 5 });
    expect([store.warmUpOf(now), store.warmUpOf(before)]).toEqual([19, 24]);
  });

  it('computes an indicator once for all outputs that are wanted together', () => {
    const { range, computed } = countedIndicator();
    const store = new ColumnStore(candles, { maxBytes: 1e9 });
    const ids = ['range', 'middle'].map((output) => store.ref(indicator(range, {}, { output })).id);
    store.columns(ids);
    store.columns(ids);
    expect(computed()).toBe(1);
  });

  it('drops what was unused for longest when room is needed, and computes it again', () => {
    const { range, computed } = countedIndicator();
    const store = new ColumnStore(candles, { maxBytes: 2 * COLUMN_BYTES });
    const first = store.ref(indicator(range)).id;
    const others = [5, 6, 7].map((period) => store.ref(indicator('SMA', { period })).id);
    store.columns([first]);
    store.columns([others[0]!]);
    store.columns([first]);
    expect(computed()).toBe(1);
    store.columns([others[1]!]);
    store.columns([first]);
    expect(computed()).toBe(1);
    store.columns([others[1]!, others[2]!]);
    expect([...store.columns([first]).values()][0]).toEqual(columnOf(candles, indicator(range)));
    expect(computed()).toBeGreaterThanOrEqual(2);
  });

  it('fills memory of the caller and keeps none of it', () => {
    const { range, computed } = countedIndicator();
    const store = new ColumnStore(candles, { maxBytes: 1e9 });
    const specs = [indicator('SMA', { period: 9 }), indicator(range), indicator('RSI', { period: 5 })];
    for (const spec of specs) {
      const target = new Float64Array(new SharedArrayBuffer(COLUMN_BYTES));
      store.fill(store.keyOf(store.ref(spec).id), target);
      expect(target).toEqual(columnOf(candles, spec));
    }
    store.columns([store.ref(indicator(range)).id]);
    expect(computed()).toBe(3);
    expect(() => store.fill('SMA(9)', new Float64Array(3))).toThrow('SMA(9): the target has 3 values for 500 bars');
    expect(() => store.fill('SMA(8)', new Float64Array(BARS))).toThrow('no combination reads a line SMA(8)');
  });

  it('takes no memory for the bars themselves', () => {
    const store = new ColumnStore(candles, { maxBytes: 0 });
    const { id } = store.ref(price('close'));
    expect(store.bytesOf(id)).toBe(0);
    expect(store.columns([id]).get(id)).toBe(candles.close);
  });
});

it('streams averages with the bits of whole columns, over tiles of any length and bars before them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 2, max: 60 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 0, max: 10 }),
      (periods, tileBars, shift) => {
        const whole = periods.map((period) => {
          const column = new Float64Array(BARS);
          sma.compute([candles.close], { period }, [column]);
          return column;
        });
        const streams = new StreamedAverages(candles.close, periods, tileBars, shift);
        for (let tile = 0; tile < BARS; tile += tileBars) {
          const end = Math.min(BARS, tile + tileBars);
          streams.moveTo(tile, end);
          streams.columns.forEach(({ values, origin }, k) => {
            const first = Math.max(0, tile - shift);
            expect(values.slice(first - origin, end - origin)).toEqual(whole[k]!.slice(first, end));
          });
        }
      },
    ),
  );
});
