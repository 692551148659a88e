import { calcMetrics, parseMetricsInput } from '../../domain/backtest/metrics/calc-metrics.ts';
import { UnusableInput } from '../terminal/errors.ts';
import { type CommonOptions, listOf, print } from '../terminal/output.ts';

/** `tradewind calc metrics`: prints the metrics of the returns in `document`, flat, with the reason for each that is not defined. */
export function printMetrics(document: unknown, options: CommonOptions): void {
  const parsed = parseMetricsInput(document);
  if (!parsed.ok) throw new UnusableInput(parsed.problems);
  const { values, reasons } = calcMetrics(parsed.input);
  print(options, { ...values, reasons }, () =>
    [
      listOf(Object.entries(values)),
      ...Object.entries(reasons).map(([name, reason]) => `${name} is not defined: ${reason}\n`),
    ].join(''),
  );
}
