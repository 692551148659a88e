import {
  ActivityCancellationType,
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  OptimizationActivities,
  OptimizationOutcome,
  OptimizationRecords,
  PositionRange,
} from '../../domain/optimization/job/commands.ts';
import type { OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import { COMPUTE_QUEUE } from '../backtest/messages.ts';
import { chunkSummary, grouped } from './details.ts';
import type { OptimizationInput } from './messages.ts';
import { Job } from './state.ts';

/** History is begun anew after so many chunks, long before replaying it takes longer than a workflow task may. */
const CHUNKS_PER_RUN = 300;
/** A cancelled job does not wait longer for workers that may be dead. */
const LET_GO_WITHIN = '4 seconds';

const compute = proxyActivities<OptimizationActivities>({
  taskQueue: COMPUTE_QUEUE,
  // A chunk takes about ten seconds; the slowest strategies on the longest data take longer, and judging a million rows too.
  startToCloseTimeout: '1 day',
  // Short, because it is how long a killed worker goes unnoticed.
  heartbeatTimeout: '8 seconds',
  // What a worker has not let go of may still add rows.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // A quarter of an hour without a database, and as many deaths under one chunk, before the job fails. Then it can still be resumed.
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds', maximumAttempts: 100 },
});

const records = proxyActivities<OptimizationRecords>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});

/**
 * One optimisation: its combinations in chunks on whatever compute workers there are, a window of them in flight, then their judgement. Rows and
 * result are in Postgres; this function keeps count, takes messages, and sees to it that a job ends as exactly one of completed, cancelled
 * and failed.
 */
export function optimization(input: OptimizationInput): Promise<OptimizationOutcome> {
  // "Request Cancellation" in the Temporal UI means our cancel: what is under way lets go first.
  const { cancelRequested } = CancellationScope.current();
  return CancellationScope.nonCancellable(() => run(input, cancelRequested));
}

async function run(input: OptimizationInput, cancelRequested: Promise<never>): Promise<OptimizationOutcome> {
  const { optimizationId } = input;
  const work = new Work();
  const job = new Job(input, {
    recordStatus: (status) => records.recordOptimizationStatus({ optimizationId, status }),
    interrupt: () => work.interrupt(),
  });
  job.registerHandlers();
  cancelRequested.catch(() => job.requestCancel());
  job.show();
  if (input.state === undefined) {
    const ended = await job.open(() => records.openOptimization({ optimizationId }));
    if (ended !== null) return close(job, ended);
  }
  await evaluate(job, work, input);
  const outcome = job.isStopping ? null : await conclude(job, work, input);
  return close(job, outcome ?? (await endEarly(job, input)));
}

/** Activities that one message can interrupt together; those begun after it are not concerned. */
class Work {
  private scope = new CancellationScope();

  /** @returns what the activity gave; `null` when it was interrupted, also where its worker died before it could hear that */
  async run<T>(activity: () => Promise<T>): Promise<T | null> {
    const { scope } = this;
    try {
      return await scope.run(activity);
    } catch (error) {
      if (scope.consideredCancelled || isCancellation(error)) return null;
      throw error;
    }
  }

  interrupt(): void {
    const { scope } = this;
    this.scope = new CancellationScope();
    scope.cancel();
  }
}

/** Keeps the window full until nothing is left, or the job is stopped. */
async function evaluate(job: Job, work: Work, input: OptimizationInput): Promise<void> {
  for (;;) {
    const isDraining =
      job.chunksThisRun >= (input.chunksPerRun ?? CHUNKS_PER_RUN) || workflowInfo().continueAsNewSuggested;
    if (!isDraining) startChunks(job, work, input);
    job.show();
    if (job.isEvaluated) return;
    if (job.isStopping) {
      await condition(() => job.inFlight === 0, LET_GO_WITHIN, { summary: 'until the chunks under way have let go' });
      return;
    }
    if (isDraining && job.inFlight === 0) {
      await condition(allHandlersFinished);
      // A message may have come meanwhile: then it is dealt with here.
      if (!job.isStopping) await continueAsNew<typeof optimization>({ ...input, state: job.carried });
    }
    const seen = job.version;
    await condition(() => job.version !== seen);
  }
}

function startChunks(job: Job, work: Work, input: OptimizationInput): void {
  for (let chunk = job.take(); chunk !== null; chunk = job.take()) void evaluateChunk(job, work, input, chunk);
}

async function evaluateChunk(job: Job, work: Work, input: OptimizationInput, chunk: PositionRange): Promise<void> {
  const { optimizationId, positions } = input;
  const options = { summary: chunkSummary(chunk, positions), priority: priorityOf(input) };
  try {
    const outcome = await work.run(() =>
      compute.evaluateChunk.executeWithOptions(options, [{ optimizationId, ...chunk }]),
    );
    if (outcome === null) job.chunkReturned(chunk, null);
    else job.chunkDone(chunk, outcome, Date.now());
  } catch (error) {
    job.chunkReturned(chunk, problemOf(error));
  }
}

/** Jobs of the same priority share the workers by their key, where the server knows fairness; by their windows anyway. */
function priorityOf({ priority, optimizationId }: OptimizationInput) {
  return { priorityKey: priority, fairnessKey: `optimization/${optimizationId}`.slice(0, 64) };
}

/** `null` when it was interrupted or failed. */
async function conclude(job: Job, work: Work, input: OptimizationInput): Promise<OptimizationOutcome | null> {
  const { optimizationId, total } = input;
  job.beginConclusion();
  const options = { summary: `statistics of ${grouped(total)} combinations`, priority: priorityOf(input) };
  try {
    return await work.run(() => compute.concludeOptimization.executeWithOptions(options, [{ optimizationId }]));
  } catch (error) {
    job.fail(problemOf(error));
    return null;
  }
}

async function endEarly(job: Job, { optimizationId }: OptimizationInput): Promise<OptimizationOutcome> {
  job.beginClose();
  const problem = job.cancelRequested ? null : job.problem;
  return records.endOptimization({ optimizationId, status: problem === null ? 'cancelled' : 'failed', problem });
}

async function close(job: Job, outcome: OptimizationOutcome): Promise<OptimizationOutcome> {
  job.closed(outcome);
  await condition(allHandlersFinished);
  return outcome;
}

function problemOf(error: unknown): OptimizationProblem {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  if (cause instanceof ApplicationFailure && cause.type === 'OptimizationFailure') {
    return cause.details?.[0] as OptimizationProblem;
  }
  const detail = cause instanceof Error ? cause.message : String(cause);
  return { code: 'RUN_FAILED', detail, errors: [], place: null };
}
