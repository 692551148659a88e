import type { Schedule } from '../../domain/execution/algorithm.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { type ChildNumber, type ExecutionProgress, wantedBy } from '../../domain/execution/progress.ts';

const time = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

/** "slice 7/20: buy 0.25 BTC, to 1.75 in all": what an operator reads beside an activity or a timer. */
export function sliceSummary(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  { slice, attempt, role }: Pick<ChildNumber, 'slice' | 'attempt'> & Partial<Pick<ChildNumber, 'role'>>,
): string {
  const base = plan.symbol.split('/')[0];
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  const wanted = wantedBy(plan, schedule, progress, slice);
  const target = schedule.target(plan, slice);
  const waiting = role === 'maker' ? ' at the touch' : role === 'resting' ? restingAt(plan) : '';
  return `slice ${slice}/${schedule.sliceCount(plan)}: ${plan.side} ${wanted} ${base}${waiting}, to ${target} in all${again}`;
}

/** Where the one order of an execution waits, in words. */
function restingAt(plan: ExecutionPlan): string {
  const stop = plan.params['stopPrice'];
  return stop === undefined ? ` resting at ${plan.limit}` : ` once the market trades at ${stop}`;
}

/** The state of an execution as a short markdown table, for the Temporal UI. */
export function detailsTable(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  status: string,
  next: string,
): string {
  const rows: readonly (readonly [string, string])[] = [
    ['status', status],
    ['order', `${plan.side} ${plan.quantity} ${plan.symbol} on ${plan.venue} by ${plan.algo.toUpperCase()}`],
    ['filled', `${progress.filled} of ${plan.quantity}`],
    ['slices', `${progress.handledSlices} of ${schedule.sliceCount(plan)} handled`],
    ['next', next],
    ['window', `${time(plan.startAt)} to ${time(plan.endAt)} UTC`],
    ['limit', plan.limit ?? 'none'],
    ...(plan.params['stopPrice'] === undefined ? [] : [['stop', String(plan.params['stopPrice'])] as const]),
    [
      'amended',
      progress.amendment === null
        ? 'no'
        : `${progress.amendment.number} times, last ${time(progress.amendment.at)} UTC`,
    ],
    ['problem', progress.lastProblem ? `${progress.lastProblem.code}: ${progress.lastProblem.detail}` : 'none'],
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value.replaceAll('|', '/')} |`)].join(
    '\n',
  );
}
