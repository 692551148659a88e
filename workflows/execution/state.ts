import { ApplicationFailure, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { Schedule } from '../../domain/execution/algorithm.ts';
import {
  amend,
  type Amendment,
  amendmentProblem,
  type AmendmentRequest,
  courseOf,
  type Standing,
} from '../../domain/execution/amendment.ts';
import type { AmendResult, ChildOutcome, ExecutionStatus, FinalStatus } from '../../domain/execution/commands.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import {
  afterAmendment,
  afterChild,
  type ChildNumber,
  completeProgress,
  type ExecutionProgress,
  type NextAction,
  nextAction,
  openProgress,
} from '../../domain/execution/progress.ts';
import { searchAttributes } from '../search-attributes.ts';
import { maxDurationOf, scheduleOf } from './algorithms.ts';
import { detailsTable } from './details.ts';
import {
  amendUpdate,
  cancelUpdate,
  type CommandResult,
  type ExecutionInput,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
} from './messages.ts';

/** How messages are put on record. */
export interface Records {
  status(status: 'running' | 'paused'): Promise<void>;
  amendment(amendment: Amendment): Promise<AmendResult>;
}

/** The state of one execution: progress, status and the messages that change them. Decisions are `domain/execution`'s. */
export class ExecutionState {
  /** The plan as amended, and the schedule that goes with it. */
  plan: ExecutionPlan;
  schedule: Schedule;
  progress: ExecutionProgress;
  /** Rises with every message that may change the next action, so that a waiting workflow wakes up. */
  version = 0;
  /** Children in this run of the workflow. */
  childrenThisRun = 0;
  /** An amendment is being put on record: until that is settled there is no next action. */
  amending = false;
  private readonly ordered: ExecutionPlan;
  private working: ChildNumber | null = null;
  private status: ExecutionStatus;
  private closing = false;
  private recording: Promise<void> = Promise.resolve();
  private readonly records: Records;

  constructor(input: ExecutionInput, records: Records) {
    this.ordered = input.plan;
    this.progress = input.progress === undefined ? openProgress() : completeProgress(input.progress);
    ({ plan: this.plan, schedule: this.schedule } = this.course());
    this.status = this.progress.paused ? 'paused' : 'running';
    this.records = records;
  }

  registerHandlers(): void {
    const validator = (): void => {
      if (this.closing) throw refusal('EXECUTION_ENDED', 'the execution has ended');
    };
    setHandler(progressQuery, () => this.progress);
    setHandler(pauseUpdate, () => this.setPaused(true), { validator });
    setHandler(resumeUpdate, () => this.setPaused(false), { validator });
    setHandler(cancelUpdate, () => this.requestCancel(), { validator });
    setHandler(amendUpdate, (request) => this.amend(request), {
      validator: (request) => {
        validator();
        if (this.progress.cancelRequested) throw refusal('CANCEL_REQUESTED', 'the execution is being cancelled');
        if (this.amending) throw refusal('AMENDMENT_PENDING', 'another amendment is being put on record: try again');
        const problem = amendmentProblem(this.plan, this.standing(), request, maxDurationOf(this.plan.algo));
        if (problem !== null) throw refusal('INVALID_AMENDMENT', problem);
      },
    });
  }

  next(now: number): NextAction {
    return nextAction(this.plan, this.schedule, this.progress, now);
  }

  childBegins(child: ChildNumber): void {
    this.working = child;
  }

  childEnded(child: ChildNumber, outcome: ChildOutcome, now: number, tookBack: boolean): void {
    this.working = null;
    this.progress = afterChild(this.plan, this.schedule, this.progress, child, outcome, now, tookBack);
    this.childrenThisRun += 1;
  }

  /** Whether an order that waits at the venue shall wait no longer: nobody wants it to trade any more, or not on its terms. */
  wantsBack(amendment: number): boolean {
    const { paused, cancelRequested } = this.progress;
    return paused || cancelRequested || this.amendmentNumber !== amendment;
  }

  get amendmentNumber(): number {
    return this.progress.amendment?.number ?? 0;
  }

  /** From here on commands are refused. */
  beginClose(): void {
    this.closing = true;
    this.show('closing: final status');
  }

  closed(status: FinalStatus, filled: string): void {
    this.setStatus(status);
    this.progress = { ...this.progress, filled };
    this.show('end price and market figures');
  }

  /** Keeps the table in the Temporal UI current. */
  show(next: string): void {
    setCurrentDetails(detailsTable(this.plan, this.schedule, this.progress, this.status, next));
  }

  private course(): { readonly plan: ExecutionPlan; readonly schedule: Schedule } {
    return courseOf(this.ordered, scheduleOf(this.ordered.algo), this.progress.amendment);
  }

  private standing(): Standing {
    const { amendment, handledSlices, filled } = this.progress;
    return { amendment, behind: Math.max(handledSlices, this.working?.slice ?? 0), filled, now: Date.now() };
  }

  private async amend(request: AmendmentRequest): Promise<CommandResult> {
    const amendment = amend(this.ordered, scheduleOf(this.ordered.algo), this.standing(), request);
    if (amendment === null) return this.answer();
    this.amending = true;
    try {
      const answer = await this.records.amendment(amendment);
      if (!answer.accepted) throw refusal('INVALID_AMENDMENT', answer.reason);
      this.progress = afterAmendment(this.progress, amendment);
      ({ plan: this.plan, schedule: this.schedule } = this.course());
      this.show('amended');
    } finally {
      this.amending = false;
      this.version += 1;
    }
    return this.answer();
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
    const turn = this.recording.then(() => this.records.status(this.progress.paused ? 'paused' : 'running'));
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

function refusal(code: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, code);
}
