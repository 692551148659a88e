import { slotsOf, windowOf } from '../../domain/optimization/job/chunk-plan.ts';
import type { OptimizationOutcome, PositionRange } from '../../domain/optimization/job/commands.ts';
import type { OptimizationInput, OptimizationState } from './messages.ts';

/** 12,345: without the environment's language data, which may change between versions of Node. */
export function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "combinations 4,000-8,000 of 10,000": what an operator reads beside an activity. */
export function chunkSummary({ from, to }: PositionRange, positions: number): string {
  return `combinations ${grouped(from)}-${grouped(to)} of ${grouped(positions)}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}

/** Combinations a second by all slots, and the time that is left at that pace. */
function paceLines({ total, positions }: OptimizationInput, { plan, done }: OptimizationState): readonly string[] {
  if (plan.pace === null) return ['not known yet', 'not known yet'];
  const perSecond = plan.pace * 1_000 * Math.max(1, slotsOf(plan)) * (total / positions);
  return [
    `${perSecond < 10 ? perSecond.toFixed(1) : grouped(perSecond)} combinations/s`,
    duration((total - done) / perSecond),
  ];
}

/** The state of an optimisation as a short markdown table, for the Temporal UI. */
export function detailsTable(
  input: OptimizationInput,
  state: OptimizationState,
  status: string,
  inFlight: number,
  outcome: OptimizationOutcome | null,
): string {
  const { total, optimizationId, facts, priority } = input;
  const [rate, left] = status === 'running' ? paceLines(input, state) : ['–', '–'];
  const rows: readonly (readonly [string, string])[] = [
    ['optimisation', optimizationId],
    ['status', status],
    ...Object.entries(facts),
    ['done', `${grouped(state.done)} of ${grouped(total)} (${Math.floor((state.done / total) * 100)} %)`],
    ['rate', rate!],
    ['time left', left!],
    ['chunks', `${grouped(state.chunks)} finished, ${inFlight} in flight of at most ${windowOf(state.plan)}`],
    ['priority', `${priority} (1 is the most urgent, 5 the least)`],
    [
      'best by itself',
      state.best === null
        ? 'none yet'
        : `${state.best.score.toPrecision(6)} at position ${grouped(state.best.position)}`,
    ],
    ['verdict', outcome?.sentence ?? 'not yet'],
    ['problem', outcome?.problem ? `${outcome.problem.code}: ${outcome.problem.detail}` : 'none'],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '/').replaceAll('\n', ' ')} |`);
  return ['| | |', '|---|---|', ...lines].join('\n');
}
