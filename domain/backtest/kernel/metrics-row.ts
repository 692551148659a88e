import {
  CASH,
  COMMISSION,
  COST,
  CUBES,
  DAY,
  DAY_EQUITY,
  DEEPEST,
  DISTANCES,
  DOWNSIDE_SQUARES,
  ENTRY_COMMISSION,
  ENTRY_PRICE,
  EXPOSURE,
  FILLS,
  FOURTHS,
  GROSS_LOSS,
  GROSS_PROFIT,
  LOST_DAYS,
  MOVED_DAYS,
  PIVOT,
  RUINED,
  SQUARED_DISTANCES,
  SQUARES,
  SUMS,
  TRADES,
  UNITS,
  WINS,
} from './combo-state.ts';
import { exposedUntil } from './exit-fill.ts';
import { type MarketTables, RETURN_BLOCKS } from './market-tables.ts';

/** A standard deviation of returns up to this is the rounding of equal returns, not dispersion. */
const NO_DISPERSION = 1e-15;

/**
 * Columns of a metrics row, in order. Ratios, not percents; money in quote currency; NaN where a metric is not defined. Definitions
 * are those of `docs/metrics.md`; returns are daily. Sums are of daily returns r and their powers.
 */
export const METRIC_COLUMNS = [
  'totalReturn',
  'finalEquity',
  'annualReturn',
  'sharpeRatio',
  'sortinoRatio',
  'annualVolatility',
  'maxDrawdown',
  'trades',
  'openTrade',
  'wins',
  'grossProfit',
  'grossLoss',
  'profitFactor',
  'winRate',
  'exposureBars',
  'commission',
  'openPnl',
  'fills',
  'ruined',
  'returns',
  'sumReturns',
  'sumSquares',
  'sumCubes',
  'sumFourths',
  'sumDownsideSquares',
] as const;

export type MetricColumn = (typeof METRIC_COLUMNS)[number];

/** Number of columns of a row; with block sums, three more for each of `RETURN_BLOCKS` blocks: sum of r, of r^2, count. */
export function rowWidth(withBlocks: boolean): number {
  return METRIC_COLUMNS.length + (withBlocks ? 3 * RETURN_BLOCKS : 0);
}

/** Names of all columns of a row. Those of blocks are `block<k>Sum`, `block<k>Squares`, `block<k>Count`, k from 0. */
export function rowColumns(withBlocks: boolean): readonly string[] {
  const blocks = withBlocks ? Array.from({ length: RETURN_BLOCKS }, (_, k) => k) : [];
  return [...METRIC_COLUMNS, ...blocks.flatMap((k) => [`block${k}Sum`, `block${k}Squares`, `block${k}Count`])];
}

/** Place of a metric in a row. */
export function columnIndex(column: MetricColumn): number {
  return METRIC_COLUMNS.indexOf(column);
}

/** Writes the row of a combination whose bars are all done. */
export function writeRow(
  market: MarketTables,
  initialCash: number,
  periodsPerYear: number,
  s: Float64Array,
  at: number,
  withBlocks: boolean,
  rows: Float64Array,
  offset: number,
): void {
  const units = s[at + UNITS]!;
  const lastClose = market.close[market.end - 1]!;
  const equity = s[at + CASH]! + (units === 0 ? 0 : lastClose * units - s[at + COST]!);
  const isDefined = haveReturns(s, at);
  const n = s[at + DAY]!;
  let sum = 0;
  let squares = 0;
  for (let b = 0; b < RETURN_BLOCKS; b++) {
    sum += s[at + SUMS + b]!;
    squares += s[at + SQUARES + b]!;
  }
  const mean = sum / n;
  const deviation = deviationOf(s, at, n, mean);
  const downside = s[at + DOWNSIDE_SQUARES]!;
  const downsideDeviation = Math.sqrt(downside / n);
  const hasReturns = n >= 2 && isDefined;
  const trades = s[at + TRADES]!;
  const isOpen = units !== 0;
  let o = offset;
  rows[o++] = equity / initialCash - 1;
  rows[o++] = equity;
  rows[o++] =
    n >= 1 && isDefined && equity >= 0 ? finite((equity / initialCash) ** (periodsPerYear / n) - 1) : Number.NaN;
  rows[o++] =
    hasReturns && deviation > NO_DISPERSION ? finite((mean / deviation) * Math.sqrt(periodsPerYear)) : Number.NaN;
  rows[o++] =
    n >= 1 && isDefined && downsideDeviation > NO_DISPERSION
      ? finite((mean * Math.sqrt(periodsPerYear)) / downsideDeviation)
      : Number.NaN;
  rows[o++] = hasReturns ? finite(deviation * Math.sqrt(periodsPerYear)) : Number.NaN;
  rows[o++] = 1 - s[at + DEEPEST]!;
  rows[o++] = trades;
  rows[o++] = isOpen ? 1 : 0;
  rows[o++] = s[at + WINS]!;
  rows[o++] = s[at + GROSS_PROFIT]!;
  rows[o++] = s[at + GROSS_LOSS]!;
  rows[o++] = s[at + GROSS_LOSS]! > 0 ? finite(s[at + GROSS_PROFIT]! / s[at + GROSS_LOSS]!) : Number.NaN;
  rows[o++] = trades > 0 ? s[at + WINS]! / trades : Number.NaN;
  rows[o++] = exposureBars(market, s, at);
  rows[o++] = s[at + COMMISSION]!;
  rows[o++] = isOpen ? units * (lastClose - s[at + ENTRY_PRICE]!) - s[at + ENTRY_COMMISSION]! : 0;
  rows[o++] = s[at + FILLS]!;
  rows[o++] = s[at + RUINED]!;
  rows[o++] = n;
  rows[o++] = sum;
  rows[o++] = squares;
  rows[o++] = s[at + CUBES]!;
  rows[o++] = s[at + FOURTHS]!;
  rows[o++] = downside;
  if (!withBlocks) return;
  let start = 0;
  for (let b = 0; b < RETURN_BLOCKS; b++) {
    const end = Math.min(n, market.blockEnds[b]!);
    rows[o++] = s[at + SUMS + b]!;
    rows[o++] = s[at + SQUARES + b]!;
    rows[o++] = Math.max(0, end - start);
    start = market.blockEnds[b]!;
  }
}

/** Standard deviation (n - 1) of all daily returns: what lies about the mean of the counted ones, and about the mean of all. */
function deviationOf(s: Float64Array, at: number, n: number, mean: number): number {
  const moved = s[at + MOVED_DAYS]!;
  if (moved === 0) return 0;
  const distance = s[at + DISTANCES]! / moved;
  const within = s[at + SQUARED_DISTANCES]! - s[at + DISTANCES]! * distance;
  const between = moved === n ? 0 : moved * (s[at + PIVOT]! + distance - mean) ** 2 + (n - moved) * mean ** 2;
  return Math.sqrt(Math.max(0, within + between) / (n - 1));
}

/** No number stands for one that is beyond the range of numbers: it would rank above all others. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Bars during which anything was held at any moment. */
export function exposureBars(market: MarketTables, s: Float64Array, at: number): number {
  return s[at + EXPOSURE]! + (s[at + UNITS] === 0 ? 0 : exposedUntil(s, at, market.end - 1));
}

/** Nothing is a share of a capital that is lost: so a day that begins without one leaves the returns undefined. */
function haveReturns(s: Float64Array, at: number): boolean {
  return s[at + LOST_DAYS]! <= (s[at + DAY_EQUITY]! <= 0 ? 1 : 0);
}
