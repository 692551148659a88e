import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from '@jest/globals';
import { memoryFindings, type MemorySample, memoryTrends, sampleMemory } from '../../../bin/chaos/memory.ts';
import type { StackRecord } from '../../../bin/stack/stack-record.ts';

const MIB = 1_048_576;
const MINUTE_MS = 60_000;

/** One sample a minute of a process that holds these many MiB. */
function life(name: string, pid: number, fromMinute: number, ...mib: readonly number[]): readonly MemorySample[] {
  return mib.map((size, index) => ({ name, pid, at: (fromMinute + index) * MINUTE_MS, bytes: size * MIB }));
}

describe('the course of memory', () => {
  it('leaves out the first minute of each life', () => {
    const [trend] = memoryTrends(life('api', 1, 0, 500, 100, 110, 120));
    expect(trend).toEqual({
      name: 'api',
      lives: 1,
      samples: 4,
      startMib: 100,
      medianMib: 110,
      maxMib: 120,
      endMib: 120,
      slopeMibPerMinute: 10,
      countedMinutes: 2,
    });
  });

  it('does not take a larger new life for growth', () => {
    // The first life stands at 100 MiB, the second, after a kill, at 200: neither grows.
    const samples = [...life('venue', 1, 0, 90, 100, 100, 100), ...life('venue', 2, 4, 150, 200, 200, 200)];
    expect(memoryTrends(samples)[0]).toMatchObject({ lives: 2, startMib: 100, endMib: 200, slopeMibPerMinute: 0 });
  });

  it('weighs lives by how much they can tell', () => {
    // Without first samples: 100, 101, 102 and 50, 54. Deviations of time -1, 0, 1 and -0.5, 0.5; of memory -1, 0, 1 and -2, 2.
    // Products 2 and 2, squares of time 2 and 0.5: slope 4 / 2.5 = 1.6.
    const samples = [...life('venue', 1, 0, 0, 100, 101, 102), ...life('venue', 2, 10, 0, 50, 54)];
    expect(memoryTrends(samples)[0]?.slopeMibPerMinute).toBe(1.6);
  });

  it('has no figures where no life was longer than a minute', () => {
    const [trend] = memoryTrends(life('venue', 1, 0, 100));
    expect(trend).toMatchObject({ lives: 1, samples: 1, startMib: null, medianMib: null, slopeMibPerMinute: null });
  });
});

describe('memory beyond its bound', () => {
  const bound = { slopeMibPerMinute: 5, endOverMedian: 1.5 };
  const judged = (...mib: readonly number[]) =>
    memoryFindings(memoryTrends(life('api', 1, 0, 0, ...mib)), bound).map(({ kind, detail }) => `${kind}: ${detail}`);

  it('is a steady growth', () => {
    expect(judged(100, 106, 112, 118, 124, 130)).toEqual(['memory: api grows by 6 MiB a minute; 5 are allowed']);
    expect(judged(100, 104, 108, 112, 116, 120)).toEqual([]);
  });

  it('is an end far above the median', () => {
    // Slope of 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60 over 11 minutes: 60 x 5 / 110 = 2.7 MiB a minute.
    const flat = Array.from({ length: 10 }, () => 100);
    expect(judged(...flat, 160)).toEqual(['memory: api ends at 160 MiB, more than 1.5 times its median of 100 MiB']);
    expect(judged(...flat, 140)).toEqual([]);
  });

  it('is not judged before five minutes', () => {
    expect(judged(100, 200, 300, 400)).toEqual([]);
  });
});

describe('a sample of memory', () => {
  // A parent that holds little, and a child that holds 100 MiB.
  const program = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'const held = Buffer.alloc(104857600, 1); console.log(held.length); setInterval(() => held, 1000)'], { stdio: ['ignore', 'inherit', 'inherit'] });
    process.on('SIGTERM', () => { child.kill('SIGKILL'); process.exit(); });
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  afterAll(async () => {
    parent.kill('SIGTERM');
    await once(parent, 'exit');
  });

  it('counts a process with its children, and passes over one that is down', async () => {
    await once(parent.stdout, 'data');
    const process = (name: string, pid: number | null) => ({ name, pid, restarts: 0, ready: true });
    const processes = [process('parent', parent.pid ?? 0), process('down', null)];
    const samples = sampleMemory({ processes } as unknown as StackRecord, 7);
    expect(samples).toEqual([{ name: 'parent', pid: parent.pid, at: 7, bytes: expect.any(Number) }]);
    expect(samples[0]?.bytes).toBeGreaterThan(104_857_600);
    expect(samples[0]?.bytes).toBeLessThan(600 * MIB);
  });
});
