import {
  ApplicationFailure,
  CancellationScope,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { afterChunk, openPlan, returnChunk, takeChunk, windowOf } from '../../domain/optimization/job/chunk-plan.ts';
import type {
  ChunkOutcome,
  OpenedOptimization,
  OptimizationOutcome,
  OptimizationStatus,
  PositionRange,
} from '../../domain/optimization/job/commands.ts';
import type { OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import { searchAttributes } from '../search-attributes.ts';
import { detailsTable } from './details.ts';
import {
  cancelOptimizationUpdate,
  type OptimizationCommandResult,
  type OptimizationInput,
  optimizationProgressQuery,
  type OptimizationState,
  pauseOptimizationUpdate,
  resumeOptimizationUpdate,
} from './messages.ts';

/** How long a pause waits for the chunks under way to let go, so that after it nothing moves. */
const LET_GO_WITHIN_MS = 3_000;

/** The state of one job: what is left, what is in flight, and the messages that change it. Sizes and windows are `domain/optimization`'s. */
export class Job {
  /** Rises with everything that may change what happens next, so that a waiting workflow wakes up. */
  version = 0;
  inFlight = 0;
  /** Chunks finished in this run of the workflow. */
  chunksThisRun = 0;
  cancelRequested = false;
  problem: OptimizationProblem | null = null;
  private state: OptimizationState;
  private status: OptimizationStatus;
  private phase: 'evaluating' | 'concluding' | 'closing' = 'evaluating';
  private recording: Promise<void> = Promise.resolve();
  private readonly input: OptimizationInput;
  private readonly recordStatus: (status: 'running' | 'paused') => Promise<void>;
  /** Asks the chunks under way to let go. */
  private readonly interrupt: () => void;

  constructor(
    input: OptimizationInput,
    actions: { recordStatus(status: 'running' | 'paused'): Promise<void>; interrupt(): void },
  ) {
    this.input = input;
    this.state = input.state ?? { plan: openPlan([]), done: 0, best: null, chunks: 0, paused: false };
    this.status = this.state.paused ? 'paused' : 'running';
    this.recordStatus = (status) => actions.recordStatus(status);
    this.interrupt = () => actions.interrupt();
  }

  registerHandlers(): void {
    const refuse = (message: string, type: string): never => {
      throw ApplicationFailure.nonRetryable(message, type);
    };
    const isOpen = (): void => {
      if (this.phase === 'closing') refuse('the optimisation has ended', 'OPTIMIZATION_ENDED');
    };
    const isEvaluating = (): void => {
      isOpen();
      if (this.phase === 'concluding')
        refuse('all combinations are done and are being judged: cancel it, or wait for it', 'CONCLUDING');
    };
    setHandler(optimizationProgressQuery, () => this.state);
    setHandler(pauseOptimizationUpdate, () => CancellationScope.nonCancellable(() => this.setPaused(true)), {
      validator: isEvaluating,
    });
    setHandler(resumeOptimizationUpdate, () => CancellationScope.nonCancellable(() => this.setPaused(false)), {
      validator: isEvaluating,
    });
    setHandler(cancelOptimizationUpdate, () => this.requestCancel(), { validator: isOpen });
  }

  /** Reads from the store what is left. A pause that comes meanwhile is recorded after it. */
  async open(read: () => Promise<OpenedOptimization>): Promise<OptimizationOutcome | null> {
    const opening = read();
    this.recording = opening.then(
      () => undefined,
      () => undefined,
    );
    const { outcome, todo, done } = await opening;
    this.state = { ...this.state, plan: openPlan(todo), done };
    return outcome;
  }

  /** The next chunk to start; `null` when none may be started now. */
  take(): PositionRange | null {
    const { plan, paused } = this.state;
    if (paused || this.isStopping || this.inFlight >= windowOf(plan)) return null;
    const taken = takeChunk(plan);
    if (taken === null) return null;
    this.state = { ...this.state, plan: taken.plan };
    this.inFlight += 1;
    return taken.chunk;
  }

  chunkDone(chunk: PositionRange, outcome: ChunkOutcome, now: number): void {
    const { plan, chunks, done, best } = this.state;
    this.state = {
      ...this.state,
      plan: afterChunk(plan, chunk, outcome, now),
      chunks: chunks + 1,
      done: Math.max(done, outcome.done),
      best: outcome.best ?? best,
    };
    this.chunksThisRun += 1;
    this.chunkOver();
  }

  /** A chunk that let go, or failed for good: what it has not stored is still to be done. */
  chunkReturned(chunk: PositionRange, problem: OptimizationProblem | null): void {
    this.state = { ...this.state, plan: returnChunk(this.state.plan, chunk) };
    this.chunkOver();
    if (problem !== null) this.fail(problem);
  }

  fail(problem: OptimizationProblem): void {
    this.problem ??= problem;
    this.version += 1;
    this.interrupt();
  }

  get isStopping(): boolean {
    return this.cancelRequested || this.problem !== null;
  }

  get isEvaluated(): boolean {
    return this.inFlight === 0 && this.state.plan.todo.length === 0;
  }

  /** What the next run of the workflow goes on with. */
  get carried(): OptimizationState {
    return this.state;
  }

  beginConclusion(): void {
    this.phase = 'concluding';
    this.show();
  }

  /** From here on commands are refused. */
  beginClose(): void {
    this.phase = 'closing';
  }

  closed(outcome: OptimizationOutcome): void {
    this.phase = 'closing';
    this.state = { ...this.state, done: outcome.done };
    this.setStatus(outcome.status);
    this.show(outcome);
  }

  /** Keeps the table in the Temporal UI current. */
  show(outcome: OptimizationOutcome | null = null): void {
    const status = outcome === null && this.phase === 'concluding' ? 'running: statistics' : this.status;
    setCurrentDetails(detailsTable(this.input, this.state, status, this.inFlight, outcome));
  }

  requestCancel(): OptimizationCommandResult {
    this.cancelRequested = true;
    this.version += 1;
    this.interrupt();
    return this.answer();
  }

  private chunkOver(): void {
    this.inFlight -= 1;
    this.version += 1;
  }

  private async setPaused(paused: boolean): Promise<OptimizationCommandResult> {
    if (this.state.paused !== paused) {
      this.state = { ...this.state, paused };
      this.version += 1;
      this.setStatus(paused ? 'paused' : 'running');
      if (paused) {
        this.interrupt();
        await condition(() => this.inFlight === 0 || !this.state.paused, LET_GO_WITHIN_MS, {
          summary: 'until the chunks under way have let go',
        });
      }
      await this.recordInTurn();
    }
    return this.answer();
  }

  /** One record after the other, each of the status as it is then: one that is retried cannot overtake a later one. */
  private async recordInTurn(): Promise<void> {
    const turn = this.recording.then(() => this.recordStatus(this.state.paused ? 'paused' : 'running'));
    this.recording = turn.catch(() => undefined);
    await turn;
  }

  private setStatus(status: OptimizationStatus): void {
    this.status = status;
    upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
    this.show();
  }

  private answer(): OptimizationCommandResult {
    return { status: this.status, done: this.state.done };
  }
}
