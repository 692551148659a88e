import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** Resolves once `reached` says so; rejects when it has not within `withinMs`. */
export async function until(reached: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await reached())) {
    if (Date.now() > deadline) throw new Error(`not reached within ${withinMs} ms: ${reached.toString()}`);
    await sleep(LOOK_EVERY_MS);
  }
}
