import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type ChildOutcome,
  type EarlierCloseResult,
  type TradingActivities,
  type VenueActivities,
  venueQueue,
} from '../../domain/execution/commands.ts';
import type { NextAction } from '../../domain/execution/progress.ts';
import { notAfterOf } from '../../domain/execution/style.ts';
import { sliceSummary } from './details.ts';
import type { ExecutionInput, ExecutionSummary } from './messages.ts';
import { ExecutionState } from './state.ts';

/** History is begun anew after so many children, long before replaying it takes longer than a workflow task may. */
const SLICES_PER_RUN = 200;

/** Marks in a history that the end was stored before the market was asked about, which 0.2 did in one. */
const END_FIRST = 'end-before-figures';

type Action<Kind> = Extract<NextAction, { kind: Kind }>;

const storage = proxyActivities<TradingActivities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});

/** How long one child may take once its order may no longer trade: its look-ups and fills. */
const CHILD_TIMEOUT_MS = 10 * 60_000;

/** Orders: tried for as long as it takes, since a child that may have been sent is never given up. */
function orderActivities(venue: string): ReturnType<typeof proxyActivities<VenueActivities>> {
  return proxyActivities<VenueActivities>({
    taskQueue: venueQueue(venue),
    startToCloseTimeout: CHILD_TIMEOUT_MS,
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
  const state = new ExecutionState(input, {
    status: (status) => storage.recordStatus({ executionId, status }),
    amendment: (amendment) => storage.recordAmendment({ executionId, amendment }),
  });
  state.registerHandlers();
  // "Request Cancellation" in the Temporal UI means our cancel: the working child ends and is accounted for first.
  CancellationScope.current().cancelRequested.catch(() => state.requestCancel());
  return CancellationScope.nonCancellable(() => run(state, input));
}

async function run(state: ExecutionState, input: ExecutionInput): Promise<ExecutionSummary> {
  for (;;) {
    // What comes next depends on whether the amendment holds.
    await condition(() => !state.amending);
    const action = state.next(Date.now());
    if (action.kind === 'finish') return close(state, action);
    if (isTimeForNewRun(state, input)) {
      await condition(allHandlersFinished);
      // An amendment that came meanwhile is in the progress.
      return continueAsNew<typeof execution>({ ...input, progress: state.progress });
    }
    if (action.kind === 'child') await runChild(state, action);
    else await waitFor(state, action);
  }
}

function isTimeForNewRun(state: ExecutionState, input: ExecutionInput): boolean {
  return state.childrenThisRun >= (input.slicesPerRun ?? SLICES_PER_RUN) || workflowInfo().continueAsNewSuggested;
}

async function runChild(state: ExecutionState, action: Action<'child'>): Promise<void> {
  const { plan, schedule } = state;
  const { slice, child, attempt, role, notAfter } = action;
  const summary = sliceSummary(plan, schedule, state.progress, action);
  const dueAt = schedule.dueAt(plan, slice);
  state.show(`${summary}: working`);
  state.childBegins(action);
  const working = orderActivities(plan.venue).executeChild.executeWithOptions(
    // An order that waits takes as long as it may wait.
    { summary, startToCloseTimeout: CHILD_TIMEOUT_MS + Math.max(0, notAfter - Date.now()) },
    [
      {
        plan,
        amendment: state.amendmentNumber,
        slice,
        child,
        attempt,
        role,
        dueAt,
        intervalMs: notAfterOf(plan, schedule, slice) - dueAt,
        target: schedule.target(plan, slice),
        previousTarget: slice === 1 ? '0' : schedule.target(plan, slice - 1),
        finalTarget: schedule.target(plan, schedule.sliceCount(plan)),
        notAfter,
      },
    ],
  );
  const { outcome, tookBack } =
    role === 'taker' ? { outcome: await working, tookBack: false } : await watched(state, child, working);
  state.childEnded(action, outcome, Date.now(), tookBack);
}

/** Takes an order that waits at the venue back as soon as a message says that it shall not trade any more. */
async function watched(
  state: ExecutionState,
  child: number,
  working: Promise<ChildOutcome>,
): Promise<{ readonly outcome: ChildOutcome; readonly tookBack: boolean }> {
  const { executionId } = state.plan;
  const amendment = state.amendmentNumber;
  let ended = false;
  let tookBack = false;
  const watch = condition(() => ended || state.wantsBack(amendment)).then(async () => {
    if (ended) return;
    tookBack = true;
    await storage.withdrawChild({ executionId, child });
  });
  try {
    return { outcome: await working, tookBack };
  } finally {
    ended = true;
    await watch;
  }
}

/** A durable timer that a message can cut short. */
async function waitFor(state: ExecutionState, { until, slice }: Action<'wait'>): Promise<void> {
  const at = `${new Date(until).toISOString().slice(11, 19)} UTC`;
  const next =
    slice === null
      ? `paused until resumed, at most to ${at}`
      : `${sliceSummary(state.plan, state.schedule, state.progress, { slice, attempt: 1 })} at ${at}`;
  state.show(next);
  const seen = state.version;
  await condition(() => state.version !== seen, until - Date.now(), { summary: next });
}

async function close(state: ExecutionState, action: Action<'finish'>): Promise<ExecutionSummary> {
  const { plan } = state;
  state.beginClose();
  const { marketMeasured, ...end } = patched(END_FIRST)
    ? await endFirst(state, action)
    : await endWithFigures(state, action);
  // Without the market's figures the report says why they are missing.
  if (!marketMeasured)
    await marketActivities(plan.venue)
      .measureMarket({ plan })
      .catch(() => undefined);
  state.show('none');
  await condition(allHandlersFinished);
  return { status: action.status, filled: end.filled, residual: end.residual };
}

/** The final status first: it is true whether or not the venue can be asked about the market. */
async function endFirst(state: ExecutionState, { status, problem }: Action<'finish'>): Promise<EarlierCloseResult> {
  const { plan } = state;
  const end = await storage.recordEnd({ executionId: plan.executionId, status, problem });
  state.closed(status, end.filled);
  const summary = 'end price and market figures';
  const closed = await orderActivities(plan.venue).closeExecution.executeWithOptions({ summary }, [{ plan }]);
  return { ...end, marketMeasured: closed.marketMeasured };
}

/** As 0.2 ended executions: those that began to close under it have this in their histories. */
async function endWithFigures(
  state: ExecutionState,
  { status, problem }: Action<'finish'>,
): Promise<EarlierCloseResult> {
  const { plan } = state;
  const summary = `close as ${status}: end price and market figures`;
  const closed = (await orderActivities(plan.venue).closeExecution.executeWithOptions({ summary }, [
    { plan, status, problem },
  ])) as EarlierCloseResult;
  state.closed(status, closed.filled);
  return closed;
}
