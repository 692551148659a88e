import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import type { Finding } from './judge.ts';

const KIB = 1_024;
const MIB = KIB * KIB;
const MINUTE_MS = 60_000;
/** A process that has just started still grows into its work: its first minute says nothing about how it holds its memory. */
const WARM_UP_MS = 60_000;

/** Resident memory of one process, with its children, at one instant. */
export interface MemorySample {
  readonly name: string;
  readonly pid: number;
  readonly at: EpochMs;
  readonly bytes: number;
}

/** How the memory of one process of the stack went, over all its lives. */
export interface MemoryTrend {
  readonly name: string;
  /** How many processes of that name there were. */
  readonly lives: number;
  readonly samples: number;
  /** Of the samples after the first minute of a life, in MiB; all `null` when no life was longer. */
  readonly startMib: number | null;
  readonly medianMib: number | null;
  readonly maxMib: number | null;
  readonly endMib: number | null;
  /** Growth within lives, in MiB a minute: least squares with a level of its own for each life. `null` for too few samples. */
  readonly slopeMibPerMinute: number | null;
  /** How long its lives were watched beyond their first minutes, together. */
  readonly countedMinutes: number;
}

/** How a process may hold its memory. */
export interface MemoryBound {
  readonly slopeMibPerMinute: number;
  /** Last size over the median of all. */
  readonly endOverMedian: number;
}

/** Growth below this cannot be told from what caches and collectors of garbage do within 20 minutes. */
export const DEFAULT_MEMORY_BOUND: MemoryBound = { slopeMibPerMinute: 5, endOverMedian: 1.5 };
/** Who has been watched for less has no course yet. */
const LEAST_MINUTES = 5;

/** A failure for every process that grows beyond the bound. Those that were watched for less than five minutes are not judged. */
export function memoryFindings(trends: readonly MemoryTrend[], bound: MemoryBound): readonly Finding[] {
  return trends.flatMap(({ name, countedMinutes, slopeMibPerMinute: slope, endMib, medianMib }): readonly Finding[] => {
    if (countedMinutes < LEAST_MINUTES || slope === null || endMib === null || medianMib === null) return [];
    const finding = (detail: string): Finding => ({ executionId: null, kind: 'memory', detail: `${name} ${detail}` });
    return [
      ...(slope > bound.slopeMibPerMinute
        ? [finding(`grows by ${slope} MiB a minute; ${bound.slopeMibPerMinute} are allowed`)]
        : []),
      ...(endMib > bound.endOverMedian * medianMib
        ? [finding(`ends at ${endMib} MiB, more than ${bound.endOverMedian} times its median of ${medianMib} MiB`)]
        : []),
    ];
  });
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
}

/** The memory of every process of a stack now, each with all its descendants: PostgreSQL works in many processes. */
export function sampleMemory({ processes }: StackRecord, at: EpochMs): readonly MemorySample[] {
  const all = allProcesses();
  return processes.flatMap(({ name, pid }) =>
    pid === null ? [] : [{ name, pid, at, bytes: bytesBelow(pid, all) }].filter(({ bytes }) => bytes > 0),
  );
}

/** The course of each process's memory, in the order of the names' first samples. */
export function memoryTrends(samples: readonly MemorySample[]): readonly MemoryTrend[] {
  return [...groupedBy(samples, ({ name }) => name)].map(([name, own]) => {
    const lives = [...groupedBy(own, ({ pid }) => pid).values()].map(afterWarmUp);
    const counted = lives.flat();
    const sizes = counted.map(({ bytes }) => bytes).toSorted((a, b) => a - b);
    return {
      name,
      lives: lives.length,
      samples: own.length,
      startMib: inMib(counted[0]?.bytes),
      medianMib: inMib(sizes[Math.floor((sizes.length - 1) / 2)]),
      maxMib: inMib(sizes.at(-1)),
      endMib: inMib(counted.at(-1)?.bytes),
      slopeMibPerMinute: slopeOf(lives),
      countedMinutes: rounded(lives.reduce((sum, life) => sum + lengthOf(life), 0) / MINUTE_MS, 1),
    };
  });
}

function groupedBy<K>(samples: readonly MemorySample[], keyOf: (sample: MemorySample) => K): Map<K, MemorySample[]> {
  const groups = new Map<K, MemorySample[]>();
  for (const sample of samples) {
    const group = groups.get(keyOf(sample));
    if (group === undefined) groups.set(keyOf(sample), [sample]);
    else group.push(sample);
  }
  return groups;
}

function afterWarmUp(life: readonly MemorySample[]): readonly MemorySample[] {
  const began = life[0]?.at ?? 0;
  return life.filter(({ at }) => at - began >= WARM_UP_MS);
}

/** Sum over lives of (t - mean t)(m - mean m), through the sum of (t - mean t)^2: lives of different size do not look like growth. */
function slopeOf(lives: readonly (readonly MemorySample[])[]): number | null {
  let together = 0;
  let spread = 0;
  for (const life of lives) {
    const meanAt = meanOf(life.map(({ at }) => at));
    const meanBytes = meanOf(life.map(({ bytes }) => bytes));
    for (const { at, bytes } of life) {
      together += (at - meanAt) * (bytes - meanBytes);
      spread += (at - meanAt) ** 2;
    }
  }
  return spread === 0 ? null : rounded(((together / spread) * MINUTE_MS) / MIB, 3);
}

function lengthOf(life: readonly MemorySample[]): DurationMs {
  return (life.at(-1)?.at ?? 0) - (life[0]?.at ?? 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function inMib(bytes: number | undefined): number | null {
  return bytes === undefined ? null : rounded(bytes / MIB, 1);
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function bytesBelow(pid: number, all: readonly ProcessEntry[]): number {
  const own = all.find((entry) => entry.pid === pid)?.bytes ?? 0;
  return all.filter(({ parent }) => parent === pid).reduce((sum, child) => sum + bytesBelow(child.pid, all), own);
}

function allProcesses(): readonly ProcessEntry[] {
  return process.platform === 'linux' ? linuxProcesses() : otherProcesses();
}

/** Memory that several processes share, as PostgreSQL's do, counts once: anonymous pages and the files that are mapped, without what is shared. */
function linuxProcesses(): readonly ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        const kib = field('RssAnon') + field('RssFile');
        return [{ pid: Number(name), parent: field('PPid'), bytes: kib * KIB }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

function otherProcesses(): readonly ProcessEntry[] {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return rows.map((row) => {
    const [pid = 0, parent = 0, kib = 0] = row.trim().split(/\s+/).map(Number);
    return { pid, parent, bytes: kib * KIB };
  });
}
