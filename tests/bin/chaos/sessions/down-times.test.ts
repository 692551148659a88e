import { describe, expect, it } from '@jest/globals';
import { downTimes } from '../../../../bin/chaos/sessions/down-times.ts';

const kill = (at: number, upAt: number | null, target = 'venue') => ({
  target,
  process: target,
  at,
  upAt,
  forGood: false,
});

describe('times in which something was down', () => {
  it('are from a kill until the process serves again, or until now', () => {
    expect(downTimes([kill(1_000, 4_000), kill(9_000, null)], [], 20_000)).toEqual([
      { from: 1_000, until: 4_000 },
      { from: 9_000, until: 20_000 },
    ]);
  });

  it('are none of what no session needs', () => {
    const kills = ['api', 'compute', 'trading', 'postgres'].map((target, i) => kill(i * 10, i * 10 + 5, target));
    expect(downTimes(kills, [], 0).map(({ from }) => from)).toEqual([20, 30]);
  });

  it('are the window of a fault, with what it leaves behind', () => {
    const ban = { window: { from: 1_000, until: 3_000 }, struckAt: [2_000], lastsMs: 4_000 };
    expect(downTimes([], [ban], 0)).toEqual([{ from: 1_000, until: 7_000 }]);
  });

  it('are when a fault that waits for requests has struck, not while it waits', () => {
    const delays = { window: null, struckAt: [5_000, 9_000, 40_000], lastsMs: 2_000 };
    // Looks are 100 ms apart. The second strike comes 2 s after the first was over, the third much later.
    expect(downTimes([], [delays], 0)).toEqual([
      { from: 4_900, until: 11_000 },
      { from: 39_900, until: 42_000 },
    ]);
    expect(downTimes([], [{ ...delays, struckAt: [] }], 0)).toEqual([]);
  });
});
