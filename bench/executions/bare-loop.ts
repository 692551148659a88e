import { proxyActivities, sleep } from '@temporalio/workflow';

/** Times at which a bare loop does nothing. */
export interface BareLoopInput {
  readonly firstAt: number;
  readonly intervalMs: number;
  readonly steps: number;
}

/** The one activity of a bare loop: it tells when it began. */
export interface BareActivities {
  tick(dueAt: number): Promise<void>;
}

const { tick } = proxyActivities<BareActivities>({ startToCloseTimeout: '1 minute' });

/** The least that a workflow can do at a given rate: a durable timer and an activity without work, again and again. */
export async function bareLoop({ firstAt, intervalMs, steps }: BareLoopInput): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const dueAt = firstAt + step * intervalMs;
    await sleep(Math.max(1, dueAt - Date.now()));
    await tick(dueAt);
  }
}
