import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** Where a measurement was made. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Number of the one core that measured work was tied to; `null` where the system cannot tie it. */
  readonly pinnedCore: number | null;
  /** Mean number of runnable processes in the last minute before the measurement: above 0.5, others were at work too. */
  readonly loadBefore: number;
}

export function describeMachine(pinnedCore: number | null): Machine {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    pinnedCore,
    loadBefore: Math.round(loadavg()[0]! * 100) / 100,
  };
}

/** Most memory that this process has had, in bytes. */
export function peakMemoryBytes(): number {
  // The figure of the resource usage can be that of the process which started this one.
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(readOrEmpty('/proc/self/status'))?.[1];
  return own === undefined ? process.resourceUsage().maxRSS * 1024 : Number(own) * 1024;
}

/** The last core that this process may run on: the first ones serve interrupts. `null` where the system does not tell. */
export function lastAllowedCore(): number | null {
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readOrEmpty('/proc/self/status'))?.[1];
  const last = list?.split(',').at(-1)?.split('-').at(-1);
  return last === undefined ? null : Number(last);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
