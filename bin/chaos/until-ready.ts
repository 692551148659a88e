import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { stackOf } from '../terminal/running-stack.ts';

const POLL_MS = 100;
const READY_WITHIN_MS: DurationMs = 120_000;

/** Waits until every process of the stack serves. Throws after two minutes, with those that do not. */
export async function untilReady(home: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!stackOf(home).ready) {
    if (performance.now() > deadline) {
      const down = stackOf(home).processes.flatMap(({ name, ready }) => (ready ? [] : [name]));
      throw new Error(`the stack in ${home} is not ready: ${down.join(', ')}`);
    }
    await delay(POLL_MS);
  }
}
