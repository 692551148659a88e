import { describe, expect, it } from '@jest/globals';
import { completeParams, jsonSchemaOf, type ParamSpec } from '../../../domain/parameters/param-spec.ts';

const specs: readonly ParamSpec[] = [
  { name: 'slices', kind: 'integer', title: 'number of slices', min: 1, max: 100, default: null },
  { name: 'reach', kind: 'number', title: 'reach in bps', min: 0, max: 5.5, default: 2.5 },
];

describe('parameters', () => {
  it('are completed with their defaults', () => {
    expect(completeParams(specs, { slices: 4 })).toEqual({ params: { slices: 4, reach: 2.5 }, problems: [] });
  });

  it('may lie on their bounds', () => {
    expect(completeParams(specs, { slices: 100, reach: 0 }).problems).toEqual([]);
  });

  it.each([
    ['a required one that is missing', {}, 'slices', null, 'give a number: number of slices'],
    ['null', { slices: null }, 'slices', null, 'give a number: number of slices'],
    ['text', { slices: '4' }, 'slices', '4', 'give a number: number of slices'],
    ['NaN', { slices: Number.NaN }, 'slices', Number.NaN, 'give a number: number of slices'],
    ['infinity', { slices: 4, reach: Infinity }, 'reach', Infinity, 'give a number: reach in bps'],
    ['a broken integer', { slices: 4.5 }, 'slices', 4.5, 'give a whole number'],
    ['too little', { slices: 0 }, 'slices', 0, 'give a value from 1 to 100'],
    ['too much', { slices: 4, reach: 5.6 }, 'reach', 5.6, 'give a value from 0 to 5.5'],
    ['an unknown name', { slices: 4, slice: 4 }, 'slice', 4, 'unknown parameter; known: slices, reach'],
  ])('refuse %s', (_, given, field, value, message) => {
    expect(completeParams(specs, given).problems).toEqual([{ field, value, message }]);
  });

  it('say all that is wrong at once', () => {
    expect(completeParams(specs, { slices: 0, reach: -1 }).problems).toHaveLength(2);
  });

  it('describe themselves as JSON Schema, a required one without a default', () => {
    expect(specs.map(jsonSchemaOf)).toEqual([
      { type: 'integer', minimum: 1, maximum: 100, description: 'number of slices' },
      { type: 'number', minimum: 0, maximum: 5.5, description: 'reach in bps', default: 2.5 },
    ]);
  });
});

describe('a parameter that is one of a few words', () => {
  const spec = { name: 'style', kind: 'choice', title: 'how', choices: ['taker', 'maker'], default: 'taker' } as const;

  it('takes each of them, and the default where it is left out', () => {
    expect(completeParams([spec], { style: 'maker' })).toEqual({ params: { style: 'maker' }, problems: [] });
    expect(completeParams([spec], {})).toEqual({ params: { style: 'taker' }, problems: [] });
  });

  it.each(['Taker', '', 1, null, ['taker']])('refuses %p and names them', (value) => {
    const { problems } = completeParams([spec], { style: value });
    expect(problems).toEqual([{ field: 'style', value, message: 'give one of taker, maker: how' }]);
  });

  it('is required without a default', () => {
    const { problems } = completeParams([{ ...spec, default: null }], {});
    expect(problems).toMatchObject([{ field: 'style', value: null }]);
  });

  it('is an enumeration in JSON Schema', () => {
    expect(jsonSchemaOf(spec)).toEqual({
      type: 'string',
      enum: ['taker', 'maker'],
      description: 'how',
      default: 'taker',
    });
  });
});
