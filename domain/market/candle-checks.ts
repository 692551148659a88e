import { type BarGrid, gridOf, isOnGrid } from './bar-grid.ts';
import type { Candles } from './candles.ts';
import type { EpochMs } from './decimal.ts';
import type { Timeframe } from './timeframe.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';

/** Problems are collected up to this many, then reading stops. */
export const MOST_PROBLEMS = 20;

/** 1900 and 2200: a stamp outside was read in the wrong unit. */
const EARLIEST: EpochMs = -2_208_988_800_000;
const LATEST: EpochMs = 7_258_118_400_000;

/** One thing that is wrong with one bar; `field` names line and column, e.g. `line 17: high`. */
export interface CandleProblem extends FieldProblem {
  /** From 1, of the file or, without one, of the list of bars; `null` when the whole input is meant. */
  readonly line: number | null;
  readonly column: string;
}

/** Bars that cannot be used, with every problem found (at most `MOST_PROBLEMS`). Nothing was repaired. */
export class BadCandles extends Error {
  readonly problems: readonly CandleProblem[];
  /** Whether reading stopped because there were too many. */
  readonly truncated: boolean;

  constructor(problems: readonly CandleProblem[], truncated = false) {
    const [first] = problems;
    const further = problems.length - 1;
    const count = truncated ? `${further} or more` : `${further}`;
    const more = further > 0 ? ` (and ${count} further ${further === 1 && !truncated ? 'problem' : 'problems'})` : '';
    super(first === undefined ? 'the bars cannot be used' : `${describe(first)}${more}`);
    this.name = 'BadCandles';
    this.problems = problems;
    this.truncated = truncated;
  }
}

function describe({ field, value, message }: CandleProblem): string {
  return `${field}${value === null || value === undefined ? '' : ` is ${JSON.stringify(value)}`}: ${message}`;
}

/** A problem of one place, in the form that all of them have. */
export function candleProblem(line: number | null, column: string, value: unknown, message: string): CandleProblem {
  return { line, column, field: line === null ? column : `line ${line}: ${column}`, value, message };
}

/** An instant as people write it; numbers that are none stay numbers. */
export function isoOf(time: EpochMs): string {
  if (!(Math.abs(time) <= 8.64e15)) return String(time);
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** From so many bars on, a file in which no two are a bar apart is one of another timeframe. */
const ENOUGH_TO_TELL = 10;

/** A bar that has passed all checks, or why it has not. */
export type Verdict = 'good' | 'bad' | 'identical';

/**
 * Checks bars one after the other: time on the grid and rising, prices above zero, low and high around open and close, volume not
 * negative. Repairs nothing. A bar equal to the one before in every number is `identical`; whether that is a problem the caller says.
 */
export class CandleChecker {
  readonly problems: CandleProblem[] = [];
  #truncated = false;
  readonly #grid: BarGrid;
  readonly #timeframe: Timeframe;
  readonly #previous = new Float64Array(6).fill(Number.NaN);
  #previousLine = 0;
  #bars = 0;
  #leastSpacing = Number.POSITIVE_INFINITY;

  constructor(timeframe: Timeframe) {
    this.#timeframe = timeframe;
    this.#grid = gridOf(timeframe);
  }

  get isFull(): boolean {
    return this.#truncated;
  }

  /** Adds a problem; beyond the bound it only counts as "more". */
  report(line: number | null, column: string, value: unknown, message: string): void {
    if (this.problems.length >= MOST_PROBLEMS) this.#truncated = true;
    else this.problems.push(candleProblem(line, column, value, message));
  }

  /** Ends the checks of a whole file. @throws {BadCandles} when there was any problem, the wrong timeframe among them */
  finish(): void {
    if (this.#bars >= ENOUGH_TO_TELL && this.#leastSpacing > this.#grid.stepMs) {
      const message = `no two bars are ${this.#timeframe} apart, the closest two are ${this.#leastSpacing / 60_000} minutes apart; give the timeframe of the file`;
      this.report(null, 'timeframe', this.#timeframe, message);
    }
    this.throwIfBad();
  }

  /** @throws {BadCandles} when there was any problem so far */
  throwIfBad(): void {
    if (this.problems.length > 0) throw new BadCandles(this.problems, this.#truncated);
  }

  /** Checks one bar, all numbers; `time` is its open. */
  check(line: number, time: EpochMs, open: number, high: number, low: number, close: number, volume: number): Verdict {
    const previous = this.#previous;
    const isAfter = !(time <= previous[0]!);
    const isSound =
      low > 0 &&
      high < Number.POSITIVE_INFINITY &&
      low <= open &&
      open <= high &&
      low <= close &&
      close <= high &&
      volume >= 0 &&
      volume < Number.POSITIVE_INFINITY;
    let verdict: Verdict = 'good';
    if (!isAfter || !isSound || !isOnGrid(this.#grid, time) || !(time > EARLIEST && time < LATEST)) {
      const isIdentical =
        isSound &&
        previous[0] === time &&
        previous[1] === open &&
        previous[2] === high &&
        previous[3] === low &&
        previous[4] === close &&
        previous[5] === volume;
      if (isIdentical) return 'identical';
      verdict = 'bad';
      this.#explainTime(line, time);
      if (!isSound) this.#explainPrices(line, { open, high, low, close, volume });
    }
    this.#bars += 1;
    if (time - previous[0]! < this.#leastSpacing) this.#leastSpacing = time - previous[0]!;
    previous[0] = time;
    previous[1] = open;
    previous[2] = high;
    previous[3] = low;
    previous[4] = close;
    previous[5] = volume;
    this.#previousLine = line;
    return verdict;
  }

  #explainTime(line: number, time: EpochMs): void {
    const before = this.#previous[0]!;
    if (!(time > EARLIEST && time < LATEST)) {
      return this.report(line, 'timestamp', time, 'no time between 1900 and 2200; is the unit right?');
    }
    if (!isOnGrid(this.#grid, time)) {
      this.report(
        line,
        'timestamp',
        isoOf(time),
        `no ${this.#timeframe} bar opens then; check the timeframe, the stamp convention (open or close) and the time zone`,
      );
    } else if (time === before) {
      this.report(
        line,
        'timestamp',
        isoOf(time),
        `the bar of line ${this.#previousLine} again, with other numbers; keep one of the two`,
      );
    } else if (time < before) {
      this.report(
        line,
        'timestamp',
        isoOf(time),
        `earlier than line ${this.#previousLine} (${isoOf(before)}); sort the rows by time, oldest first`,
      );
    }
  }

  /** A repetition that the caller does not accept. */
  reportIdentical(line: number): void {
    this.report(
      line,
      'timestamp',
      isoOf(this.#previous[0]!),
      `the bar of line ${this.#previousLine} again, with the same numbers; remove it, or let such rows be dropped (--drop-duplicates identical, in the API duplicates=drop-identical)`,
    );
  }

  #explainPrices(line: number, bar: Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', number>>): void {
    const { open, high, low, close, volume } = bar;
    for (const name of ['open', 'high', 'low', 'close'] as const) {
      const value = bar[name];
      if (!Number.isFinite(value)) this.report(line, name, String(value), 'give a finite number');
      else if (value <= 0) this.report(line, name, value, 'give a price above 0');
    }
    if (high < low) this.report(line, 'high', high, `below the low, ${low}; are the columns right?`);
    else {
      for (const [name, value] of [
        ['open', open],
        ['close', close],
      ] as const) {
        if (value > high) this.report(line, name, value, `above the high, ${high}; are the columns right?`);
        else if (value < low) this.report(line, name, value, `below the low, ${low}; are the columns right?`);
      }
    }
    if (!Number.isFinite(volume)) this.report(line, 'volume', String(volume), 'give a finite number');
    else if (volume < 0) this.report(line, 'volume', volume, 'give 0 or more');
  }
}

/** Checks bars in memory and passes them on to the checker; lines are counted from `firstLine`. */
export function checkBars(checker: CandleChecker, candles: Candles, firstLine: number): void {
  const { length, time, open, high, low, close, volume } = candles;
  for (let i = 0; i < length && !checker.isFull; i += 1) {
    const line = firstLine + i;
    const verdict = checker.check(line, time[i]!, open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!);
    if (verdict === 'identical') checker.reportIdentical(line);
  }
}
