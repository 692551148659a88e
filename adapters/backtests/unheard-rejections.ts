import { setImmediate as nextTurn } from 'node:timers/promises';

const unheard: unknown[] = [];

/** Collects promises of this thread that are rejected and that nobody waits for, which would end it without a word of whose they were. */
export function collectRejections(): void {
  process.on('unhandledRejection', (reason) => unheard.push(reason));
}

/** What has been collected since the last call. Waits for a turn, since Node tells of rejections after synchronous work only. */
export async function takeRejections(): Promise<readonly unknown[]> {
  await nextTurn();
  return unheard.splice(0);
}
