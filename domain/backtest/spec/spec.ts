import type { CalendarName } from '../../market/calendar.ts';
import type { ColumnMapping } from '../../market/csv-layout.ts';
import type { Timeframe } from '../../market/timeframe.ts';
import type { BrokerSettings, Sizing } from '../settings.ts';

/** What is done with bars before anything sees them. */
interface Resampling {
  /** Makes bars of this timeframe of them, a whole multiple of their own. */
  readonly resample?: Timeframe;
}

/** A CSV file of bars, where the run happens. */
export interface FileSource extends Resampling {
  /** Absolute path. */
  readonly file: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Whether the file's stamps are opens or closes of bars. */
  readonly stamp: 'open' | 'close';
  readonly columns?: ColumnMapping;
  /** The clock of stamps without an offset, such as `America/New_York` or `-05:00`; UTC by default. */
  readonly zone?: string;
}

/** A data set in the candle store. */
export interface StoredSource extends Resampling {
  readonly datasetId: string;
}

export type DataSource = FileSource | StoredSource;

/** A strategy of the registry, with complete parameters. */
export interface NamedStrategy {
  readonly id: string;
  readonly params: Readonly<Record<string, number>>;
}

/** A strategy of the user's own: an `.mjs` file. Its parameters are checked when it has been loaded. */
export interface FileStrategy {
  readonly file: string;
  readonly params: Readonly<Record<string, number>>;
}

/** Orders decided elsewhere: the path of a CSV file, or its text. */
export interface OrdersStrategy {
  readonly orders: string;
}

export type StrategyChoice = NamedStrategy | FileStrategy | OrdersStrategy;

/** Which days a market trades on: it decides the number of periods in a year. */
export type TradingDays = '24/7' | 'sessions';

/** Daily returns in a year, by the days that a market trades on. */
export const PERIODS_PER_YEAR: Readonly<Record<TradingDays, number>> = { '24/7': 365, sessions: 252 };

/** A calendar described: time zone, sessions, holidays. Whoever has the table of the zone checks it. */
export type CalendarDescription = Readonly<Record<string, unknown>>;

/** What decides the number of days in a year; with a name or a description also where days begin and which bars are missing. */
export type CalendarChoice = TradingDays | CalendarName | CalendarDescription;

/** What to run, complete with defaults and plain data. Together with the data it decides every bit of the result. */
export interface BacktestSpec {
  /** One for each symbol. */
  readonly data: readonly DataSource[];
  /** ISO 8601; bars that open at or after it are traded, earlier ones are warm-up. `null` for all. */
  readonly from: string | null;
  /** ISO 8601; bars that open before it. `null` for all. */
  readonly to: string | null;
  readonly strategy: StrategyChoice;
  readonly sizing: Sizing;
  readonly broker: BrokerSettings;
  /** `null`: what the data sets say, else 24/7. */
  readonly calendar: CalendarChoice | null;
  /** `null`: by the calendar, 365 or 252; where a bar is longer than a day, 365 days over its length. */
  readonly periodsPerYear: number | null;
  /** Annual ratio. */
  readonly riskFreeRate: number;
  /** What the result is compared with: holding the first symbol from the first evaluated bar on, or nothing. */
  readonly benchmark: 'buy-and-hold' | null;
  /** For whatever draws random numbers: confidence intervals. */
  readonly seed: number;
}

/** Whether orders are given as text in the spec and not as the path of a file: the text of a CSV has lines. */
export function isOrdersText(orders: string): boolean {
  return orders.includes('\n');
}

/** "sma-cross", "my-strategy.mjs" or "orders": what a person calls the strategy. */
export function strategyName(strategy: StrategyChoice): string {
  if ('id' in strategy) return strategy.id;
  if ('file' in strategy) return fileName(strategy.file);
  return isOrdersText(strategy.orders) ? 'orders' : fileName(strategy.orders);
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
