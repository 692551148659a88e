import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeEarlier, closeExecution, measureMarket } from '../../../activities/execution/close-execution.ts';
import type { PublicTrade } from '../../../domain/market/public-trade.ts';
import { Bench, START } from '../fakes/bench.ts';
import { MemoryStore } from '../fakes/memory-store.ts';

let bench: Bench;
let store: MemoryStore;
beforeEach(() => {
  bench = new Bench();
  store = new MemoryStore();
  bench.clock.advance(60_000);
});

const deps = () => bench.deps({ store });
const close = () => closeExecution(deps(), 'e1');

const print = (tradeId: string, seconds: number, price: string, quantity: string): PublicTrade => ({
  tradeId,
  at: START + seconds * 1_000,
  price,
  quantity,
});

describe('the end of an execution', () => {
  it('has the mid at the end and the figures of the market', async () => {
    bench.venue.tapeReading = {
      complete: true,
      before: print('10', -1, '60000', '1'),
      trades: [print('11', 20, '60010', '1'), print('12', 30, '60040', '3')],
    };
    await expect(close()).resolves.toEqual({ marketMeasured: true });
    expect(store.closes).toEqual([
      {
        end: { price: '60000', at: START + 60_000 },
        // (60010 * 1 + 60040 * 3) / 4 = 60032.5
        market: expect.objectContaining({ vwap: '60032.5', volume: '4' }),
      },
    ]);
  });

  it('is the end by our clock, over a tape that has the time of the venue', async () => {
    bench.venue.offsetMs = -30_000;
    bench.venue.tapeReading = { complete: true, before: null, trades: [print('11', 20, '60010', '1')] };
    await close();
    expect(bench.venue.tapeAsked).toEqual([START, START + 30_000]);
  });

  it('comes not before the arrival, however far the clock of the venue is behind', async () => {
    bench.venue.offsetMs = -90_000;
    await close();
    expect(bench.venue.tapeAsked).toEqual([START, START]);
  });

  it('says the same again and asks nobody once it is stored', async () => {
    const first = await close();
    const reads = bench.venue.reads.length;
    await expect(close()).resolves.toEqual(first);
    expect(bench.venue.reads).toHaveLength(reads);
    expect(store.closes).toHaveLength(1);
  });

  it('is stored here first for an execution that began to close under 0.2, which is told what came of it', async () => {
    const plan = store.record.plan;
    const closed = closeEarlier(deps(), { plan, status: 'cancelled', problem: null });
    await expect(closed).resolves.toEqual({ marketMeasured: true, filled: store.record.filled, residual: '4.75' });
    expect(store.ends).toEqual([{ executionId: 'e1', status: 'cancelled', problem: null }]);
    expect(store.closes).toHaveLength(1);
  });

  it('asks for the mid again when the venue gives no answer', async () => {
    bench.venue.fail('quote', 3);
    await close();
    expect(store.closes[0]?.end).toMatchObject({ price: '60000' });
    expect(bench.waits).toEqual([250, 500, 1_000]);
  });

  it('never guesses the mid: after four failures it is none', async () => {
    bench.venue.fail('quote', 4);
    await close();
    expect(store.closes[0]).toMatchObject({ end: null });
  });

  it('ends without the figures of the market when there is no tape, and says that they are wanting', async () => {
    bench.venue.fail('tape', 1);
    await expect(close()).resolves.toMatchObject({ marketMeasured: false });
    expect(store.closes[0]?.market).toMatchObject({
      vwap: null,
      reasons: { vwap: expect.stringContaining('the venue gave no tape') },
    });
  });

  it('has no figures where no slice was ever decided, and wants none', async () => {
    store.record = { ...store.record, arrival: null };
    await expect(close()).resolves.toMatchObject({ marketMeasured: true });
    expect(bench.venue.reads).not.toContain('tape');
    expect(store.closes[0]?.market).toMatchObject({
      vwap: null,
      reasons: { vwap: expect.stringContaining('no arrival') },
    });
  });

  it('fails for an execution that is not there', async () => {
    await expect(closeExecution(deps(), 'e2')).rejects.toThrow('there is no execution e2');
  });

  it('fails for an execution that has not ended', async () => {
    store.record = { ...store.record, status: 'running', endedAt: null };
    await expect(close()).rejects.toThrow('execution e1 has not ended');
  });
});

describe('measuring the market later', () => {
  it('stores the figures over [arrival, end]', async () => {
    bench.venue.fail('tape', 1);
    await close();
    bench.clock.advance(30_000);
    bench.venue.tapeReading = { complete: true, before: null, trades: [print('11', 20, '60010', '1')] };
    await measureMarket(deps(), 'e1');
    expect(store.record.market).toMatchObject({ vwap: '60010', volume: '1' });
  });

  it('fails while the venue gives no tape, so that it is tried again', async () => {
    bench.venue.fail('tape', 2);
    await close();
    await expect(measureMarket(deps(), 'e1')).rejects.toThrow('tape gave no answer');
  });

  it('does nothing for an execution that runs or never arrived', async () => {
    store.record = { ...store.record, status: 'running', endedAt: null };
    await measureMarket(deps(), 'e1');
    expect(bench.venue.reads).toEqual([]);
  });
});
