import type { Quantiles } from '../executions/quantiles.ts';
import { describeMachine } from '../machine.ts';
import { type Measurement, measurementOf, type PeerMeasurement, type Report } from '../measurement.ts';
import { ratioOf, type Unit } from '../workload.ts';
import { measureSessions, type SessionFigures } from './measure-sessions.ts';
import { checkOptions, type SessionsOptions } from './sessions-options.ts';

const PEER = 'bare timer and activity';

/** Measures when sessions decide, each timeframe on a stack of its own, one run of each. Throws an `InvalidInput` for what cannot be measured. */
export async function benchSessions(options: SessionsOptions): Promise<Report> {
  checkOptions(options);
  const machine = describeMachine(null);
  const sessions: SessionFigures[] = [];
  for (const timeframe of options.timeframes) sessions.push(await measureSessions(timeframe, options));
  const [main, ...others] = sessions.flatMap(measurementsOf);
  return { ...main!, machine, others, sessions };
}

/** The figures of one timeframe, decision latency first. */
function measurementsOf(figures: SessionFigures): readonly Measurement[] {
  const { timeframe, sessions, trading, barsDue, barsUndecided, decisionMs, storedMs, answeredMs, orderMs } = figures;
  const { bareBeforeMs, bareAfterMs, parity, memory, processes, eventsPerBar, ordersPlaced } = figures;
  const data = `${sessions} sessions on bars of ${timeframe}, ${trading} of which trade often: ${barsDue} bars due, ${barsUndecided} undecided, ${ordersPlaced} orders`;
  const about = (name: string, title: string, unit: Unit = 'ms') => ({
    name: `${name}-${timeframe}`,
    title,
    unit,
    data,
  });
  const beside = (name: string, title: string, pick: (quantiles: Quantiles) => number): Measurement => {
    const ours = decisionMs === null ? null : pick(decisionMs);
    if (bareBeforeMs === null || bareAfterMs === null) return { ...told(about(name, title), ours), parity };
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
    return { ...told(about(name, title), ours, [peer]), parity };
  };
  return [
    beside('sessions', 'median of decision minus end of the bar', ({ p50 }) => p50),
    beside('sessions-p99', 'the same, 99th percentile', ({ p99 }) => p99),
    beside('sessions-max', 'the same, latest', ({ max }) => max),
    ...quantileRows('stored', 'candle stored minus end of the bar', storedMs),
    ...quantileRows('answered', 'decision minus candle stored', answeredMs),
    ...quantileRows('order', 'receipt of a marketable order at the exchange minus end of the bar', orderMs),
    told(about('bars-decided', 'bars decided of those due', '%'), (100 * (barsDue - barsUndecided)) / barsDue),
    told(about('events-per-bar', 'events of a history, median', 'events'), eventsPerBar?.p50 ?? null),
    told(about('events-per-bar-max', 'the same, most', 'events'), eventsPerBar?.max ?? null),
    ...(processes ?? []).map(({ name, memoryMib }) =>
      told(about(`memory-${name}`, `resident memory of ${name} at the end`, 'MB'), memoryMib),
    ),
    ...memory.map(({ name, slopeMibPerMinute }) =>
      told(about(`memory-growth-${name}`, `its growth, least squares`, 'MB/min'), slopeMibPerMinute),
    ),
    ...(processes ?? []).map(({ name, cpuShare }) =>
      told(
        about(`cpu-share-${name}`, `${name}'s share of the stack's CPU time`, '%'),
        cpuShare === null ? null : cpuShare * 100,
      ),
    ),
  ];

  function quantileRows(name: string, title: string, quantiles: Quantiles | null): readonly Measurement[] {
    return [
      told(about(name, `median of ${title}`), quantiles?.p50 ?? null),
      told(about(`${name}-p99`, 'the same, 99th percentile'), quantiles?.p99 ?? null),
    ];
  }
}

/** One figure of one run. */
function told(
  about: Pick<Measurement, 'name' | 'title' | 'unit' | 'data'>,
  figure: number | null,
  peers: readonly PeerMeasurement[] = [],
): Measurement {
  return measurementOf(about, figure === null ? null : { median: figure, min: figure, max: figure }, 1, peers);
}
