import { CALENDAR_NAMES, type CalendarName } from '../../market/calendar.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { type BacktestManifest, isManifest, parseManifest } from '../manifest.ts';
import { Fields, isObject } from './fields.ts';
import { parseBroker } from './parse-broker.ts';
import { parseData } from './parse-data.ts';
import { parseSizing } from './parse-sizing.ts';
import { parseStrategy } from './parse-strategy.ts';
import { riskWithoutStop } from './risk-without-stop.ts';
import type { BacktestSpec, CalendarChoice, TradingDays } from './spec.ts';

/** The fields of a spec. */
export const SPEC_FIELDS = [
  'data',
  'from',
  'to',
  'strategy',
  'sizing',
  'broker',
  'calendar',
  'periodsPerYear',
  'riskFreeRate',
  'benchmark',
  'seed',
] as const;

/** Returns are those of days or longer; what is beyond this is no count of them. */
const MOST_PERIODS = 1_000_000;
const LARGEST_SEED = 2 ** 32 - 1;
/** A date, or a date with a time and a zone: a time without a zone would mean another instant on another machine. */
const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** What was asked for: a spec, and where it came in a manifest, what the run must be made of. */
export interface BacktestRequest {
  readonly spec: BacktestSpec;
  readonly expected: BacktestManifest | null;
}

export type ParsedSpec =
  | { readonly ok: true; readonly request: BacktestRequest }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads a backtest spec, or a manifest with one in it. Defaults are filled in; everything that is wrong is reported at once, each with
 * its field's path, its value and what to do.
 */
export function parseSpec(document: unknown, strategies: readonly Strategy[]): ParsedSpec {
  if (isManifest(document)) {
    const parsed = parseManifest(document);
    if (!parsed.ok) return parsed;
    const inner = parseSpec(document.spec, strategies);
    if (!inner.ok)
      return { ok: false, problems: inner.problems.map((each) => ({ ...each, field: `spec.${each.field}` })) };
    return { ok: true, request: { spec: inner.request.spec, expected: parsed.manifest } };
  }
  if (!isObject(document)) {
    return {
      ok: false,
      problems: [{ field: '', value: document ?? null, message: `give a JSON object with ${SPEC_FIELDS.join(', ')}` }],
    };
  }
  const problems: FieldProblem[] = [];
  const fields = new Fields(document, '', problems, SPEC_FIELDS);
  const spec: BacktestSpec = {
    data: parseData(fields.value('data'), problems),
    from: instantOf(fields, 'from'),
    to: instantOf(fields, 'to'),
    strategy: parseStrategy(fields.value('strategy'), strategies, problems),
    sizing: parseSizing(fields.value('sizing'), problems),
    broker: parseBroker(fields.value('broker'), problems),
    calendar: orNull(fields, 'calendar', () => calendarOf(fields)),
    periodsPerYear: orNull(fields, 'periodsPerYear', () =>
      fields.number('periodsPerYear', { min: 1, max: MOST_PERIODS, meaning: 'returns in a year, 365 or 252 of days' }),
    ),
    riskFreeRate: fields.number('riskFreeRate', { above: -1, meaning: 'an annual ratio such as 0.03' }, 0),
    // Absent means compare; only a null says that nothing shall be compared with.
    benchmark:
      fields.value('benchmark') === null
        ? null
        : fields.choice<'buy-and-hold'>('benchmark', ['buy-and-hold'], 'buy-and-hold'),
    seed: fields.number('seed', { min: 0, max: LARGEST_SEED, integer: true, meaning: 'where random numbers begin' }, 1),
  };
  refuseEmptyRange(spec, fields);
  if (problems.length === 0) problems.push(...sizingProblems(spec, strategies));
  return problems.length === 0 ? { ok: true, request: { spec, expected: null } } : { ok: false, problems };
}

function orNull<T>(fields: Fields, name: string, read: () => T): T | null {
  return (fields.value(name) ?? null) === null ? null : read();
}

function calendarOf(fields: Fields): CalendarChoice {
  const value = fields.value('calendar');
  return isObject(value)
    ? value
    : fields.choice<CalendarName | TradingDays>('calendar', [...CALENDAR_NAMES, 'sessions']);
}

function instantOf(fields: Fields, name: 'from' | 'to'): string | null {
  const value = fields.value(name) ?? null;
  if (value === null) return null;
  const time =
    typeof value === 'number' ? value : typeof value === 'string' && ISO.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isSafeInteger(time) && Math.abs(time) <= 8.64e15) return new Date(time).toISOString();
  fields.problem(
    name,
    'give a date ("2022-01-31"), a time with its zone ("2022-01-31T12:00:00Z"), or milliseconds since 1970',
  );
  return null;
}

function sizingProblems({ strategy, sizing }: BacktestSpec, strategies: readonly Strategy[]): readonly FieldProblem[] {
  const named = 'id' in strategy ? strategies.find(({ id }) => id === strategy.id) : undefined;
  return named === undefined || !('id' in strategy) ? [] : riskWithoutStop(named, strategy.params, sizing);
}

function refuseEmptyRange({ from, to }: BacktestSpec, fields: Fields): void {
  if (from !== null && to !== null && Date.parse(to) <= Date.parse(from)) {
    fields.problem('to', `the range is empty: give a time after from (${from})`);
  }
}
