import type { BacktestStatus } from '../../domain/backtest/commands.ts';
import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import { type Format, METRIC_GROUPS } from '../../domain/backtest/report/metric-groups.ts';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import { listOf, tableOf } from './output.ts';

/** A backtest in a list, as the API shows it. */
export interface BacktestSummary {
  readonly id: string;
  readonly status: BacktestStatus;
  readonly strategy: string;
  readonly symbol: string;
  readonly progress: { readonly barsDone: number; readonly bars: number };
  readonly tradesHash: string | null;
  readonly closedTrades: number | null;
  readonly totalReturn: number | null;
  readonly sharpeRatio: number | null;
  readonly maxDrawdown: number | null;
  readonly problem: BacktestProblem | null;
  readonly createdAt: string;
}

/** One backtest as the API shows it: with its result once it is completed. */
export type BacktestView = BacktestSummary & Partial<Omit<BacktestResult, 'tradesHash' | 'closedTrades'>>;

/** What people look at first, in this order. */
const KEY_METRICS = [
  'totalReturn',
  'cagr',
  'annualVolatility',
  'sharpeRatio',
  'sortinoRatio',
  'calmarRatio',
  'maxDrawdown',
  'maxDrawdownMs',
  'trades',
  'winRate',
  'profitFactor',
  'expectancy',
  'expectancyRatio',
  'sqn',
  'exposureRatio',
  'alpha',
  'beta',
  'informationRatio',
] as const;

const ROWS = new Map(METRIC_GROUPS.flatMap(({ rows }) => rows).map((row) => [row.name, row]));

const grouped = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const WRITE: Readonly<Record<Format, (value: number) => string>> = {
  percent: (value) => `${grouped(value * 100, 2)} %`,
  percentValue: (value) => `${grouped(value, 2)} %`,
  money: (value) => grouped(value, 2),
  ratio: (value) => grouped(value, 3),
  count: (value) => grouped(value, Number.isInteger(value) ? 0 : 1),
  duration: (ms) => (ms < 259_200_000 ? `${grouped(ms / 3_600_000, 1)} h` : `${grouped(ms / 86_400_000, 1)} d`),
  time: (ms) => new Date(ms).toISOString(),
  price: String,
  size: String,
};

/** What a backtest gave, for people: key figures, why some are missing, and what to know before believing them. */
export function readableResult(id: string, result: BacktestResult): string {
  return [
    listOf([
      ['backtest', id],
      [
        'bars',
        `${result.bars} of ${result.timeframe}, ${result.firstBar} to ${result.lastBar}, after ${result.warmUpBars} of warm-up`,
      ],
      ['symbols', result.symbols.join(', ')],
      [
        'orders',
        `${result.orders.submitted} given, ${result.orders.filled} filled, ${result.orders.cancelled} cancelled, ${result.orders.refused} refused`,
      ],
      ['trades hash', result.tradesHash],
    ]),
    tableOf(['metric', 'value'], metricRows(result)),
    ...result.notes.map((note) => `note: ${note}\n`),
  ].join('');
}

function metricRows({ metrics, reasons }: BacktestResult): (readonly [string, string])[] {
  return KEY_METRICS.flatMap((name) => {
    const row = ROWS.get(name);
    const value = metrics[name];
    if (row === undefined || value === undefined) return [];
    return [[row.title, value === null ? `– (${reasons[name] ?? 'not defined'})` : WRITE[row.format](value)] as const];
  });
}

/** One backtest without a result. */
export function readableBacktest(view: BacktestView): string {
  return listOf([
    ['backtest', view.id],
    ['status', view.status],
    ['strategy', view.strategy],
    ['symbols', view.symbol],
    ['progress', progressText(view)],
    ['problem', view.problem === null ? null : `${view.problem.code}: ${view.problem.detail}`],
  ]);
}

/** "12,288 of 45,031 bars", and of one that ended early where it did. */
export function progressText({
  status,
  progress: { barsDone, bars },
  problem,
}: Pick<BacktestSummary, 'progress'> & Partial<Pick<BacktestSummary, 'status' | 'problem'>>): string {
  const isOver = status === 'failed' || status === 'cancelled';
  if (bars === 0) return isOver ? `${status} before its first bar` : status === 'queued' ? 'waiting' : 'reading data';
  const count = `${grouped(barsDone, 0)} of ${grouped(bars, 0)} bars`;
  if (!isOver) return count;
  const bar = problem?.place?.bar ?? null;
  return bar === null ? `${status} after ${count}` : `${status} at bar ${grouped(bar, 0)}, after ${count}`;
}

const ratioOrNull = (value: number | null): string | null => (value === null ? null : WRITE.percent(value));

export function backtestTable(items: readonly BacktestSummary[]): string {
  return tableOf(
    ['id', 'status', 'strategy', 'symbols', 'trades', 'return', 'Sharpe', 'max drawdown', 'created'],
    items.map((each) => [
      each.id,
      each.status === 'running' ? `running, ${progressText(each)}` : each.status,
      each.strategy,
      each.symbol,
      each.closedTrades,
      ratioOrNull(each.totalReturn),
      each.sharpeRatio === null ? null : WRITE.ratio(each.sharpeRatio),
      ratioOrNull(each.maxDrawdown),
      each.createdAt,
    ]),
  );
}
