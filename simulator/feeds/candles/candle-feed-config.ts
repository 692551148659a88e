import type { EpochMs } from '../../../domain/market/decimal.ts';
import { canResample } from '../../../domain/market/resample.ts';
import { findTimeZone } from '../../../domain/market/time-zones.ts';
import { isTimeframe, type Timeframe } from '../../../domain/market/timeframe.ts';
import { CANDLE_COLUMNS, type ColumnMapping } from '../../../domain/market/csv-layout.ts';
import { asObject, ConfigError, type Fields, integer, text } from '../../config-fields.ts';

/** Candles of a file, which somebody outside releases bar by bar. */
export interface CandleFeedConfig {
  readonly kind: 'candles';
  /** CSV, plain or gzip. */
  readonly file: string;
  /** Of the file. */
  readonly timeframe: Timeframe;
  /** Whether the file's stamps are opens or closes. */
  readonly stamp: 'open' | 'close';
  /** The clock of stamps that name no offset. */
  readonly zone: string;
  readonly columns: ColumnMapping;
  /** The timeframe that is traded; `null` for that of the file. */
  readonly resample: Timeframe | null;
  /** Bars that are history from the start. */
  readonly warmUpBars: number;
  /** Bars of the file that open at `from` or later, and before `to`; `null` for all. */
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  /** Whether the candles were made up. */
  readonly synthetic: boolean;
}

const FIELDS = [
  'kind',
  'file',
  'timeframe',
  'stamp',
  'zone',
  'columns',
  'resample',
  'warmUpBars',
  'from',
  'to',
  'synthetic',
];
const MOST_BARS = 10_000_000;

/** Checks the feed of a venue that replays candles. Throws `ConfigError`. */
export function parseCandleFeed(feed: Fields, at: string): CandleFeedConfig {
  const stranger = Object.keys(feed).find((name) => !FIELDS.includes(name));
  if (stranger !== undefined) {
    throw new ConfigError(`${at}.${stranger}`, feed[stranger], `there is no such field; known: ${FIELDS.join(', ')}`);
  }
  const timeframe = timeframeOf(feed['timeframe'], `${at}.timeframe`);
  const from = instant(feed['from'], `${at}.from`);
  const to = instant(feed['to'], `${at}.to`);
  if (from !== null && to !== null && to <= from) {
    throw new ConfigError(`${at}.to`, feed['to'], 'give a time after from');
  }
  return {
    kind: 'candles',
    file: text(feed['file'], `${at}.file`),
    timeframe,
    stamp: stampOf(feed['stamp'], `${at}.stamp`),
    zone: zoneOf(feed['zone'], `${at}.zone`),
    columns: columnsOf(feed['columns'], `${at}.columns`),
    resample: resampleOf(feed['resample'], timeframe, `${at}.resample`),
    warmUpBars: integer(feed['warmUpBars'], `${at}.warmUpBars`, 1, MOST_BARS),
    from,
    to,
    synthetic: syntheticOf(feed['synthetic'], `${at}.synthetic`),
  };
}

function timeframeOf(value: unknown, at: string): Timeframe {
  if (isTimeframe(value)) return value;
  throw new ConfigError(at, value, 'give a number and s, m, h, d or w, for example "15m"');
}

function stampOf(value: unknown, at: string): 'open' | 'close' {
  if (value === 'open' || value === 'close') return value;
  throw new ConfigError(at, value, 'say what the stamps of the file are, "open" or "close"');
}

function zoneOf(value: unknown, at: string): string {
  const zone = value === undefined ? 'UTC' : text(value, at);
  try {
    findTimeZone(zone);
    return zone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(at, value, 'give a name such as "America/New_York", "UTC", or an offset such as "-05:00"');
  }
}

function columnsOf(value: unknown, at: string): ColumnMapping {
  if (value === undefined) return {};
  const columns = asObject(value, at);
  for (const [name, column] of Object.entries(columns)) {
    if (!CANDLE_COLUMNS.some((known) => known === name)) {
      throw new ConfigError(`${at}.${name}`, column, `there is no such column; known: ${CANDLE_COLUMNS.join(', ')}`);
    }
    text(column, `${at}.${name}`);
  }
  return columns as ColumnMapping;
}

function resampleOf(value: unknown, base: Timeframe, at: string): Timeframe | null {
  if (value === undefined || value === null) return null;
  const timeframe = timeframeOf(value, at);
  if (!canResample(base, timeframe)) {
    throw new ConfigError(at, value, `give a whole multiple of the file's timeframe, ${base}`);
  }
  return timeframe === base ? null : timeframe;
}

/** An instant as the file of venues writes it, or as this function gave it out before. */
function instant(value: unknown, at: string): EpochMs | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  const isDate = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.test(value);
  const time = isDate ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw new ConfigError(at, value, 'write a day or a time in UTC, "2024-01-31" or "2024-01-31T12:00:00Z"');
  return time;
}

function syntheticOf(value: unknown, at: string): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  throw new ConfigError(at, value, 'give true for candles that were made up, else false');
}
