import { failure } from '../../domain/backtest/failure.ts';
import { yearOfBars } from '../../domain/backtest/metrics/year-of-bars.ts';
import { type BacktestSpec, type CalendarChoice, PERIODS_PER_YEAR } from '../../domain/backtest/spec/spec.ts';
import type { Calendar } from '../../domain/market/calendar.ts';
import {
  ALWAYS_OPEN_RULE,
  type DayRule,
  type MarketDays,
  marketDays,
  UTC_RULE,
} from '../../domain/market/market-days.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import { describedCalendar, findCalendar } from '../candles/calendars.ts';
import { findTimeZone } from '../../domain/market/time-zones.ts';

/** What the annual figures of a run are counted by. */
export interface TradingYear {
  /** Returns in a year: of days, or of bars longer than a day. */
  readonly periodsPerYear: number;
  /** Where days begin; plain, to be kept and handed to threads. */
  readonly days: DayRule;
  /** Who says it, for people. */
  readonly reason: string;
}

/** What a year depends on. */
export interface YearOf {
  readonly timeframe: Timeframe;
  /** Days of each data set; `null` where nobody said. */
  readonly markets: readonly { readonly days: DayRule | null }[];
}

/**
 * The calendar of a spec as far as it says when bars are expected; `null` for none, and for "sessions", which says no more than that there
 * are some. Throws `BacktestFailure` for a description that cannot be used.
 */
export function calendarOf(choice: CalendarChoice | null): Calendar | null {
  if (choice === null || choice === 'sessions') return null;
  try {
    return typeof choice === 'string' ? findCalendar(choice) : describedCalendar(choice);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw failure('INVALID_SPEC', null, [{ field: 'calendar', value: choice, message: error.message }]);
  }
}

/**
 * The year of a run. The spec comes first, then what the data sets say: as soon as one of them never closes every day is a day of the run.
 * Where nobody says anything the market counts as one that never closes.
 */
export function tradingYear(
  { calendar, periodsPerYear }: Pick<BacktestSpec, 'calendar' | 'periodsPerYear'>,
  { timeframe, markets }: YearOf,
): TradingYear {
  const { days, reason } = calendar === null ? daysOfData(markets) : daysOfSpec(calendar, markets);
  const counted = yearOfBars(timeframe, PERIODS_PER_YEAR[days.isAlwaysOpen ? '24/7' : 'sessions']);
  if (periodsPerYear !== null) return { periodsPerYear, days, reason: ' (periodsPerYear of the spec)' };
  const isOfBars = yearOfBars(timeframe, 0) !== 0;
  return { periodsPerYear: counted, days, reason: isOfBars ? ', since a bar is longer than a day' : reason };
}

/** The days of a rule, with the table of its zone. */
export function daysOf(rule: DayRule): MarketDays {
  return marketDays(rule, findTimeZone(rule.zone));
}

type Days = Pick<TradingYear, 'days' | 'reason'>;

function daysOfSpec(choice: CalendarChoice, markets: YearOf['markets']): Days {
  const calendar = calendarOf(choice);
  const reason = ` (calendar ${calendar?.name ?? 'sessions'} of the spec)`;
  if (calendar !== null) return { days: calendar.days, reason };
  const sessions = markets.find(({ days }) => days?.isAlwaysOpen === false)?.days;
  return { days: sessions ?? UTC_RULE, reason };
}

function daysOfData(markets: YearOf['markets']): Days {
  const rules = markets.map(({ days }) => days);
  const first = rules[0] ?? null;
  if (first !== null && rules.every((days) => days !== null && !days.isAlwaysOpen)) {
    const others = rules.some((days) => days!.zone !== first.zone || days!.startMinutes !== first.startMinutes);
    const told = others ? ` that begin at ${startOf(first)}, as those of the first data set` : '';
    return { days: first, reason: ` (calendar sessions of the data set${told})` };
  }
  if (rules.some((days) => days?.isAlwaysOpen === true)) {
    const reason = rules.length === 1 ? ' (calendar 24/7 of the data set)' : ', since one of the markets never closes';
    return { days: ALWAYS_OPEN_RULE, reason };
  }
  const reason =
    ', since neither spec nor data names a calendar: for a market with sessions give "calendar": "us-equities", "forex", a description, or "sessions"';
  return { days: ALWAYS_OPEN_RULE, reason };
}

function startOf({ zone, startMinutes }: DayRule): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(startMinutes / 60))}:${two(startMinutes % 60)} ${zone}`;
}
