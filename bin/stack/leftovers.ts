import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { writeJson } from './atomic-file.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
import type { SupervisedProcess } from './supervised-process.ts';

const GRACE_MS = 10_000;
const POLL_MS = 50;

interface Leftover extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

/** Notes which processes the stack has started, so that a start after a killed supervisor can end them. */
export function recordProcesses(file: string, processes: readonly SupervisedProcess[]): void {
  const running = processes.flatMap(({ pid, service }) => {
    const identity = pid === null ? null : identityOf(pid);
    return identity === null ? [] : [{ ...identity, name: service.name, stopSignal: service.stopSignal }];
  });
  writeJson(file, running, 0o600);
}

/**
 * Ends what a killed supervisor of this home left running. A recorded process counts only when it is that very process, not
 * another one that got its number since. Answers how many there were.
 */
export async function endLeftovers(file: string, say: (line: string) => void): Promise<number> {
  const leftovers = readLeftovers(file).filter(isAlive);
  await Promise.all(leftovers.map((leftover) => end(leftover, say)));
  rmSync(file, { force: true });
  return leftovers.length;
}

function readLeftovers(file: string): readonly Leftover[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly Leftover[];
  } catch {
    return [];
  }
}

async function end(leftover: Leftover, say: (line: string) => void): Promise<void> {
  say(`${leftover.name} (pid ${leftover.pid}) is left from a stack that was killed: ending it`);
  signal(leftover, leftover.stopSignal);
  const deadline = performance.now() + GRACE_MS;
  while (isAlive(leftover) && performance.now() < deadline) await delay(POLL_MS);
  if (!isAlive(leftover)) return;
  signal(leftover, 'SIGKILL');
  while (isAlive(leftover)) await delay(POLL_MS);
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended by itself just now.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
