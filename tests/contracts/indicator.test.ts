import { describe, expect, it } from '@jest/globals';
import { columnName, parseColumnName } from '../../domain/indicators/column-name.ts';
import type { Indicator, IndicatorParams } from '../../domain/indicators/indicator.ts';
import { findIndicator, indicators } from '../../domain/indicators/registry.ts';
import { completeParams, type ParamSpec } from '../../domain/parameters/param-spec.ts';
import { type Bars, flat, randomWalk, straight, walkWithPauses } from './indicator-bars.ts';

/** No indicator gives this, so it shows a place that nobody wrote to. */
const UNWRITTEN = 123_456_789.125;

type Columns = readonly Float64Array[];

const inputsOf = (indicator: Indicator, bars: Bars): Columns => indicator.inputs.map((name) => bars[name]);

function computed(indicator: Indicator, params: IndicatorParams, inputs: Columns): Columns {
  const outputs = indicator.outputs.map(() => new Float64Array(inputs[0]!.length).fill(UNWRITTEN));
  indicator.compute(inputs, params, outputs);
  return outputs;
}

function streamed(indicator: Indicator, params: IndicatorParams, inputs: Columns): Columns {
  const length = inputs[0]!.length;
  const outputs = indicator.outputs.map(() => new Float64Array(length));
  const stream = indicator.stream(params);
  const values = new Float64Array(outputs.length);
  for (let i = 0; i < length; i++) {
    values.fill(UNWRITTEN);
    stream.next(
      inputs.map((input) => input[i]!),
      values,
    );
    outputs.forEach((output, k) => (output[i] = values[k]!));
  }
  return outputs;
}

/** The first difference in bits between two sets of lines, up to the end of the shorter one, in words; or `null`. */
function firstDifference(left: Columns, right: Columns): string | null {
  for (let k = 0; k < left.length; k++) {
    const length = Math.min(left[k]!.length, right[k]!.length);
    for (let i = 0; i < length; i++) {
      const [a, b] = [left[k]![i]!, right[k]![i]!];
      if (!Object.is(a, b)) return `output ${k}, bar ${i} of ${length}: ${a} and ${b}`;
    }
  }
  return null;
}

const clamp = ({ min, max }: ParamSpec, value: number): number => Math.min(max, Math.max(min, value));

/** The defaults, the smallest values, and some in between, all short enough for a series of a few hundred bars. */
function paramSetsOf(indicator: Indicator): readonly IndicatorParams[] {
  const setOf = (valueOf: (spec: ParamSpec, k: number) => number): IndicatorParams =>
    Object.fromEntries(indicator.params.map((spec, k) => [spec.name, clamp(spec, valueOf(spec, k))]));
  return [
    setOf((spec) => spec.default ?? spec.min),
    setOf((spec) => spec.min),
    setOf((spec, k) => (spec.kind === 'integer' ? 3 + 2 * k : (spec.default ?? spec.min) * 1.5)),
    setOf((spec, k) => (spec.kind === 'integer' ? 12 - 4 * k : (spec.default ?? spec.min) * 0.5)),
  ];
}

const series: Readonly<Record<string, Bars>> = {
  'a walk': randomWalk(1, 400),
  'another walk': randomWalk(2, 400),
  // Longer than what is computed at a stretch.
  'a long walk': randomWalk(3, 2_600),
  'a flat line': flat(400),
  'a walk with pauses': walkWithPauses(4, 600),
  'a rise': straight(1, 400),
  'a fall': straight(-1, 400),
};

describe('the registry of indicators', () => {
  it('knows each by a name of its own', () => {
    const names = indicators.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => findIndicator(name)?.name)).toEqual(names);
    expect(findIndicator('NO_SUCH')).toBeUndefined();
  });
});

describe.each(indicators)('the indicator $name', (indicator) => {
  const paramSets = paramSetsOf(indicator);
  const walk = inputsOf(indicator, series['a walk']!);

  it('declares parameters with legal defaults, and lines with names of their own', () => {
    const names = indicator.params.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const params of paramSets) expect(completeParams(indicator.params, params).problems).toEqual([]);
    expect(indicator.inputs.length).toBeGreaterThan(0);
    expect(indicator.outputs.length).toBeGreaterThan(0);
    expect(new Set(indicator.outputs).size).toBe(indicator.outputs.length);
  });

  it('can be named as a column', () => {
    for (const params of paramSets) {
      indicator.outputs.forEach((_, output) => {
        const name = columnName({ indicator, params, output });
        expect(parseColumnName(name)).toEqual({ column: { indicator, params, output }, problem: null });
      });
    }
  });

  it('is NaN for as many bars as it declares, and a finite number at each bar after', () => {
    for (const params of paramSets) {
      const lookback = indicator.lookback(params);
      expect(Number.isSafeInteger(lookback) && lookback >= 0 && lookback < 400).toBe(true);
      for (const bars of Object.values(series)) {
        for (const output of computed(indicator, params, inputsOf(indicator, bars))) {
          expect(output.findIndex((value) => !Number.isNaN(value))).toBe(lookback);
          expect(output.subarray(lookback).every((value) => Number.isFinite(value) && value !== UNWRITTEN)).toBe(true);
        }
      }
    }
  });

  it.each(Object.keys(series))('streams the bits that it computes, on %s', (name) => {
    const inputs = inputsOf(indicator, series[name]!);
    for (const params of paramSets) {
      const difference = firstDifference(computed(indicator, params, inputs), streamed(indicator, params, inputs));
      expect(difference).toBeNull();
    }
  });

  it('computes the same of the first bars whether or not more follow', () => {
    for (const params of paramSets) {
      const whole = computed(indicator, params, walk);
      const lookback = indicator.lookback(params);
      // Every point at which the first values appear, and then some way on.
      for (let length = 0; length <= Math.min(400, lookback + 100); length++) {
        const known = walk.map((column) => column.slice(0, length));
        expect(firstDifference(computed(indicator, params, known), whole)).toBeNull();
      }
    }
  });

  it('gives only NaN for fewer bars than it needs, and nothing for none', () => {
    for (const params of paramSets) {
      const lookback = indicator.lookback(params);
      for (const output of computed(
        indicator,
        params,
        walk.map((column) => column.subarray(0, lookback)),
      )) {
        expect(output.every((value) => Number.isNaN(value))).toBe(true);
      }
      expect(
        computed(
          indicator,
          params,
          walk.map(() => new Float64Array(0)),
        )[0],
      ).toHaveLength(0);
    }
  });

  it('starts at the first bar at which all its inputs are numbers', () => {
    for (const params of paramSets) {
      const from = 2 + indicator.inputs.length;
      const late = walk.map((column, k) => column.slice().fill(Number.NaN, 0, from - k));
      const expected = computed(
        indicator,
        params,
        walk.map((column) => column.slice(from)),
      ).map((line) => Float64Array.from([...new Float64Array(from).fill(Number.NaN), ...line]));
      expect(firstDifference(computed(indicator, params, late), expected)).toBeNull();
      expect(firstDifference(streamed(indicator, params, late), expected)).toBeNull();
      const never = walk.map((column) => column.slice().fill(Number.NaN));
      expect(computed(indicator, params, never)[0]!.every((value) => Number.isNaN(value))).toBe(true);
    }
  });

  it('changes none of its inputs', () => {
    for (const params of paramSets) {
      const inputs = walk.map((column) => column.slice());
      computed(indicator, params, inputs);
      expect(firstDifference(inputs, walk)).toBeNull();
    }
  });

  it('keeps what one stream has seen from the other', () => {
    const params = paramSets[0]!;
    const other = inputsOf(indicator, series['another walk']!);
    const [one, two] = [indicator.stream(params), indicator.stream(params)];
    const values = new Float64Array(indicator.outputs.length);
    const alone = streamed(indicator, params, walk);
    const beside = indicator.outputs.map(() => new Float64Array(walk[0]!.length));
    for (let i = 0; i < walk[0]!.length; i++) {
      two.next(
        other.map((column) => column[i]!),
        values,
      );
      one.next(
        walk.map((column) => column[i]!),
        values,
      );
      beside.forEach((line, k) => (line[i] = values[k]!));
    }
    expect(firstDifference(beside, alone)).toBeNull();
  });

  it('does not throw on a NaN between numbers', () => {
    for (const params of paramSets) {
      const holed = walk.map((column) => column.slice().fill(Number.NaN, 150, 151));
      expect(() => computed(indicator, params, holed)).not.toThrow();
      expect(() => streamed(indicator, params, holed)).not.toThrow();
    }
  });

  it('refuses columns that differ in length', () => {
    const params = paramSets[0]!;
    const outputs = indicator.outputs.map(() => new Float64Array(399));
    expect(() => indicator.compute(walk, params, outputs)).toThrow(RangeError);
  });
});
