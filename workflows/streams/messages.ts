/** Workflow type of the streams of one venue account. */
export const STREAMS_WORKFLOW = 'streams';

/** The workflow id of a venue's streams: there is one of each at most. */
export function streamsWorkflowId(venue: string): string {
  return `streams/${venue}`;
}

export interface StreamsInput {
  readonly venue: string;
  /** Length of one session in ms; tests lower it. */
  readonly sessionMs?: number;
  /** Sessions after which the history is begun anew; tests lower it. */
  readonly sessionsPerRun?: number;
}
