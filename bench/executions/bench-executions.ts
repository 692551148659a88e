import { describeMachine } from '../machine.ts';
import { type Measurement, measurementOf, type PeerMeasurement, type Report } from '../measurement.ts';
import { ratioOf, type Unit } from '../workload.ts';
import type { LoadFigures } from './api-load.ts';
import type { ExecutionsOptions } from './executions-options.ts';
import { type LatenessFigures, measureLateness } from './measure-lateness.ts';
import { type LimitFigures, measureLimits } from './measure-limits.ts';
import type { Quantiles } from './quantiles.ts';

const PEER = 'bare timer and activity';

/** Measures open executions on stacks of their own: lateness of slices, the most that can be done, the API. One run of each. */
export async function benchExecutions(options: ExecutionsOptions): Promise<Report> {
  const machine = describeMachine(null);
  const lateness = options.only.includes('lateness') ? await measureLateness(options) : null;
  const limits =
    options.only.includes('saturation') || options.only.includes('api') ? await measureLimits(options) : null;
  const measurements = [
    ...(lateness === null ? [] : latenessMeasurements(lateness, options)),
    ...(limits === null ? [] : limitMeasurements(limits, options)),
  ];
  const [main, ...others] = measurements;
  return { ...main!, machine, others, lateness, limits };
}

function latenessMeasurements(figures: LatenessFigures, options: ExecutionsOptions): readonly Measurement[] {
  const { executions, sliceMs, measuredMs } = options;
  const { bareBeforeMs, bareAfterMs, parity, processes } = figures;
  const data = `${executions} TWAPs open at once, a slice every ${sliceMs / 1_000} s, ${measuredMs / 1_000} s: ${figures.slicesDue} slices due, ${figures.withoutOrder} without an order`;
  const beside = (name: string, title: string, pick: (quantiles: Quantiles) => number): Measurement => {
    const ours = figures.latenessMs === null ? null : pick(figures.latenessMs);
    const [before, after] = [pick(bareBeforeMs), pick(bareAfterMs)];
    const bare = (before + after) / 2;
    const peer: PeerMeasurement = {
      name: PEER,
      version: null,
      median: bare,
      min: Math.min(before, after),
      max: Math.max(before, after),
      ratio: ours === null ? null : ratioOf('ms', ours, bare),
      parity: null,
    };
    return { ...told({ name, title, unit: 'ms', data }, ours, [peer]), parity };
  };
  const temporal = processes?.find(({ name }) => name === 'temporal');
  return [
    beside('executions', 'median of receipt at the exchange minus due time', ({ p50 }) => p50),
    beside('executions-p99', 'the same, 99th percentile', ({ p99 }) => p99),
    told({ name: 'events-per-slice', title: 'events of a history', unit: 'events', data }, figures.eventsPerSlice),
    ...(processes ?? []).map(({ name, memoryMib }) =>
      told({ name: `memory-${name}`, title: `resident memory of ${name}`, unit: 'MB', data }, memoryMib),
    ),
    told(
      { name: 'temporal-cpu-share', title: "Temporal server's share of the stack's CPU time", unit: '%', data },
      temporal?.cpuShare === null || temporal === undefined ? null : temporal.cpuShare * 100,
    ),
  ];
}

function limitMeasurements({ saturation, api }: LimitFigures, options: ExecutionsOptions): readonly Measurement[] {
  const measurements: Measurement[] = [];
  if (saturation !== null) {
    const { steps, saturated } = saturation;
    const end = saturated ? 'where they could not be kept up' : 'and all could be kept up: the most is not known';
    const data = `${options.stepExecutions} TWAPs more at each step, a slice every 10 s each, to ${steps.at(-1)!.executions}, ${end}; a venue without limits`;
    const title = 'most child orders a second at the exchange';
    measurements.push(told({ name: 'saturation', title, unit: 'slices/s', data }, saturation.slicesPerSecond));
  }
  if (api !== null) {
    for (const name of ['start', 'read', 'list'] as const)
      measurements.push(ofEndpoint(name, api[name], api.connections));
  }
  return measurements;
}

function ofEndpoint(
  name: string,
  { requestsPerSecond, latencyMs, refused }: LoadFigures,
  connections: number,
): Measurement {
  const p99 = latencyMs === null ? 'nothing answered' : `p99 ${latencyMs.p99.toFixed(1)} ms`;
  const others = Object.entries(refused).map(([status, count]) => `, ${count} times ${status}`);
  const data = `${connections} connections; ${p99}${others.join('')}`;
  return told(
    { name: `api-${name}`, title: `requests to ${name} an execution`, unit: 'requests/s', data },
    requestsPerSecond,
  );
}

/** One figure of one run. */
function told(
  about: Pick<Measurement, 'name' | 'title' | 'unit' | 'data'> & { readonly unit: Unit },
  figure: number | null,
  peers: readonly PeerMeasurement[] = [],
): Measurement {
  return measurementOf(about, figure === null ? null : { median: figure, min: figure, max: figure }, 1, peers);
}
