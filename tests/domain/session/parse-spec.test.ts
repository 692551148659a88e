import { describe, expect, it } from '@jest/globals';
import { parseSessionSpec } from '../../../domain/session/parse-spec.ts';
import { checkSessionStrategy } from '../../../domain/session/parse-strategy.ts';
import type { SessionSpec } from '../../../domain/session/spec.ts';
import type { Strategy } from '../../../domain/strategies/strategy.ts';

const number = (name: string, least: number, fallback: number | null) =>
  ({ name, kind: 'integer', title: name, min: least, max: 100, default: fallback }) as const;

/** A registry of its own, so that what the real one says may change. */
const CROSS: Strategy = {
  id: 'cross',
  title: 'Cross',
  params: [number('fast', 1, 10), number('slow', 2, 50), number('shorts', 0, 0)],
  check: ({ fast, slow }) => (fast! < slow! ? [] : [{ field: 'fast', value: fast, message: 'has to be below slow' }]),
  prepare: () => () => undefined,
};
const RULES: Strategy = {
  id: 'ruled',
  title: 'Ruled',
  params: [number('sides', 1, 1)],
  rules: ({ sides }) => ({
    enterLong: { kind: 'always' },
    ...(sides === 2 ? { enterShort: { kind: 'always' } as const } : {}),
  }),
  prepare: () => () => undefined,
};

const GOOD = {
  venue: 'sim',
  symbols: ['BTC/USDT'],
  timeframe: '15m',
  strategy: { id: 'cross' },
  capital: '10000',
};

function problemsOf(document: unknown): readonly string[] {
  const parsed = parseSessionSpec(document, [CROSS, RULES]);
  return parsed.ok ? [] : parsed.problems.map(({ field, message }) => `${field}: ${message}`);
}

function specOf(document: unknown): SessionSpec {
  const parsed = parseSessionSpec(document, [CROSS, RULES]);
  if (!parsed.ok) throw new Error(problemsOf(document).join('; '));
  return parsed.spec;
}

const WINDOW = { days: ['Mon', 5, 'tue', 5], from: '22:00', to: '02:00' };
const windows = (given: object = {}) => ({
  ...GOOD,
  hours: { kind: 'windows', zone: 'America/New_York', windows: [WINDOW], ...given },
});

describe('the spec of a session', () => {
  it('is completed with every default', () => {
    expect(specOf(GOOD)).toEqual({
      name: 'cross BTC/USDT',
      venue: 'sim',
      symbols: ['BTC/USDT'],
      timeframe: '15m',
      strategy: { id: 'cross', params: { fast: 10, slow: 50, shorts: 0 } },
      sizing: { kind: 'cashShare', value: 1 },
      capital: '10000',
      hours: { kind: 'always' },
      atClose: 'keep',
      catchUp: 'latest',
      maxBarAgeMs: 900_000,
      orders: { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 },
    });
  });

  it('keeps what is given', () => {
    const given = {
      ...GOOD,
      name: ' Über Nacht ',
      symbols: ['BTC/USDT', 'ETH/USDT'],
      strategy: { id: 'cross', params: { fast: 3, slow: 8 } },
      sizing: { kind: 'units', value: 0.5 },
      capital: '0.00000001',
      atClose: 'flatten',
      catchUp: 'replay',
      maxBarAgeMs: 60_000,
      orders: { aggressionBps: 0, timeoutMs: 5_000 },
    };
    expect(specOf(given)).toMatchObject({
      ...given,
      name: 'Über Nacht',
      strategy: { id: 'cross', params: { fast: 3, slow: 8, shorts: 0 } },
      orders: { aggressionBps: 0, stopSlippageBps: 50, timeoutMs: 5_000 },
    });
  });

  it('takes hours by a word, as a calendar and as windows', () => {
    expect(['always', '24/7', 'forex'].map((hours) => specOf({ ...GOOD, hours }).hours)).toEqual([
      { kind: 'always' },
      { kind: 'always' },
      { kind: 'calendar', calendar: 'forex' },
    ]);
    expect(specOf({ ...GOOD, hours: { kind: 'calendar', calendar: 'us-equities' } }).hours).toEqual({
      kind: 'calendar',
      calendar: 'us-equities',
    });
    expect(specOf(windows({ closedOn: ['2026-12-25', '2026-01-01', '2026-12-25'] })).hours).toEqual({
      kind: 'windows',
      zone: 'America/New_York',
      windows: [{ days: [1, 2, 5], from: '22:00', to: '02:00' }],
      closedOn: ['2026-01-01', '2026-12-25'],
    });
    expect(specOf(windows({ windows: [{ from: '00:00', to: '24:00' }] })).hours).toMatchObject({
      windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
    });
  });

  it.each([
    ['with defaults', GOOD],
    ['with windows', windows({ closedOn: ['2026-12-25'] })],
    ['with a file', { ...GOOD, strategy: { file: '/home/me/own.mjs', params: { anything: 3 } } }],
  ])('is the same once more when it comes back completed: %s', (_, document) => {
    const complete = specOf(document);
    expect(specOf(JSON.parse(JSON.stringify(complete)))).toEqual(complete);
  });

  it('is called by its strategy file where it has no name, and by no more than 80 characters', () => {
    expect(specOf({ ...GOOD, strategy: { file: '/home/me/own.mjs' } }).name).toBe('own.mjs BTC/USDT');
    const symbols = Array.from({ length: 20 }, (_, i) => `COIN${i}/USDT`);
    expect(specOf({ ...GOOD, symbols }).name).toHaveLength(80);
  });
});

describe('what cannot be used in the spec of a session is told', () => {
  const many = Array.from({ length: 21 }, (_, i) => `C${i}/USDT`);
  it.each([
    ['no object', [], '', 'give a JSON object with name, venue'],
    ['nothing', undefined, '', 'give a JSON object with name, venue'],
    ['an unknown field, with the nearest', { ...GOOD, simbols: [] }, 'simbols', 'did you mean "symbols"?'],
    ['the confirmation, which is none of it', { ...GOOD, confirm: 'live' }, 'confirm', 'no such field'],
    ['no venue', { ...GOOD, venue: undefined }, 'venue', 'missing; give the id of a venue account'],
    ['a name that is none', { ...GOOD, name: 7 }, 'name', 'give text'],
    ['an empty name', { ...GOOD, name: ' ' }, 'name', 'give text'],
    ['a long name', { ...GOOD, name: 'x'.repeat(81) }, 'name', '81 characters; give at most 80'],
    ['a name with a line break', { ...GOOD, name: 'a\nb' }, 'name', 'character 2 is U+000A, which cannot be seen'],
    ['a name that runs backwards', { ...GOOD, name: 'ab\u202Ec' }, 'name', 'character 3 is U+202E'],
    ['no symbols', { ...GOOD, symbols: undefined }, 'symbols', 'missing; give a list of spot symbols'],
    ['an empty list', { ...GOOD, symbols: [] }, 'symbols', 'give a list of spot symbols'],
    ['one symbol as text', { ...GOOD, symbols: 'BTC/USDT' }, 'symbols', 'give a list of spot symbols'],
    ['too many symbols', { ...GOOD, symbols: many }, 'symbols', 'has 21 symbols: give at most 20'],
    ['a symbol that is none', { ...GOOD, symbols: ['BTC'] }, 'symbols.0', 'a session trades spot only'],
    ['a perpetual', { ...GOOD, symbols: ['BTC/USDT:USDT'] }, 'symbols.0', 'a session trades spot only'],
    ['a symbol with a space', { ...GOOD, symbols: ['BTC /USDT'] }, 'symbols.0', 'give a spot symbol'],
    ['a symbol that is no text', { ...GOOD, symbols: ['BTC/USDT', 3] }, 'symbols.1', 'give a spot symbol'],
    ['a symbol twice', { ...GOOD, symbols: ['BTC/USDT', 'BTC/USDT'] }, 'symbols.1', 'is in the list already'],
    ['two quotes', { ...GOOD, symbols: ['BTC/USDT', 'ETH/BTC'] }, 'symbols.1', 'is quoted in BTC and BTC/USDT in USDT'],
    ['no timeframe', { ...GOOD, timeframe: undefined }, 'timeframe', 'missing; give the length of a bar'],
    ['a month as timeframe', { ...GOOD, timeframe: '1mo' }, 'timeframe', 'give a whole number and s, m, h, d or w'],
    ['a timeframe of weeks', { ...GOOD, timeframe: '8d' }, 'timeframe', 'give "1w" or shorter'],
    ['no strategy', { ...GOOD, strategy: undefined }, 'strategy', 'missing; give {id, params}, or {file}'],
    ['orders', { ...GOOD, strategy: { orders: 'x.csv' } }, 'strategy', 'takes no list of orders'],
    ['two strategies', { ...GOOD, strategy: { id: 'cross', file: 'x.mjs' } }, 'strategy', 'stand side by side'],
    ['an unknown strategy', { ...GOOD, strategy: { id: 'crss' } }, 'strategy.id', 'did you mean "cross"?'],
    ['a file of another kind', { ...GOOD, strategy: { file: 'a.ts' } }, 'strategy.file', 'ends in .mjs'],
    ['a parameter out of range', strategyOf({ fast: 0 }), 'strategy.params.fast', 'give a value from 1 to 100'],
    ['an unknown parameter', strategyOf({ fst: 1 }), 'strategy.params.fst', 'did you mean "fast"?'],
    ['parameters that do not fit', strategyOf({ fast: 60 }), 'strategy.params.fast', 'has to be below slow'],
    [
      'a parameter for shorts',
      strategyOf({ shorts: 1 }),
      'strategy.params.shorts',
      'long only, nothing is sold that is not held: give 0',
    ],
    [
      'rules that sell short',
      { ...GOOD, strategy: { id: 'ruled', params: { sides: 2 } } },
      'strategy.params',
      'ruled enters short',
    ],
    ['an unknown sizing', { ...GOOD, sizing: { kind: 'unit', value: 1 } }, 'sizing.kind', 'did you mean "units"?'],
    [
      'risk without a stop',
      { ...GOOD, strategy: { id: 'ruled' }, sizing: { kind: 'riskPerTrade', value: 0.01 } },
      'sizing',
      'ruled has no stop',
    ],
    ['no capital', { ...GOOD, capital: undefined }, 'capital', 'missing; give the quote currency'],
    ['capital as a number', { ...GOOD, capital: 10_000 }, 'capital', 'as decimal text above 0'],
    ['no capital at all', { ...GOOD, capital: '0.00' }, 'capital', 'as decimal text above 0'],
    [
      'capital of 98 digits',
      { ...GOOD, capital: '9'.repeat(98) },
      'capital',
      'give at most 24 digits before the point',
    ],
    ['capital too fine', { ...GOOD, capital: `1.${'0'.repeat(18)}1` }, 'capital', 'and 18 behind it'],
    ['capital with an exponent', { ...GOOD, capital: '1e4' }, 'capital', 'as decimal text above 0'],
    ['an unknown end of hours', { ...GOOD, atClose: 'flaten' }, 'atClose', 'did you mean "flatten"?'],
    ['an unknown policy', { ...GOOD, catchUp: 'last' }, 'catchUp', 'known: skip, latest, replay'],
    ['an age of nothing', { ...GOOD, maxBarAgeMs: 0 }, 'maxBarAgeMs', 'at least 1000'],
    ['an age of parts', { ...GOOD, maxBarAgeMs: 1000.5 }, 'maxBarAgeMs', 'give a whole number'],
    ['orders that are none', { ...GOOD, orders: 50 }, 'orders', 'give a JSON object with aggressionBps'],
    [
      'an unknown order term',
      { ...GOOD, orders: { agressionBps: 5 } },
      'orders.agressionBps',
      'did you mean "aggressionBps"?',
    ],
    [
      'orders far from the market',
      { ...GOOD, orders: { aggressionBps: 1_001 } },
      'orders.aggressionBps',
      'at most 1000',
    ],
    [
      'stops far from their trigger',
      { ...GOOD, orders: { stopSlippageBps: -1 } },
      'orders.stopSlippageBps',
      'at least 0',
    ],
    ['orders for no time', { ...GOOD, orders: { timeoutMs: 10 } }, 'orders.timeoutMs', 'at least 1000'],
    ['hours that are none', { ...GOOD, hours: 5 }, 'hours', 'give "always", the name of a calendar'],
    ['an unknown word for hours', { ...GOOD, hours: 'us-equity' }, 'hours', 'did you mean "us-equities"?'],
    ['hours of no kind', { ...GOOD, hours: {} }, 'hours.kind', 'missing; give one of always, calendar, windows'],
    ['an unknown kind', { ...GOOD, hours: { kind: 'window' } }, 'hours.kind', 'did you mean "windows"?'],
    [
      'an unknown calendar',
      { ...GOOD, hours: { kind: 'calendar', calendar: 'fx' } },
      'hours.calendar',
      'known: us-equities, forex',
    ],
    [
      'a zone of a calendar',
      { ...GOOD, hours: { kind: 'calendar', calendar: 'forex', zone: 'UTC' } },
      'hours.zone',
      'no such field',
    ],
    ['no zone', windows({ zone: undefined }), 'hours.zone', 'missing; give the time zone'],
    ['a zone that is none', windows({ zone: 'Mars/Olympus' }), 'hours.zone', '"Mars/Olympus" is no time zone'],
    ['no windows', windows({ windows: [] }), 'hours.windows', 'give a list of 1 to 100 windows'],
    [
      'a window that is none',
      windows({ windows: [null] }),
      'hours.windows.0',
      'give a JSON object with days, from, to',
    ],
    ['a window of more', windows({ windows: [{ ...WINDOW, zone: 'UTC' }] }), 'hours.windows.0.zone', 'no such field'],
    ['no days', windows({ windows: [{ ...WINDOW, days: [] }] }), 'hours.windows.0.days', 'give days of the week'],
    [
      'a day that is none',
      windows({ windows: [{ ...WINDOW, days: [0] }] }),
      'hours.windows.0.days',
      'give days of the week',
    ],
    [
      'a day by a wrong name',
      windows({ windows: [{ ...WINDOW, days: ['moonday'] }] }),
      'hours.windows.0.days',
      'give days of the week',
    ],
    ['no beginning', windows({ windows: [{ to: '10:00' }] }), 'hours.windows.0.from', 'missing; give the local time'],
    [
      'a beginning at the end of the day',
      windows({ windows: [{ from: '24:00', to: '10:00' }] }),
      'hours.windows.0.from',
      'from "00:00" to "23:59"',
    ],
    [
      'an end beyond the day',
      windows({ windows: [{ from: '09:00', to: '24:01' }] }),
      'hours.windows.0.to',
      'from "00:00" to "24:00"',
    ],
    [
      'an hour without zero',
      windows({ windows: [{ from: '9:00', to: '10:00' }] }),
      'hours.windows.0.from',
      'give a time of day',
    ],
    ['closed dates that are no list', windows({ closedOn: '2026-12-25' }), 'hours.closedOn', 'give a list'],
    ['a date that is none', windows({ closedOn: ['2026-12-25', '2026-02-30'] }), 'hours.closedOn.1', 'is no date'],
  ])('%s', (_, document, field, message) => {
    const problems = problemsOf(document);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${field}: `);
    expect(problems[0]).toContain(message);
  });

  it('all at once, each with its value', () => {
    const parsed = parseSessionSpec({ ...GOOD, venue: 3, capital: -5, catchUp: 'all' }, [CROSS]);
    expect(parsed).toMatchObject({
      problems: [
        { field: 'venue', value: 3 },
        { field: 'capital', value: -5 },
        { field: 'catchUp', value: 'all' },
      ],
    });
  });
});

describe('the parameters of a strategy at hand', () => {
  const units = { kind: 'units', value: 1 } as const;

  it('are completed', () => {
    expect(checkSessionStrategy(CROSS, { fast: 4 }, units)).toEqual({
      params: { fast: 4, slow: 50, shorts: 0 },
      problems: [],
    });
  });

  it.each([
    ['out of range', CROSS, { fast: 0 }, units, 'strategy.params.fast'],
    ['for shorts', CROSS, { shorts: 1 }, units, 'strategy.params.shorts'],
    ['for the short side', RULES, { sides: 2 }, units, 'strategy.params'],
    ['without a stop to size by', RULES, {}, { kind: 'riskPerTrade', value: 0.01 } as const, 'sizing'],
  ])('are refused: %s', (_, strategy, given, sizing, field) => {
    expect(checkSessionStrategy(strategy, given, sizing).problems.map((problem) => problem.field)).toEqual([field]);
  });
});

function strategyOf(params: Readonly<Record<string, number>>): object {
  return { ...GOOD, strategy: { id: 'cross', params } };
}
