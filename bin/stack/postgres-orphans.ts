import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';

/** Processes of a killed server leave by themselves, unless the machine is too busy to let them see that it is gone. */
const LEAVE_WITHIN_MS: DurationMs = 500;
const GONE_WITHIN_MS: DurationMs = 5_000;
const LOOK_EVERY_MS: DurationMs = 20;

/**
 * Makes a data folder ready for a server after another one was killed in it. PostgreSQL refuses to start while a process of the killed
 * server still holds its shared memory, and while the pid in its pid file is alive, whoever that is now. So this waits for the former
 * and ends those that stay, and removes a pid file that names no PostgreSQL of this folder.
 *
 * Does nothing while a server runs there. Orphans are found on Linux alone; elsewhere the start is tried until they are gone.
 */
export async function endOrphans(data: string): Promise<void> {
  if (serves(data)) return;
  rmSync(join(data, 'postmaster.pid'), { force: true });
  const killFrom = performance.now() + LEAVE_WITHIN_MS;
  const giveUpAt = performance.now() + GONE_WITHIN_MS;
  for (let orphans = processesIn(data); orphans.length > 0; orphans = processesIn(data)) {
    if (performance.now() > giveUpAt) return;
    if (performance.now() > killFrom) for (const pid of orphans) kill(pid);
    await delay(LOOK_EVERY_MS);
  }
}

/** Whether the pid file names a PostgreSQL of this folder that is alive. */
function serves(data: string): boolean {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return commandOf(pid).includes(data);
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Every process of a server works in its data folder and shows a title. A shell that somebody opened there is none. */
function processesIn(data: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  const folder = realpathSync(data);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && commandOf(pid).startsWith('postgres: ');
      } catch {
        // Gone meanwhile, or somebody else's.
        return false;
      }
    });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
