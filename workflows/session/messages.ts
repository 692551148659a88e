import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { SessionGlance } from '../../domain/session/commands.ts';
import type { SessionStatus, StopMode } from '../../domain/session/status.ts';

/** Workflow type of a trading session. */
export const SESSION_WORKFLOW = 'session';

/** The workflow id of a session: a business id, so that a second start of it is refused by the server. */
export function sessionWorkflowId(sessionId: string): string {
  return `session/${sessionId}`;
}

export interface SessionInput {
  readonly sessionId: string;
  /** Length of a bar. */
  readonly barMs: number;
  /** What people read before the first bar: name and text, in order. */
  readonly facts: SessionGlance['facts'];
  /** Carried through continue-as-new; absent at the start. */
  readonly glance?: SessionGlance;
  /** Calls of its activity after which the history is begun anew; tests lower it. */
  readonly callsPerRun?: number;
}

/** What a session ended as. */
export interface SessionEnd {
  readonly status: SessionStatus;
  readonly bars: number;
}

/** What a command answers: the status after it. A stop is `stopping` until positions and orders are as its mode says. */
export interface SessionCommandResult {
  readonly status: SessionStatus;
  readonly bars: number;
}

export interface PauseRequest {
  readonly mode: 'keep' | 'flatten';
  readonly by: string;
}

export interface ResumeRequest {
  readonly reason: string;
  readonly by: string;
}

export interface StopRequest {
  readonly mode: StopMode;
  readonly by: string;
}

export interface AmendRequest {
  /** Complete and checked. */
  readonly params: Readonly<Record<string, number>>;
  readonly by: string;
}

export const pauseSessionUpdate = defineUpdate<SessionCommandResult, [PauseRequest]>('pause');
export const resumeSessionUpdate = defineUpdate<SessionCommandResult, [ResumeRequest]>('resume');
export const stopSessionUpdate = defineUpdate<SessionCommandResult, [StopRequest]>('stop');
export const amendSessionUpdate = defineUpdate<SessionCommandResult, [AmendRequest]>('amend');
export const sessionGlanceQuery = defineQuery<SessionGlance>('glance');
