import { type BarGrid, gridOf } from './bar-grid.ts';
import { alwaysOpen, type Calendar } from './calendar.ts';
import type { Candles } from './candles.ts';
import type { EpochMs } from './decimal.ts';
import type { DayRule } from './market-days.ts';
import type { Timeframe } from './timeframe.ts';

const MOST_SHOWN = 10;

/** Bars that a calendar expects and that are not there, between two bars that are. */
export interface Gap {
  /** Open of the last bar before it. */
  readonly after: EpochMs;
  /** Open of the first bar behind it. */
  readonly before: EpochMs;
  readonly bars: number;
}

/** What is missing in a data set; gaps are no error. */
export interface GapReport {
  readonly calendar: string;
  /** How that calendar cuts time into days. */
  readonly days: DayRule;
  readonly count: number;
  readonly missingBars: number;
  /** Bars at times when the market is closed by the calendar. */
  readonly outsideBars: number;
  /** The first ten. */
  readonly first: readonly Gap[];
}

/** Counts the gaps of a data set that comes in pieces, oldest first. */
export class GapCounter {
  readonly #grid: BarGrid;
  readonly #calendar: Calendar;
  readonly #first: Gap[] = [];
  #previous = Number.NaN;
  #count = 0;
  #missing = 0;
  #outside = 0;

  constructor(timeframe: Timeframe, calendar: Calendar) {
    this.#grid = gridOf(timeframe);
    this.#calendar = calendar;
  }

  add({ time, length }: Candles): void {
    const { stepMs } = this.#grid;
    const isEverOpen = this.#calendar === alwaysOpen;
    for (let i = 0; i < length; i += 1) {
      const at = time[i]!;
      if (at - this.#previous > stepMs) this.#look(this.#previous, at);
      if (!isEverOpen && this.#calendar.countBars(this.#grid, at, at + stepMs) === 0) this.#outside += 1;
      this.#previous = at;
    }
  }

  report(): GapReport {
    return {
      calendar: this.#calendar.name,
      days: this.#calendar.days,
      count: this.#count,
      missingBars: this.#missing,
      outsideBars: this.#outside,
      first: this.#first,
    };
  }

  #look(after: EpochMs, before: EpochMs): void {
    const bars = this.#calendar.countBars(this.#grid, after + this.#grid.stepMs, before);
    if (bars === 0) return;
    this.#count += 1;
    this.#missing += bars;
    if (this.#first.length < MOST_SHOWN) this.#first.push({ after, before, bars });
  }
}
