import { computeMetrics, type Metric } from '../metrics/metric.ts';
import { TRADE_METRICS } from '../metrics/trade-metrics.ts';
import { totalTrades, type TradeTotals } from '../metrics/trade-totals.ts';
import type { Trade } from '../trade.ts';

/** What trades can be told apart by. Times are those of the entry, in UTC. */
export type Dimension = 'symbol' | 'side' | 'hour' | 'weekday' | 'month' | 'exitReason' | 'tag';

/** The trades that have one key in common; money in quote currency, net of commission. */
export interface BreakdownRow {
  readonly key: string;
  readonly trades: number;
  readonly pnl: number;
  readonly winRate: number;
  readonly meanReturnRatio: number;
  /** `null` where no trade lost. */
  readonly profitFactor: number | null;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Key of a trade, and what rows are sorted by where that is not the key itself. */
const KEYS: Readonly<Record<Dimension, (trade: Trade) => readonly [key: string, order?: number]>> = {
  symbol: ({ symbol }) => [symbol],
  side: ({ size }) => [size > 0 ? 'long' : 'short'],
  hour: ({ entryTime }) => [twoDigits(new Date(entryTime).getUTCHours())],
  weekday: ({ entryTime }) => {
    const day = new Date(entryTime).getUTCDay();
    return [WEEKDAYS[day]!, (day + 6) % 7];
  },
  month: ({ entryTime }) => [twoDigits(new Date(entryTime).getUTCMonth() + 1)],
  exitReason: ({ exitReason }) => [exitReason],
  tag: ({ tag }) => [tag ?? ''],
};

export const DIMENSIONS = Object.keys(KEYS) as readonly Dimension[];

const named = (name: string): Metric<TradeTotals> => TRADE_METRICS.find((metric) => metric.name === name)!;
const METRICS = ['trades', 'winRate', 'expectancyRatio', 'profitFactor'].map(named);

/**
 * Closed trades told apart by one dimension, a row for each key that occurs: `hour` 00 to 23, `weekday` Monday first, `month` of the
 * year 01 to 12, the others in alphabetical order. The profits of the rows add up to that of all trades.
 */
export function breakdown(trades: readonly Trade[], dimension: Dimension): readonly BreakdownRow[] {
  const groups = new Map<string, { readonly order: number; readonly trades: Trade[] }>();
  for (const trade of trades) {
    const [key, order = 0] = KEYS[dimension](trade);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { order, trades: [trade] });
    else group.trades.push(trade);
  }
  return [...groups]
    .toSorted(([a, one], [b, other]) => one.order - other.order || (a < b ? -1 : 1))
    .map(([key, group]) => rowOf(key, group.trades));
}

function rowOf(key: string, trades: readonly Trade[]): BreakdownRow {
  const totals = totalTrades(trades);
  const { values } = computeMetrics(METRICS, totals);
  return {
    key,
    trades: totals.count,
    pnl: totals.grossProfit - totals.grossLoss,
    // A row has a trade, so these two are defined.
    winRate: values['winRate'] ?? 0,
    meanReturnRatio: values['expectancyRatio'] ?? 0,
    profitFactor: values['profitFactor'] ?? null,
  };
}
