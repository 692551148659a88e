import {
  ActivityCancellationType,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { type SessionActivities, type SessionRecords, SESSIONS_QUEUE } from '../../domain/session/commands.ts';
import { barSummary } from './details.ts';
import type { SessionEnd, SessionInput } from './messages.ts';
import { SessionState } from './state.ts';

/** History is begun anew after so many calls, six events each, long before replaying it takes longer than a workflow task may. */
const CALLS_PER_RUN = 500;
/** How long one call waits for a bar: so long goes a session of daily bars without a word. */
const WAIT_MS = 60 * 60_000;
/** What a step itself may take beyond that: a replay of thousands of missed bars, with a slow strategy. */
const STEP_MS = 10 * 60_000;

const activities = proxyActivities<SessionActivities>({
  taskQueue: SESSIONS_QUEUE,
  startToCloseTimeout: WAIT_MS + STEP_MS,
  // Short, because it is how long a killed worker goes unnoticed.
  heartbeatTimeout: '5 seconds',
  // What it has begun it ends, and tells.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // For as long as it takes: a session lives for months, and nothing is done twice.
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 1.5, maximumInterval: '5 seconds' },
});

// On the queue of the workflow itself: a place there is kept for a moment only.
const records = proxyActivities<SessionRecords>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});

/**
 * One trading session. All that it is lies in the store, and each step of it is safe to repeat; this function only sees to it that there always is
 * somebody who takes the next one, and passes on what people ask.
 */
export async function session(input: SessionInput): Promise<SessionEnd> {
  const { sessionId } = input;
  const state = new SessionState(input, (command) =>
    records.commandSession.executeWithOptions({ summary: command.kind }, [{ sessionId, command }]),
  );
  state.registerHandlers();
  CancellationScope.current().cancelRequested.catch(() =>
    CancellationScope.nonCancellable(() => state.requestStop().catch(() => undefined)),
  );
  return CancellationScope.nonCancellable(() => run(state, input));
}

async function run(state: SessionState, input: SessionInput): Promise<SessionEnd> {
  const { sessionId, barMs } = input;
  state.show();
  while (!state.isOver) {
    if (isTimeForNewRun(state, input)) {
      await condition(() => allHandlersFinished() && !state.isCancelling);
      // A command that came meanwhile may have ended it.
      if (!state.isOver) await continueAsNew<typeof session>({ ...input, glance: state.carried });
    }
    const summary = barSummary(state.lastBar, barMs);
    state.saw(await activities.runSession.executeWithOptions({ summary }, [{ sessionId, withinMs: WAIT_MS }]));
    state.callsThisRun += 1;
  }
  await condition(() => allHandlersFinished() && !state.isCancelling);
  return state.end;
}

function isTimeForNewRun(state: SessionState, input: SessionInput): boolean {
  return state.callsThisRun >= (input.callsPerRun ?? CALLS_PER_RUN) || workflowInfo().continueAsNewSuggested;
}
