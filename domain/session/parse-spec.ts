import { Fields, isObject } from '../backtest/spec/fields.ts';
import { parseSizing } from '../backtest/spec/parse-sizing.ts';
import { type Decimal, decimal, type DurationMs, isDecimal } from '../market/decimal.ts';
import { isTimeframe, type Timeframe, timeframeMs } from '../market/timeframe.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { parseHours } from './hours/parse-hours.ts';
import { parseSessionStrategy } from './parse-strategy.ts';
import { parseSymbols } from './parse-symbols.ts';
import { CATCH_UP, type OrderTerms, type SessionSpec } from './spec.ts';

/** The fields of a session's spec. */
export const SESSION_FIELDS = [
  'name',
  'venue',
  'symbols',
  'timeframe',
  'strategy',
  'sizing',
  'capital',
  'hours',
  'atClose',
  'catchUp',
  'maxBarAgeMs',
  'orders',
] as const;

export const DEFAULT_ORDER_TERMS: OrderTerms = { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 };

const LONGEST_NAME = 80;
const DAY_MS: DurationMs = 86_400_000;
const LONGEST_BAR_MS: DurationMs = 7 * DAY_MS;
const LARGEST_AGE_MS: DurationMs = 31 * DAY_MS;
const MOST_BPS = 1_000;

export type ParsedSessionSpec =
  | { readonly ok: true; readonly spec: SessionSpec }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads what a session is asked to do. Defaults are filled in; everything that is wrong is reported at once, each with its field's path, its
 * value and what to do. What only the venue knows (whether it lists a symbol, how small an order may be) is not checked here, nor are the
 * parameters of a strategy file: see `checkSessionStrategy`.
 */
export function parseSessionSpec(document: unknown, strategies: readonly Strategy[]): ParsedSessionSpec {
  if (!isObject(document)) {
    const message = `give a JSON object with ${SESSION_FIELDS.join(', ')}`;
    return { ok: false, problems: [{ field: '', value: document ?? null, message }] };
  }
  const problems: FieldProblem[] = [];
  const fields = new Fields(document, '', problems, SESSION_FIELDS);
  const symbols = parseSymbols(fields.value('symbols'), problems);
  const timeframe = timeframeOf(fields);
  const sizing = parseSizing(fields.value('sizing'), problems);
  const strategy = parseSessionStrategy(fields.value('strategy'), sizing, strategies, problems);
  const spec: SessionSpec = {
    name: nameOf(fields, () => `${'id' in strategy ? strategy.id : fileName(strategy.file)} ${symbols.join(' ')}`),
    venue: fields.text('venue', 'the id of a venue account, such as "sim"'),
    symbols,
    timeframe,
    strategy,
    sizing,
    capital: capitalOf(fields),
    hours: parseHours(fields.value('hours'), problems),
    atClose: fields.choice('atClose', ['keep', 'flatten'], 'keep'),
    catchUp: fields.choice('catchUp', CATCH_UP, 'latest'),
    maxBarAgeMs: fields.number(
      'maxBarAgeMs',
      { min: 1_000, max: LARGEST_AGE_MS, integer: true, meaning: 'milliseconds after its close' },
      timeframe === '' ? DAY_MS : timeframeMs(timeframe),
    ),
    orders: ordersOf(fields),
  };
  return problems.length === 0 ? { ok: true, spec } : { ok: false, problems };
}

/** `''` with a problem when there is none to use. */
function timeframeOf(fields: Fields): Timeframe {
  const timeframe = fields.text('timeframe', 'the length of a bar, such as "15m"');
  if (timeframe === '') return '';
  if (!isTimeframe(timeframe)) {
    fields.problem('timeframe', 'give a whole number and s, m, h, d or w, for example "15m"');
    return '';
  }
  if (timeframeMs(timeframe) > LONGEST_BAR_MS) {
    fields.problem('timeframe', 'a session decides once a week at least: give "1w" or shorter');
    return '';
  }
  return timeframe;
}

/** A number above 0 that has more digits than a decimal can have here. */
const LONG_NUMBER = /^(?=.*[1-9])(\d{25,}(\.\d+)?|\d+\.\d{19,})$/;

/** Controls, marks of direction, separators of lines: nothing that a name shows. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Exact text: a number of JSON would be a binary fraction. */
function capitalOf(fields: Fields): Decimal {
  const value = fields.value('capital');
  const meaning = 'the quote currency that it works with as decimal text above 0, such as "10000"';
  if (value === undefined) fields.problem('capital', `missing; give ${meaning}`);
  else if (typeof value === 'string' && LONG_NUMBER.test(value))
    fields.problem('capital', `${value.length} characters; give at most 24 digits before the point and 18 behind it`);
  else if (!isDecimal(value) || !decimal(value).gt(0)) fields.problem('capital', `give ${meaning}`);
  else return value;
  return '1';
}

function nameOf(fields: Fields, byDefault: () => string): string {
  if (!fields.has('name')) return byDefault().slice(0, LONGEST_NAME).trim();
  const name = fields.text('name', 'what people shall call the session').trim();
  const unseen = UNSEEN.exec(name);
  if (name.length > LONGEST_NAME) fields.problem('name', `${name.length} characters; give at most ${LONGEST_NAME}`);
  else if (unseen !== null) {
    const code = unseen[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    fields.problem('name', `character ${unseen.index + 1} is U+${code}, which cannot be seen: leave it out`);
  }
  return name;
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

function ordersOf(fields: Fields): OrderTerms {
  const base = DEFAULT_ORDER_TERMS;
  const given = fields.object('orders', Object.keys(base));
  if (given === null) return base;
  const bps = { min: 0, max: MOST_BPS } as const;
  return {
    aggressionBps: given.number(
      'aggressionBps',
      { ...bps, meaning: 'basis points beyond the best opposite price' },
      base.aggressionBps,
    ),
    stopSlippageBps: given.number(
      'stopSlippageBps',
      { ...bps, meaning: 'basis points beyond the trigger of a stop' },
      base.stopSlippageBps,
    ),
    timeoutMs: given.number(
      'timeoutMs',
      { min: 1_000, max: 3_600_000, integer: true, meaning: 'milliseconds for which a marketable order is tried' },
      base.timeoutMs,
    ),
  };
}
