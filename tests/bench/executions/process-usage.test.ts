import { describe, expect, it } from '@jest/globals';
import { sharesOf, timesOf } from '../../../bench/executions/process-usage.ts';

describe('CPU time of processes', () => {
  it('is own time and that of ended children, whatever the name holds', () => {
    // As proc(5) numbers the fields: (2) name, (3) state, (4) parent, (14) utime, (15) stime, (16) cutime, (17) cstime.
    const stat = '77 (a) (b) S 12 77 77 0 -1 4194560 100 200 3 4 1000 200 30 4 20 0 1 0 5000 900000 1234';
    expect(timesOf(77, stat)).toEqual({ pid: 77, parent: 12, ticks: 1_234 });
  });

  it('is shared out over all processes of the stack', () => {
    const processes = [
      { name: 'temporal', cpuSeconds: 6, memoryMib: 1 },
      { name: 'venue', cpuSeconds: 2, memoryMib: 1 },
    ];
    expect(sharesOf(processes).map(({ cpuShare }) => cpuShare)).toEqual([0.75, 0.25]);
  });

  it('has no share where nothing was taken', () => {
    expect(sharesOf([{ name: 'temporal', cpuSeconds: 0, memoryMib: 1 }])[0]!.cpuShare).toBeNull();
  });
});
