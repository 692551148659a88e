import { type Figure, isDefined } from './figure.ts';

/** What a metric is counted in. A ratio is not a percent: 0.05 is five percent. */
export type Unit =
  /** Of the capital, the price or whatever the definition names. */
  | 'ratio'
  /** A ratio a year. */
  | 'ratio/year'
  /** A pure number, such as a Sharpe ratio. */
  | 'number'
  | 'percent'
  | 'count'
  | 'bars'
  | 'ms'
  /** Milliseconds since 1970 UTC. */
  | 'time'
  | 'days'
  /** Quote currency. */
  | 'money';

/** One metric. The name is unique among all metrics, whatever they are computed from. */
export interface Metric<Input> {
  readonly name: string;
  readonly unit: Unit;
  /** The formula in one line, as `docs/metrics.md` has it. */
  readonly definition: string;
  readonly compute: (input: Input) => Figure;
}

/** Metrics by name; each `null` has its reason under the same name. */
export interface Metrics {
  readonly values: Readonly<Record<string, number | null>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/** Computes each metric of the list. What leaves the range of numbers is not defined, like what has no value. */
export function computeMetrics<Input>(metrics: readonly Metric<Input>[], input: Input): Metrics {
  const values: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const { name, compute } of metrics) {
    const figure = compute(input);
    if (isDefined(figure) && Number.isFinite(figure)) {
      values[name] = figure === 0 ? 0 : figure; // -0 would be read as a loss
    } else {
      values[name] = null;
      reasons[name] = isDefined(figure) ? 'the result is beyond the range of numbers' : figure.reason;
    }
  }
  return { values, reasons };
}

/** The same metrics, all not defined for one reason. */
export function undefinedMetrics<Input>(metrics: readonly Metric<Input>[], reason: string): Metrics {
  return {
    values: Object.fromEntries(metrics.map(({ name }) => [name, null])),
    reasons: Object.fromEntries(metrics.map(({ name }) => [name, reason])),
  };
}

/** One set of metrics out of several. Throws when two of them have a name in common. */
export function joinMetrics(...parts: readonly Metrics[]): Metrics {
  const values: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const part of parts) {
    for (const [name, value] of Object.entries(part.values)) {
      if (name in values) throw new Error(`two metrics are called "${name}"`);
      values[name] = value;
    }
    Object.assign(reasons, part.reasons);
  }
  return { values, reasons };
}
