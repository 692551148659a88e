import { columnIndex, type MetricColumn } from '../../backtest/kernel/metrics-row.ts';

/** Row of metrics of one combination, as the kernel writes it, and where in it the combination stands. */
export interface RowAt {
  readonly rows: Float64Array;
  readonly offset: number;
  /** Bars that the row is of. */
  readonly bars: number;
}

/** One metric that combinations can be ranked by. */
export interface ObjectiveMetric {
  /** As `calc metrics` and the rows call it. */
  readonly name: string;
  /** Whether more of it is better. */
  readonly moreIsBetter: boolean;
  /** NaN where it is not defined. */
  readonly of: (row: RowAt) => number;
}

const column = (name: MetricColumn): ((row: RowAt) => number) => {
  const place = columnIndex(name);
  return ({ rows, offset }) => rows[offset + place]!;
};

const totalReturn = column('totalReturn');
const annualReturn = column('annualReturn');
const maxDrawdown = column('maxDrawdown');
const trades = column('trades');
const wins = column('wins');
const grossProfit = column('grossProfit');
const grossLoss = column('grossLoss');
const exposureBars = column('exposureBars');
const downside = column('sumDownsideSquares');
const returns = column('returns');
const sumReturns = column('sumReturns');

/** NaN where the denominator is 0. */
const quotient = (numerator: number, denominator: number): number =>
  denominator === 0 ? Number.NaN : numerator / denominator;

const exposureRatio = (row: RowAt): number => quotient(exposureBars(row), row.bars);
const winRate = (row: RowAt): number => quotient(wins(row), trades(row));
const payoff = (row: RowAt): number =>
  quotient(quotient(grossProfit(row), wins(row)), quotient(grossLoss(row), losses(row)));

/** Trades that lost: a trade without profit or loss is counted among them, and adds nothing to what was lost. */
const losses = (row: RowAt): number => trades(row) - wins(row);

const more = (name: string, of: ObjectiveMetric['of']): ObjectiveMetric => ({ name, moreIsBetter: true, of });
const less = (name: string, of: ObjectiveMetric['of']): ObjectiveMetric => ({ name, moreIsBetter: false, of });

/**
 * Everything that combinations can be ranked by, one line each: the figures of a result row, and what follows from them. Definitions are
 * those of `docs/metrics.md`. To add one, see `docs/recipes/add-an-objective.md`.
 */
export const OBJECTIVE_METRICS: readonly ObjectiveMetric[] = [
  more('totalReturn', totalReturn),
  more('finalEquity', column('finalEquity')),
  more('annualReturn', annualReturn),
  more('sharpeRatio', column('sharpeRatio')),
  more('sortinoRatio', column('sortinoRatio')),
  more('calmarRatio', (row) => quotient(annualReturn(row), maxDrawdown(row))),
  more('recoveryFactor', (row) => quotient(totalReturn(row), maxDrawdown(row))),
  more('profitFactor', column('profitFactor')),
  more('winRate', winRate),
  more('payoff', payoff),
  more('expectancy', (row) => quotient(grossProfit(row) - grossLoss(row), trades(row))),
  more('expectancyR', (row) => winRate(row) * payoff(row) - (1 - winRate(row))),
  more('kelly', (row) => winRate(row) - quotient(1 - winRate(row), payoff(row))),
  more('grossProfit', grossProfit),
  more('openPnl', column('openPnl')),
  more('wins', wins),
  more('trades', trades),
  more('meanReturn', (row) => quotient(sumReturns(row), returns(row))),
  more('returnPerExposure', (row) => quotient(totalReturn(row), exposureRatio(row))),
  less('annualVolatility', column('annualVolatility')),
  less('downsideVariance', (row) => quotient(downside(row), returns(row))),
  less('maxDrawdown', maxDrawdown),
  less('grossLoss', grossLoss),
  less('exposureRatio', exposureRatio),
  less('exposureBars', exposureBars),
  less('commission', column('commission')),
  less('fills', column('fills')),
];

/** The metric of that name, or `undefined`. */
export function findObjectiveMetric(name: string): ObjectiveMetric | undefined {
  return OBJECTIVE_METRICS.find((metric) => metric.name === name);
}
