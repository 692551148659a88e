import { readdirSync, readFileSync } from 'node:fs';
import { sampleMemory } from '../../bin/chaos/memory.ts';
import type { StackRecord } from '../../bin/stack/stack-record.ts';

const MIB = 2 ** 20;
/** Clock ticks a second in /proc, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What one process of a stack, with its children, took in a stretch of time. */
export interface ProcessUsage {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Of the CPU time of the whole stack, from 0 to 1; `null` when the stack took none. */
  readonly cpuShare: number | null;
  /** Resident at the end, memory that is shared between processes left out. */
  readonly memoryMib: number;
}

/** CPU time that each process has had so far, in ticks, by name. */
export type CpuClock = ReadonlyMap<string, number>;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** Reads the CPU time of each process of a stack with its children. `null` where the system does not tell (it takes Linux). */
export function readCpu({ processes }: StackRecord): CpuClock | null {
  if (process.platform !== 'linux') return null;
  const all = allTimes();
  return new Map(processes.flatMap(({ name, pid }) => (pid === null ? [] : [[name, ticksBelow(pid, all)]])));
}

/** What each process took since `before`. A process that was restarted meanwhile counts from its restart. */
export function usageSince(before: CpuClock, record: StackRecord, at: number): readonly ProcessUsage[] {
  const after = readCpu(record) ?? new Map<string, number>();
  const memory = new Map(sampleMemory(record, at).map(({ name, bytes }) => [name, bytes]));
  return sharesOf(
    [...after].map(([name, ticks]) => {
      const earlier = before.get(name) ?? 0;
      const taken = ticks >= earlier ? ticks - earlier : ticks;
      return {
        name,
        cpuSeconds: taken / TICKS_PER_SECOND,
        memoryMib: Math.round(((memory.get(name) ?? 0) / MIB) * 10) / 10,
      };
    }),
  );
}

/** Adds each process's share of the CPU time of all. */
export function sharesOf(processes: readonly Omit<ProcessUsage, 'cpuShare'>[]): readonly ProcessUsage[] {
  const all = processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  return processes.map((each) => ({ ...each, cpuShare: all === 0 ? null : each.cpuSeconds / all }));
}

function ticksBelow(pid: number, all: readonly ProcessTimes[]): number {
  const own = all.find((each) => each.pid === pid)?.ticks ?? 0;
  return all.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + ticksBelow(child.pid, all), own);
}

function allTimes(): readonly ProcessTimes[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [timesOf(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** One line of `/proc/<pid>/stat`: own time in user and kernel mode, and that of children that have ended. */
export function timesOf(pid: number, stat: string): ProcessTimes {
  // The name, in brackets, may hold spaces and brackets itself. Behind it come state and parent, and the four times eleven places on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks };
}
