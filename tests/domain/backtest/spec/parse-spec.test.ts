import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BROKER, DEFAULT_SIZING } from '../../../../domain/backtest/settings.ts';
import { parseSpec } from '../../../../domain/backtest/spec/parse-spec.ts';
import { isOrdersText, strategyName } from '../../../../domain/backtest/spec/spec.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';

const number = (name: string, least: number, fallback: number | null) =>
  ({ name, kind: 'integer', title: name, min: least, max: 100, default: fallback }) as const;

/** A registry of one strategy, so that what the real one says may change. */
const STRATEGIES: readonly Strategy[] = [
  {
    id: 'cross',
    title: 'Cross',
    params: [number('fast', 1, 10), number('slow', 2, 50)],
    check: ({ fast, slow }) => (fast! < slow! ? [] : [{ field: 'fast', value: fast, message: 'has to be below slow' }]),
    prepare: () => () => undefined,
  },
];

const FILE = { file: '/data/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' } as const;
const GOOD = { data: FILE, strategy: { id: 'cross' } };

function problemsOf(document: unknown): readonly string[] {
  const parsed = parseSpec(document, STRATEGIES);
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field}: ${message}`);
}

function specOf(document: unknown) {
  const parsed = parseSpec(document, STRATEGIES);
  if (!parsed.ok) throw new Error(problemsOf(document).join('; '));
  return parsed.request.spec;
}

describe('a spec', () => {
  it('is completed with every default', () => {
    expect(specOf(GOOD)).toEqual({
      data: [FILE],
      from: null,
      to: null,
      strategy: { id: 'cross', params: { fast: 10, slow: 50 } },
      sizing: DEFAULT_SIZING,
      broker: DEFAULT_BROKER,
      calendar: null,
      periodsPerYear: null,
      riskFreeRate: 0,
      benchmark: 'buy-and-hold',
      seed: 1,
    });
  });

  it('is the same once more when it comes back completed', () => {
    const complete = specOf({
      ...GOOD,
      broker: { commission: 0.002, instruments: { X: { tick: 0.01 } } },
      to: '2022-01-01',
    });
    expect(specOf(JSON.parse(JSON.stringify(complete)))).toEqual(complete);
  });

  it('takes one rate of commission for makers and takers, or each by itself', () => {
    expect(specOf({ ...GOOD, broker: { commission: 0.002 } }).broker.commission).toEqual({
      maker: 0.002,
      taker: 0.002,
      fixed: 0,
    });
    expect(specOf({ ...GOOD, broker: { commission: { taker: 0.001, maker: -0.0001 } } }).broker.commission).toEqual({
      maker: -0.0001,
      taker: 0.001,
      fixed: 0,
    });
  });

  it('takes a list of sources, data sets and files side by side', () => {
    expect(specOf({ ...GOOD, data: [FILE, { datasetId: 'ds_1' }] }).data).toEqual([FILE, { datasetId: 'ds_1' }]);
  });

  it.each([
    ['2022-01-31', '2022-01-31T00:00:00.000Z'],
    ['2022-01-31T12:00:00+02:00', '2022-01-31T10:00:00.000Z'],
    // 2022-01-31T00:00:00Z
    [1_643_587_200_000, '2022-01-31T00:00:00.000Z'],
  ])('reads the instant %p', (from, iso) => {
    expect(specOf({ ...GOOD, from }).from).toBe(iso);
  });

  it('takes the columns and the clock of a file', () => {
    const data = { ...FILE, columns: { timestamp: 'when', close: '5' }, zone: 'America/New_York' };
    expect(specOf({ ...GOOD, data }).data).toEqual([data]);
  });

  it('takes null for no comparison', () => {
    expect(specOf({ ...GOOD, benchmark: null }).benchmark).toBeNull();
  });

  it('takes a strategy from a file with parameters that nobody knows yet', () => {
    const strategy = { file: '/home/me/own.mjs', params: { anything: 3 } };
    expect(specOf({ ...GOOD, strategy }).strategy).toEqual(strategy);
  });
});

describe('what cannot be used is told', () => {
  it.each([
    ['no object', [], ['', 'give a JSON object with data, from']],
    ['nothing', undefined, ['', 'give a JSON object with data, from']],
    ['an unknown field, with the nearest', { ...GOOD, brokr: {} }, ['brokr', 'no such field; did you mean "broker"?']],
    ['no data', { strategy: GOOD.strategy }, ['data', 'missing; give {file, symbol']],
    ['an empty list of data', { ...GOOD, data: [] }, ['data', 'the list is empty']],
    ['a symbol twice', { ...GOOD, data: [FILE, FILE] }, ['data.1.symbol', 'is in the list already']],
    ['a file without symbol', { ...GOOD, data: { ...FILE, symbol: undefined } }, ['data.symbol', 'missing; give']],
    [
      'a month as timeframe',
      { ...GOOD, data: { ...FILE, timeframe: '1mo' } },
      ['data.timeframe', 'give a whole number'],
    ],
    ['a wrong stamp', { ...GOOD, data: { ...FILE, stamp: 'opening' } }, ['data.stamp', 'not known']],
    ['no stamp', { ...GOOD, data: { ...FILE, stamp: undefined } }, ['data.stamp', 'missing; give one of open, close']],
    [
      'an unknown column',
      { ...GOOD, data: { ...FILE, columns: { opens: 'o' } } },
      ['data.columns.opens', 'did you mean "open"?'],
    ],
    ['a time without a zone', { ...GOOD, from: '2022-01-31T12:00:00' }, ['from', 'give a date']],
    ['a day that is none', { ...GOOD, from: '2022-13-01' }, ['from', 'give a date']],
    ['an empty range', { ...GOOD, from: '2022-02-01', to: '2022-02-01' }, ['to', 'the range is empty']],
    ['no strategy', { data: FILE }, ['strategy', 'missing; give {id, params}']],
    [
      'two strategies',
      { ...GOOD, strategy: { id: 'cross', orders: 'x' } },
      ['strategy', 'id and orders stand side by side'],
    ],
    [
      'an unknown strategy',
      { ...GOOD, strategy: { id: 'crss' } },
      ['strategy.id', 'no such strategy; did you mean "cross"?'],
    ],
    [
      'an unknown parameter',
      { ...GOOD, strategy: { id: 'cross', params: { fst: 1 } } },
      ['strategy.params.fst', 'did you mean "fast"?'],
    ],
    [
      'a parameter out of range',
      { ...GOOD, strategy: { id: 'cross', params: { fast: 0 } } },
      ['strategy.params.fast', 'give a value from 1 to 100'],
    ],
    [
      'a parameter as text',
      { ...GOOD, strategy: { id: 'cross', params: { fast: '5' } } },
      ['strategy.params.fast', 'give a number'],
    ],
    [
      'parameters that do not fit',
      { ...GOOD, strategy: { id: 'cross', params: { fast: 60 } } },
      ['strategy.params.fast', 'has to be below slow'],
    ],
    [
      'a strategy of another kind of file',
      { ...GOOD, strategy: { file: 'own.ts' } },
      ['strategy.file', 'ends in .mjs'],
    ],
    [
      'an unknown sizing',
      { ...GOOD, sizing: { kind: 'cashshare', value: 1 } },
      ['sizing.kind', 'did you mean "cashShare"?'],
    ],
    [
      'a share above 1',
      { ...GOOD, sizing: { kind: 'cashShare', value: 2 } },
      ['sizing.value', 'above 0 and at most 1'],
    ],
    [
      'a sizing without value',
      { ...GOOD, sizing: { kind: 'units' } },
      ['sizing.value', 'missing; give a number of units'],
    ],
    [
      'a window of one kind of sizing in another',
      { ...GOOD, sizing: { kind: 'units', value: 1, window: 9 } },
      ['sizing.window', 'no such field'],
    ],
    ['no cash', { ...GOOD, broker: { cash: 0 } }, ['broker.cash', 'above 0']],
    ['cash that is no number', { ...GOOD, broker: { cash: Number.NaN } }, ['broker.cash', 'give a number']],
    [
      'a percentage as commission',
      { ...GOOD, broker: { commission: 2 } },
      ['broker.commission', 'at least 0 and below 1'],
    ],
    [
      'a commission of no kind',
      { ...GOOD, broker: { commission: 'free' } },
      ['broker.commission', 'give a JSON object with maker'],
    ],
    ['a margin of 0', { ...GOOD, broker: { margin: 0 } }, ['broker.margin', 'above 0 and at most 1']],
    ['an unknown fill', { ...GOOD, broker: { fill: 'next-opne' } }, ['broker.fill', 'did you mean "next-open"?']],
    ['a flag as text', { ...GOOD, broker: { finalize: 'yes' } }, ['broker.finalize', 'give true or false']],
    ['a volume share of 0', { ...GOOD, broker: { volumeShare: 0 } }, ['broker.volumeShare', 'above 0']],
    [
      'an instrument that is none',
      { ...GOOD, broker: { instruments: { X: 1 } } },
      ['broker.instruments.X', 'give a JSON object'],
    ],
    [
      'a number as a calendar',
      { ...GOOD, calendar: 7 },
      ['calendar', 'give one of 24/7, us-equities, forex, sessions'],
    ],
    ['more periods than there are', { ...GOOD, periodsPerYear: 1e308 }, ['periodsPerYear', 'at most 1000000']],
    ['a year of no period', { ...GOOD, periodsPerYear: 0.5 }, ['periodsPerYear', 'at least 1']],
    [
      'more sources than fit',
      { ...GOOD, data: Array.from({ length: 51 }, (_, i) => ({ datasetId: `ds_${i}` })) },
      ['data', 'has 51 sources: give at most 50'],
    ],
    ['bars of no timeframe', { ...GOOD, data: { datasetId: 'ds_1', resample: '1M' } }, ['data.resample', '"15m"']],
    ['an unknown calendar', { ...GOOD, calendar: 'session' }, ['calendar', 'did you mean "sessions"?']],
    ['a seed with a fraction', { ...GOOD, seed: 1.5 }, ['seed', 'give a whole number']],
  ])('%s', (_what, document, [field, message]) => {
    const problems = problemsOf(document);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${field}: `);
    expect(problems[0]).toContain(message);
  });

  it('all at once', () => {
    const document = {
      data: { ...FILE, stamp: 'x' },
      strategy: { id: 'nope' },
      broker: { cash: -1, margin: 5 },
      seed: -1,
    };
    expect(problemsOf(document).map((line) => line.split(':')[0])).toEqual([
      'data.stamp',
      'strategy.id',
      'broker.cash',
      'broker.margin',
      'seed',
    ]);
  });
});

describe('what a strategy is called', () => {
  it.each([
    [{ id: 'cross', params: {} }, 'cross'],
    [{ file: '/home/me/own.mjs', params: {} }, 'own.mjs'],
    [{ orders: '/tmp/orders.csv' }, 'orders.csv'],
    [{ orders: 'bar,type\n1,market\n' }, 'orders'],
  ])('%j', (strategy, name) => {
    expect(strategyName(strategy)).toBe(name);
  });

  it('knows the text of orders by its lines', () => {
    expect([isOrdersText('bar,type\n1,close'), isOrdersText('orders.csv')]).toEqual([true, false]);
  });
});
