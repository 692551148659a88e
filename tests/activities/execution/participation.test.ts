import { beforeEach, describe, expect, it } from '@jest/globals';
import { executeChild } from '../../../activities/execution/execute-child.ts';
import type { LiveTape } from '../../../adapters/ports/live-tape.ts';
import type { ChildCommand } from '../../../domain/execution/commands.ts';
import { Bench, firstChild, plan, START } from '../fakes/bench.ts';
import { MemoryStore } from '../fakes/memory-store.ts';

let bench: Bench;
let store: MemoryStore;
/** What the streams have seen, and the intervals that they were asked for. */
let live: string | null;
/** How far behind the tape is. */
let lagMs: number;
let asked: (readonly [number, number])[];
beforeEach(() => {
  bench = new Bench();
  store = new MemoryStore();
  live = null;
  lagMs = 0;
  asked = [];
});

const tape: LiveTape = {
  volume: (_venue, _symbol, from, to) => {
    asked.push([from - START, to - START]);
    return Promise.resolve(live === null ? null : { quantity: live, from: from - lagMs, to: to - lagMs - 1 });
  },
};
/** At most a fifth of the market, that is a quarter of what others trade. */
const bounded: ChildCommand = { ...firstChild, plan: { ...plan, params: { ...plan.params, maxParticipation: 0.2 } } };
const run = (given: Partial<ChildCommand> = {}) => executeChild(bench.deps({ store, tape }), { ...bounded, ...given });
const print = (tradeId: string, seconds: number, quantity: string) => ({
  tradeId,
  at: START + seconds * 1_000,
  price: '60000',
  quantity,
});

describe('a child that the volume of the market bounds', () => {
  it('is a quarter of what others have traded within the last slice interval', async () => {
    live = '0.5';
    store.own = '0.1';
    // (0.5 - 0.1) / 4
    await expect(run()).resolves.toMatchObject({ result: 'filled', totalFilled: '0.1' });
    expect(asked).toEqual([[-15_000, 0]]);
    expect(bench.venue.reads).not.toContain('tape');
  });

  it.each([
    [14_001, 15_000],
    [300, 1_000],
  ])('is measured over whole seconds: where slices are %i ms apart, over %i ms', async (intervalMs, measuredMs) => {
    live = '1000';
    await run({ intervalMs });
    expect(asked).toEqual([[-measuredMs, 0]]);
  });

  it('leaves out our own trades over the very time that the tape counts', async () => {
    live = '0.5';
    lagMs = 3_000;
    await run();
    expect(store.ownAsked).toEqual([[START - 18_000, START - 3_001]]);
  });

  it('is less by what its slice has traded already', async () => {
    live = '0.4';
    store.slice = '0.04';
    await expect(run()).resolves.toMatchObject({ totalFilled: '0.06' });
  });

  it('is whole where the market is large', async () => {
    live = '1000';
    await expect(run()).resolves.toMatchObject({ totalFilled: '0.25' });
  });

  it('is measured by the tape of the venue where the streams have a gap', async () => {
    bench.venue.tapeReading = { complete: true, before: null, trades: [print('1', -10, '0.3'), print('2', -1, '0.1')] };
    await expect(run()).resolves.toMatchObject({ totalFilled: '0.1' });
    expect(bench.venue.tapeAsked).toEqual([START - 15_000, START]);
    expect(store.ownAsked).toEqual([[START - 15_000, START]]);
  });

  it('waits, with the reason, where neither knows the volume', async () => {
    bench.venue.tapeReading = { complete: false, reason: 'the tape has a gap' };
    await expect(run()).resolves.toMatchObject({
      result: 'carried',
      problem: { code: 'VOLUME_UNKNOWN', detail: expect.stringContaining('the tape has a gap') },
    });
    expect(bench.venue.sent).toEqual([]);
  });

  it('waits also where the venue gives no answer', async () => {
    bench.venue.fail('tape', 1);
    await expect(run()).resolves.toMatchObject({ problem: { code: 'VOLUME_UNKNOWN' } });
  });

  it('waits where the market stands still', async () => {
    live = '0';
    await expect(run()).resolves.toMatchObject({ result: 'carried', problem: { code: 'PARTICIPATION_CAP' } });
    expect(bench.ledger.decisions.get('e1|1|1')).toMatchObject({ reason: 'PARTICIPATION_CAP', quantity: '0.25' });
  });

  it('asks nobody about the market where it has no bound', async () => {
    await expect(executeChild(bench.deps(), firstChild)).resolves.toMatchObject({ result: 'filled' });
    expect(bench.venue.reads).not.toContain('tape');
  });
});
