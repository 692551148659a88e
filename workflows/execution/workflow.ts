import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { type TradingActivities, type VenueActivities, venueQueue } from '../../domain/execution/commands.ts';
import type { NextAction } from '../../domain/execution/progress.ts';
import { sliceSummary } from './details.ts';
import type { ExecutionInput, ExecutionSummary } from './messages.ts';
import { ExecutionState } from './state.ts';

/** History is begun anew after so many children, long before replaying it takes longer than a workflow task may. */
const SLICES_PER_RUN = 200;

type Action<Kind> = Extract<NextAction, { kind: Kind }>;

const storage = proxyActivities<TradingActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});

/** Orders: tried for as long as it takes, since a child that may have been sent is never given up. */
function orderActivities(venue: string): ReturnType<typeof proxyActivities<VenueActivities>> {
  return proxyActivities<VenueActivities>({
    taskQueue: venueQueue(venue),
    startToCloseTimeout: '10 minutes',
    // Short, because it is how long a killed venue worker goes unnoticed.
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 1.5, maximumInterval: '5 seconds' },
  });
}

/** The market's figures: worth some patience and no more, since the execution itself is over. */
function marketActivities(venue: string): ReturnType<typeof proxyActivities<VenueActivities>> {
  return proxyActivities<VenueActivities>({
    taskQueue: venueQueue(venue),
    // A long tape is read at the pace that the venue's request budget allows.
    startToCloseTimeout: '10 minutes',
    scheduleToCloseTimeout: '30 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/**
 * One execution, from acceptance to its last slice. The plan is fixed, progress is a record, and the next action is a pure
 * function of both and of time; this function only waits, asks and remembers.
 */
export async function execution(input: ExecutionInput): Promise<ExecutionSummary> {
  const { executionId } = input.plan;
  const state = new ExecutionState(input, (status) => storage.recordStatus({ executionId, status }));
  state.registerHandlers();
  // "Request Cancellation" in the Temporal UI means our cancel: the working child ends and is accounted for first.
  CancellationScope.current().cancelRequested.catch(() => state.requestCancel());
  return CancellationScope.nonCancellable(() => run(state, input));
}

async function run(state: ExecutionState, input: ExecutionInput): Promise<ExecutionSummary> {
  for (;;) {
    const action = state.next(Date.now());
    if (action.kind === 'finish') return close(state, action);
    if (isTimeForNewRun(state, input)) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof execution>({ ...input, progress: state.progress });
    }
    if (action.kind === 'child') await runChild(state, action);
    else await waitFor(state, action);
  }
}

function isTimeForNewRun(state: ExecutionState, input: ExecutionInput): boolean {
  return state.childrenThisRun >= (input.slicesPerRun ?? SLICES_PER_RUN) || workflowInfo().continueAsNewSuggested;
}

async function runChild(state: ExecutionState, { slice, child, attempt, notAfter }: Action<'child'>): Promise<void> {
  const { plan, schedule } = state;
  const summary = sliceSummary(plan, schedule, state.progress, slice, attempt);
  state.show(`${summary}: working`);
  const outcome = await orderActivities(plan.venue).executeChild.executeWithOptions({ summary }, [
    {
      plan,
      slice,
      child,
      attempt,
      dueAt: schedule.dueAt(plan, slice),
      target: schedule.target(plan, slice),
      previousTarget: slice === 1 ? '0' : schedule.target(plan, slice - 1),
      finalTarget: schedule.target(plan, schedule.sliceCount(plan)),
      notAfter,
    },
  ]);
  state.childEnded({ slice, child, attempt }, outcome, Date.now());
}

/** A durable timer that a message can cut short. */
async function waitFor(state: ExecutionState, { until, slice }: Action<'wait'>): Promise<void> {
  const at = `${new Date(until).toISOString().slice(11, 19)} UTC`;
  const next =
    slice === null
      ? `paused until resumed, at most to ${at}`
      : `${sliceSummary(state.plan, state.schedule, state.progress, slice, 1)} at ${at}`;
  state.show(next);
  const seen = state.version;
  await condition(() => state.version !== seen, until - Date.now(), { summary: next });
}

async function close(state: ExecutionState, { status, problem }: Action<'finish'>): Promise<ExecutionSummary> {
  const { plan } = state;
  state.beginClose();
  const summary = `close as ${status}: end price and market figures`;
  const closed = await orderActivities(plan.venue).closeExecution.executeWithOptions({ summary }, [
    { plan, status, problem },
  ]);
  state.closed(status, closed.filled);
  // Without the market's figures the report says why they are missing.
  if (!closed.marketMeasured)
    await marketActivities(plan.venue)
      .measureMarket({ plan })
      .catch(() => undefined);
  await condition(allHandlersFinished);
  return { status, filled: closed.filled, residual: closed.residual };
}
