import {
  ActivityFailure,
  ApplicationFailure,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import type { SessionCommand, SessionGlance } from '../../domain/session/commands.ts';
import { isOver } from '../../domain/session/status.ts';
import { searchAttributes } from '../search-attributes.ts';
import { detailsTable } from './details.ts';
import {
  amendSessionUpdate,
  pauseSessionUpdate,
  resumeSessionUpdate,
  type SessionCommandResult,
  type SessionEnd,
  sessionGlanceQuery,
  type SessionInput,
  stopSessionUpdate,
} from './messages.ts';

/** How commands are put on record. */
export type PutOnRecord = (command: SessionCommand) => Promise<SessionGlance>;

/** What a session's workflow knows of it: the last glance, and the messages that change it. All else is in the store. */
export class SessionState {
  /** Calls of the activity in this run of the workflow. */
  callsThisRun = 0;
  /** A cancellation is being put on record: no new run may begin before that. */
  isCancelling = false;
  private glance: SessionGlance;
  private readonly putOnRecord: PutOnRecord;

  constructor({ glance, facts }: SessionInput, putOnRecord: PutOnRecord) {
    this.glance = glance ?? { status: 'running', lastBar: null, bars: 0, facts, problem: null };
    this.putOnRecord = putOnRecord;
  }

  registerHandlers(): void {
    const hasNotEnded = (): void => {
      if (this.isOver) throw ApplicationFailure.nonRetryable('the session has ended', 'SESSION_ENDED');
    };
    const goesOn = (): void => {
      hasNotEnded();
      if (this.glance.status === 'stopping')
        throw ApplicationFailure.nonRetryable('the session is being stopped', 'SESSION_STOPPING');
    };
    setHandler(sessionGlanceQuery, () => this.glance);
    const takes = <Request extends object>(
      update: UpdateDefinition<SessionCommandResult, [Request]>,
      commandOf: (request: Request) => SessionCommand,
      validator: () => void,
    ): void =>
      setHandler<SessionCommandResult, [Request], typeof update>(
        update,
        (request) => this.command(commandOf(request)),
        { validator },
      );
    takes(pauseSessionUpdate, (request) => ({ kind: 'pause', ...request }), goesOn);
    takes(resumeSessionUpdate, (request) => ({ kind: 'resume', ...request }), goesOn);
    takes(amendSessionUpdate, (request) => ({ kind: 'amend', ...request }), goesOn);
    takes(stopSessionUpdate, (request) => ({ kind: 'stop', ...request }), hasNotEnded);
  }

  get isOver(): boolean {
    return isOver(this.glance.status);
  }

  get lastBar(): number | null {
    return this.glance.lastBar;
  }

  /** What the next run of the workflow goes on with. */
  get carried(): SessionGlance {
    return this.glance;
  }

  get end(): SessionEnd {
    const { status, bars } = this.glance;
    return { status, bars };
  }

  /** What an activity saw last. Of two that ran at once the one that saw less changes nothing; an end is one in any case, and stays it. */
  saw(glance: SessionGlance): void {
    if (this.isOver || (!isOver(glance.status) && isEarlier(glance, this.glance))) return;
    const { status } = this.glance;
    this.glance = glance;
    if (glance.status !== status) upsertSearchAttributes([{ key: searchAttributes.status, value: glance.status }]);
    this.show();
  }

  /** Keeps the table in the Temporal UI current. */
  show(): void {
    setCurrentDetails(detailsTable(this.glance));
  }

  /** "Request Cancellation" in the Temporal UI: positions and their stops stay. */
  async requestStop(): Promise<void> {
    if (this.isOver) return;
    this.isCancelling = true;
    try {
      await this.command({ kind: 'stop', mode: 'keep', by: 'Temporal' });
    } finally {
      this.isCancelling = false;
    }
  }

  private async command(command: SessionCommand): Promise<SessionCommandResult> {
    try {
      this.saw(await this.putOnRecord(command));
    } catch (error) {
      throw refusalOf(error);
    }
    const { status, bars } = this.glance;
    return { status, bars };
  }
}

/** Whether `one` was read before `other`: by versions where both have them, else by bars, as histories are told that were recorded without. */
function isEarlier(one: SessionGlance, other: SessionGlance): boolean {
  return one.version === undefined || other.version === undefined ? one.bars < other.bars : one.version < other.version;
}

/** Why a command was refused, without the activity around it. */
function refusalOf(error: unknown): unknown {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true
    ? ApplicationFailure.nonRetryable(cause.message, cause.type ?? 'SESSION_REFUSED')
    : error;
}
