import { type ChaosResult, failureInWords } from '../chaos/series.ts';
import type { InterventionCounts } from '../chaos/interventions.ts';
import type { FaultCounts } from '../chaos/strikes.ts';
import type { Spread } from '../chaos/recovery.ts';
import type { SessionsResult } from '../chaos/sessions/sessions-at-work.ts';
import type { SoakResult } from '../chaos/soak.ts';
import { listOf, tableOf } from './output.ts';

/** The result of a series of runs for people. */
export function readableChaos(result: ChaosResult): string {
  const { recoveryByTarget, upAgainByTarget, failures } = result;
  return [
    listOf([
      ['runs', `${result.runs} in ${result.seconds} s, seed ${result.seed}`],
      ...outcomeOf(result),
      ...(result.sessions === null ? [] : sessionsOf(result.sessions)),
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
    'The slowest\n',
    tableOf(
      ['run', 'killed', 'execution', 'ms', 'order open'],
      result.slowest.map(({ run, target, executionId, ms, unresolved }) => [run, target, executionId, ms, unresolved]),
    ),
    ...failures.map((failure) => `${failureInWords(failure)}\n`),
    ...(failures.length === 0 ? [] : [`its home: ${result.home}\n`]),
  ].join('');
}

/** The result of a soak for people. */
export function readableSoak(result: SoakResult): string {
  const { p50, p95, max } = result.recoveryMs;
  return [
    listOf([
      ['length', `${(result.seconds / 60).toFixed(1)} min, seed ${result.seed}`],
      ...outcomeOf(result),
      ['next progress after a kill', `p50 ${p50} ms, p95 ${p95} ms, max ${max} ms`],
    ]),
    '\nMemory in MiB, without the first minute of each life\n',
    tableOf(
      ['process', 'lives', 'start', 'median', 'max', 'end', 'MiB a minute'],
      result.memory.map(({ name, lives, startMib, medianMib, maxMib, endMib, slopeMibPerMinute }) => [
        name,
        lives,
        startMib,
        medianMib,
        maxMib,
        endMib,
        slopeMibPerMinute,
      ]),
    ),
    ...result.failures.map(
      ({ kind, executionId, detail }) =>
        `FAILED ${kind}${executionId === null ? '' : ` (${executionId})`}: ${detail}\n`,
    ),
    ...(result.failures.length === 0 ? [] : [`its home: ${result.home}\n`]),
  ].join('');
}

/** What a series and a soak tell alike. */
function outcomeOf(result: ChaosResult | SoakResult) {
  return [
    ['disturbances', disturbances(result)],
    ['interventions', interventions(result.interventions)],
    ['executions', `${result.executions} (${ends(result.statuses)})`],
    ['duplicate orders', result.duplicates],
    ['lost fills', result.lost],
    ['double-counted fills', result.doubleCounted],
    ['books that differ', result.inexact],
    ['filled beyond order or schedule', result.overfilled],
    ['orders left open', result.leftOpen],
    ['orders of nobody', result.ofNobody],
    ['unfinished executions', result.unfinished],
    ['work of a process that did not own the account', result.intrusions],
  ] as const;
}

function sessionsOf({ count, bars, trades, decisions, ...gaps }: SessionsResult) {
  const { count: times, p50, p95, max } = gaps.unprotectedMs;
  const { max: whole } = gaps.unprotectedWithDownMs;
  return [
    ['sessions', `${count}: ${bars} bars, ${decisions} decisions, ${trades} closed trades`],
    [
      'positions without a stop',
      `${times} times, p50 ${p50} ms, p95 ${p95} ms, max ${max} ms while nothing was down; ${whole} ms at most in all`,
    ],
  ] as const;
}

function disturbances({ kills, faults, faultsMissed }: FaultCounts & { readonly kills: number }): string {
  return `${kills} kills, ${faults} faults of venues that struck${faultsMissed === 0 ? '' : `, ${faultsMissed} that met nobody`}`;
}

function interventions(counts: InterventionCounts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
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
