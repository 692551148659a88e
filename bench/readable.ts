import { tableOf } from '../bin/terminal/output.ts';
import type { StrategiesMeasurement } from './measure-strategies.ts';
import type { Measurement, PeerMeasurement, Report } from './measurement.ts';

/** A report for people. */
export function readableReport(report: Report): string {
  const { machine } = report;
  const core = machine.pinnedCore === null ? 'not tied to a core' : `tied to core ${machine.pinnedCore}`;
  const all: readonly Measurement[] = [report, ...report.others];
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}; Node ${machine.node}; ${core}; load before ${machine.loadBefore}\n`,
    tableOf(
      ['workload', 'unit', 'ours', 'min – max', 'peer', 'peer', 'min – max', 'times as good', 'equal to'],
      all.flatMap(rowsOf),
    ),
    ...all.flatMap(disagreements),
    ...all.flatMap(strategyTable),
    typeof report['geometricMeanRatio'] === 'number'
      ? `geometric mean: ${figure(report['geometricMeanRatio'])} times as fast\n`
      : '',
    ...new Set(all.map(({ name, data }) => (report.others.length === 0 ? `${data}\n` : `${name}: ${data}\n`))),
  ].join('');
}

function rowsOf({ name, unit, median, min, max, peers }: Measurement): readonly (readonly (string | null)[])[] {
  const own = [name, unit, figure(median), span(min, max)];
  if (peers.length === 0) return [[...own, null, null, null, null, null]];
  return peers.map((peer, k) => [...(k === 0 ? own : ['', '', '', '']), ...peerCells(peer)]);
}

function peerCells({
  name,
  version,
  median,
  min,
  max,
  ratio,
  parity,
  reason,
}: PeerMeasurement): readonly (string | null)[] {
  const equal =
    parity === null ? null : parity.maxRelDiff === null ? 'other results' : parity.maxRelDiff.toExponential(1);
  return [
    `${name} ${version ?? ''}`.trim(),
    reason === undefined ? figure(median) : reason,
    span(min, max),
    figure(ratio),
    equal,
  ];
}

function disagreements({ name, peers }: Measurement): readonly string[] {
  return peers.flatMap(({ name: peer, parity }) => {
    if (parity?.reason !== undefined)
      return [`${name}: not the results of ${peer}: ${parity.reason}; nothing is timed\n`];
    if (parity?.disagreement === undefined) return [];
    const { row, column, ours, peer: theirs } = parity.disagreement;
    return [`${name}: row ${row}, ${column} is ${ours}, in ${peer} ${theirs}; nothing is timed\n`];
  });
}

function strategyTable(measurement: Measurement): readonly string[] {
  if (!('strategies' in measurement)) return [];
  const { strategies } = measurement as StrategiesMeasurement;
  const rows = strategies.map(({ id, combos, median, min, max }) => [id, combos, figure(median), span(min, max)]);
  return [tableOf(['strategy', 'combinations', 'combos/s', 'min – max'], rows)];
}

function span(min: number | null, max: number | null): string | null {
  return min === null || max === null ? null : `${figure(min)} – ${figure(max)}`;
}

/** Three digits: more is noise. */
function figure(value: number | null): string | null {
  if (value === null) return null;
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
