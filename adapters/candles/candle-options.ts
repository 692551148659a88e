import { alwaysOpen, type Calendar } from '../../domain/market/calendar.ts';
import { localClockOf, type TimeZone, UTC } from '../../domain/market/calendar-zone.ts';
import { BadCandles, candleProblem, type CandleProblem } from '../../domain/market/candle-checks.ts';
import type { CsvCandleOptions } from '../../domain/market/csv-candles.ts';
import type { ColumnMapping } from '../../domain/market/csv-layout.ts';
import { symbolProblem } from '../../domain/market/dataset.ts';
import { isTimeframe, type Timeframe } from '../../domain/market/timeframe.ts';

/** How a file of bars is to be read; what is not given is UTC, 24/7, the usual column names, and no repair of any kind. */
export interface CandleFileOptions {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Whether the file's stamps are opens or closes. */
  readonly stamp: 'open' | 'close';
  readonly columns?: ColumnMapping;
  /** The clock of stamps without an offset. */
  readonly zone?: TimeZone;
  readonly calendar?: Calendar;
  readonly dropIdenticalDuplicates?: boolean;
}

export interface CheckedOptions extends Required<Pick<CandleFileOptions, 'symbol' | 'timeframe' | 'calendar'>> {
  readonly csv: CsvCandleOptions;
}

/** Completes the options. @throws {BadCandles} naming each that cannot be used */
export function checkOptions(options: CandleFileOptions): CheckedOptions {
  const problems: CandleProblem[] = [];
  const symbol = symbolProblem(options.symbol);
  if (symbol !== null) problems.push(candleProblem(null, 'symbol', options.symbol, symbol));
  if (!isTimeframe(options.timeframe)) {
    const message =
      'give a number and s, m, h, d or w, for example "15m"; months have no fixed length and are not supported';
    problems.push(candleProblem(null, 'timeframe', options.timeframe, message));
  }
  if (options.stamp !== 'open' && options.stamp !== 'close') {
    problems.push(candleProblem(null, 'stamp', options.stamp ?? null, 'say what the stamps are, "open" or "close"'));
  }
  if (problems.length > 0) throw new BadCandles(problems);
  const zone = options.zone ?? UTC;
  return {
    symbol: options.symbol,
    timeframe: options.timeframe,
    calendar: options.calendar ?? alwaysOpen,
    csv: {
      timeframe: options.timeframe,
      stamp: options.stamp,
      clockName: zone.name,
      ...(zone === UTC ? {} : { clock: localClockOf(zone) }),
      ...(options.columns === undefined ? {} : { columns: options.columns }),
      ...(options.dropIdenticalDuplicates === true ? { dropIdenticalDuplicates: true } : {}),
    },
  };
}
