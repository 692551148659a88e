import { ApplicationFailure, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Schedule } from '../../domain/execution/algorithm.ts';
import type { ChildOutcome, ExecutionStatus, FinalStatus } from '../../domain/execution/commands.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import {
  afterChild,
  type ChildNumber,
  type ExecutionProgress,
  type NextAction,
  nextAction,
  openProgress,
} from '../../domain/execution/progress.ts';
import { searchAttributes } from '../search-attributes.ts';
import { scheduleOf } from './algorithms.ts';
import { detailsTable } from './details.ts';
import {
  cancelUpdate,
  type CommandResult,
  type ExecutionInput,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
} from './messages.ts';

/** The state of one execution: progress, status and the messages that change them. Decisions are `domain/execution`'s. */
export class ExecutionState {
  readonly plan: ExecutionPlan;
  readonly schedule: Schedule;
  progress: ExecutionProgress;
  /** Rises with every message that may change the next action, so that a waiting workflow wakes up. */
  version = 0;
  /** Children in this run of the workflow. */
  childrenThisRun = 0;
  private status: ExecutionStatus;
  private closing = false;
  private recording: Promise<void> = Promise.resolve();
  private readonly recordStatus: (status: 'running' | 'paused') => Promise<void>;

  constructor(input: ExecutionInput, recordStatus: (status: 'running' | 'paused') => Promise<void>) {
    this.plan = input.plan;
    this.schedule = scheduleOf(input.plan.algo);
    this.progress = input.progress ?? openProgress();
    this.status = this.progress.paused ? 'paused' : 'running';
    this.recordStatus = recordStatus;
  }

  registerHandlers(): void {
    const validator = (): void => {
      if (!this.closing) return;
      throw ApplicationFailure.nonRetryable('the execution has ended', 'EXECUTION_ENDED');
    };
    setHandler(progressQuery, () => this.progress);
    setHandler(pauseUpdate, () => this.setPaused(true), { validator });
    setHandler(resumeUpdate, () => this.setPaused(false), { validator });
    setHandler(cancelUpdate, () => this.requestCancel(), { validator });
  }

  next(now: number): NextAction {
    return nextAction(this.plan, this.schedule, this.progress, now);
  }

  childEnded(child: ChildNumber, outcome: ChildOutcome, now: number): void {
    this.progress = afterChild(this.plan, this.schedule, this.progress, child, outcome, now);
    this.childrenThisRun += 1;
  }

  /** From here on commands are refused. */
  beginClose(): void {
    this.closing = true;
    this.show('closing: end price and market figures');
  }

  closed(status: FinalStatus, filled: string): void {
    this.setStatus(status);
    this.progress = { ...this.progress, filled };
    this.show('none');
  }

  /** Keeps the table in the Temporal UI current. */
  show(next: string): void {
    setCurrentDetails(detailsTable(this.plan, this.schedule, this.progress, this.status, next));
  }

  private async setPaused(paused: boolean): Promise<CommandResult> {
    if (this.progress.paused !== paused) {
      const status = paused ? 'paused' : 'running';
      this.progress = { ...this.progress, paused };
      this.version += 1;
      this.setStatus(status);
      await this.recordInTurn();
    }
    return this.answer();
  }

  /** One record after the other, each of the status as it is then: one that is retried cannot overtake a later one. */
  private async recordInTurn(): Promise<void> {
    const turn = this.recording.then(() => this.recordStatus(this.progress.paused ? 'paused' : 'running'));
    this.recording = turn.catch(() => undefined);
    await turn;
  }

  requestCancel(): CommandResult {
    this.progress = { ...this.progress, cancelRequested: true };
    this.version += 1;
    return this.answer();
  }

  private setStatus(status: ExecutionStatus): void {
    this.status = status;
    upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
  }

  private answer(): CommandResult {
    return { status: this.status, filled: this.progress.filled };
  }
}
