import type { ChaosResult } from '../chaos/series.ts';
import type { Spread } from '../chaos/recovery.ts';
import { listOf, tableOf } from './output.ts';

/** The result of a series of runs for people. */
export function readableChaos(result: ChaosResult): string {
  const { recoveryByTarget, upAgainByTarget, failures } = result;
  return [
    listOf([
      ['runs', `${result.runs} in ${result.seconds} s, seed ${result.seed}`],
      ['disturbances', `${result.kills} kills, ${result.faults} faults of venues`],
      ['executions', `${result.executions} (${ends(result.statuses)})`],
      ['duplicate orders', result.duplicates],
      ['lost fills', result.lost],
      ['double-counted fills', result.doubleCounted],
      ['books that differ', result.inexact],
      ['unfinished executions', result.unfinished],
      ['work of a process that did not own the account', result.intrusions],
    ]),
    '\nFrom the kill until the process serves again, and from there to the next progress of an execution, in ms\n',
    tableOf(
      ['killed', 'kills', 'up p50', 'up p95', 'up max', 'executions', 'progress p50', 'progress p95', 'progress max'],
      [
        ...Object.entries(upAgainByTarget).map(([target, up]) => row(target, up, recoveryByTarget[target])),
        row('all, no order open', result.upAgainMs, result.recoveryMs),
        row('all, an order open', result.upAgainMs, result.recoveryUnresolvedMs),
      ],
    ),
    ...failures.map(
      ({ run, seed, kind, executionId, detail }) =>
        `FAILED run ${run} of seed ${seed}: ${kind}${executionId === null ? '' : ` (${executionId})`}: ${detail}\n`,
    ),
    ...(failures.length === 0 ? [] : [`its home: ${result.home}\n`]),
  ].join('');
}

function ends(statuses: Readonly<Record<string, number>>): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

function row(name: string, up: Spread, progress: Spread | undefined) {
  return [
    name,
    up.count,
    up.p50,
    up.p95,
    up.max,
    progress?.count,
    progress?.p50,
    progress?.p95,
    progress?.max,
  ] as const;
}
