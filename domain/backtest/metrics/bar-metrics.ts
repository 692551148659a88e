import { type Figure, fromAtLeast } from './figure.ts';
import type { Metric } from './metric.ts';
import { standardDeviation } from './moments.ts';
import { RETURN_METRICS } from './return-metrics.ts';
import type { ReturnSeries } from './return-series.ts';

const annualised = (name: string): ((series: ReturnSeries) => Figure) => {
  return RETURN_METRICS.find((metric) => metric.name === name)!.compute;
};

/** Metrics of the returns of single bars, beside those of days. `A` is here the bars of a year. */
export const BAR_METRICS: readonly Metric<ReturnSeries>[] = [
  {
    name: 'perBarPeriodsPerYear',
    unit: 'number',
    definition: 'bars a year: periods a year x returns of bars / returns of days',
    compute: ({ periodsPerYear }) => periodsPerYear,
  },
  {
    name: 'perBarMeanReturn',
    unit: 'ratio',
    definition: 'mean return of a bar',
    compute: ({ n, moments }) => fromAtLeast(1, n, 'returns', () => moments.mean),
  },
  {
    name: 'perBarStandardDeviation',
    unit: 'ratio',
    definition: 'std(return of a bar, ddof 1), not annualised',
    compute: ({ n, moments }) => fromAtLeast(2, n, 'returns', () => standardDeviation(moments)),
  },
  {
    name: 'perBarAnnualVolatility',
    unit: 'ratio/year',
    definition: '`annualVolatility` of the returns of bars',
    compute: annualised('annualVolatility'),
  },
  {
    name: 'perBarSharpeRatio',
    unit: 'number',
    definition: '`sharpeRatio` of the returns of bars',
    compute: annualised('sharpeRatio'),
  },
  {
    name: 'perBarSortinoRatio',
    unit: 'number',
    definition: '`sortinoRatio` of the returns of bars',
    compute: annualised('sortinoRatio'),
  },
];
