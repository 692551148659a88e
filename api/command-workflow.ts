import type { CommandOutcome } from './ports.ts';
import { Problem } from './problems.ts';

/** What commanding one kind of record takes. */
export interface Commanded<Entry> {
  /** "execution" or "optimisation": what a person calls it. */
  readonly noun: string;
  /** The record as it stands now; throws when there is none. */
  readonly read: () => Promise<Entry>;
  readonly isOver: (record: Entry) => boolean;
  /** The refusal of a command to a record that is over. */
  readonly ended: (record: Entry) => Problem;
  readonly statusOf: (record: Entry) => string;
  readonly send: (record: Entry) => Promise<CommandOutcome>;
  /** Starts the workflow of a record that was accepted and not started yet, and notes it. */
  readonly start: (record: Entry) => Promise<void>;
}

/** A command may come before the sweep has started the workflow: then it is started first. */
async function deliver<Entry>({ send, start }: Commanded<Entry>, record: Entry): Promise<CommandOutcome> {
  const outcome = await send(record);
  if (outcome.kind !== 'not-running') return outcome;
  await start(record);
  return send(record);
}

/**
 * Sends a command to the workflow behind a record and waits for its answer.
 *
 * @returns the record as it stands afterwards. Throws what `ended` gives, `COMMAND_REFUSED` or, when no worker answered in time,
 *   `COMMAND_UNCONFIRMED`.
 */
export async function commandWorkflow<Entry>(command: string, commanded: Commanded<Entry>): Promise<Entry> {
  const { noun, read, isOver, ended, statusOf } = commanded;
  const record = await read();
  if (isOver(record)) throw ended(record);
  const outcome = await deliver(commanded, record);
  const after = await read();
  switch (outcome.kind) {
    case 'done':
      return after;
    case 'refused':
      if (isOver(after)) throw ended(after);
      throw new Problem('COMMAND_REFUSED', outcome.reason, [
        { field: 'status', value: statusOf(after), message: outcome.reason },
      ]);
    case 'not-running':
      throw ended(after);
    case 'unconfirmed':
      throw new Problem(
        'COMMAND_UNCONFIRMED',
        `No worker confirmed the ${command} in time. It may still take effect as soon as a worker runs: read the ${noun} before you send it again.`,
      );
  }
}
