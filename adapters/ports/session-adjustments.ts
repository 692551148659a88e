import type { SessionEvent } from '../../domain/session/journal.ts';

/** Puts on record that a person takes the venue's word for what a session holds. */
export interface SessionAdjustments {
  /** Says whether it was put on record: not for a session that has ended. */
  adjust(sessionId: string, event: Extract<SessionEvent, { kind: 'adjusted' }>, by: string): Promise<boolean>;
}
