import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '../../../domain/matching/feed.ts';
import { FeedDriver } from '../../../simulator/feeds/feed-driver.ts';
import { venueTime } from '../../../simulator/feeds/time-map.ts';

const trade = (t: number): FeedEvent => ({
  kind: 'trade',
  t,
  sourceId: t,
  price: '1',
  quantity: '1',
  buyerIsMaker: true,
});
const snapshot = (t: number): FeedEvent => ({ kind: 'snapshot', t, lastUpdateId: 1, bids: [], asks: [] });

/** A source that counts how many batches were asked for. */
function source(...batches: readonly (readonly FeedEvent[])[]) {
  const taken = { batches: 0 };
  async function* read() {
    for (const batch of batches) {
      taken.batches += 1;
      yield batch;
    }
  }
  return { iterator: read(), taken };
}

function driven(...batches: readonly (readonly FeedEvent[])[]) {
  const seen: [number, number][] = [];
  const { iterator, taken } = source(...batches);
  const driver = new FeedDriver(iterator, (event, at) => seen.push([event.t, at]));
  return { driver, seen, taken };
}

describe('the feed driver', () => {
  it('maps recorded time to start + (t - t0) / speed', () => {
    expect(venueTime({ feedAt: 1_000, at: 50_000, speed: 4 }, 3_000)).toBe(50_500);
  });

  it('hands events on when they are due, never ahead', async () => {
    const { driver, seen } = driven([trade(1_000), trade(1_400)], [trade(1_800)]);
    driver.start({ feedAt: 1_000, at: 50_000, speed: 2 });
    await driver.advanceTo(50_199);
    expect(seen).toEqual([[1_000, 50_000]]);
    await driver.advanceTo(50_200);
    expect(seen).toEqual([
      [1_000, 50_000],
      [1_400, 50_200],
    ]);
    expect(driver.ended).toBe(false);
    await driver.advanceTo(60_000);
    expect(seen.at(-1)).toEqual([1_800, 50_400]);
    expect({ ended: driver.ended, applied: driver.applied }).toEqual({ ended: true, applied: 3 });
  });

  it('reads no further than it has to', async () => {
    const { driver, taken } = driven([trade(1_000)], [trade(9_000)], [trade(9_001)]);
    driver.start({ feedAt: 0, at: 0, speed: 1 });
    await driver.advanceTo(5_000);
    expect(taken.batches).toBe(2);
  });

  it('keeps the order of the feed where its times go back', async () => {
    const { driver, seen } = driven([trade(1_000), trade(990), trade(1_001)]);
    driver.start({ feedAt: 0, at: 0, speed: 1 });
    await driver.advanceTo(5_000);
    expect(seen).toEqual([
      [1_000, 1_000],
      [990, 1_000],
      [1_001, 1_001],
    ]);
  });

  it('finds the first snapshot and loses nothing that stands before it', async () => {
    const { driver, seen } = driven([trade(900)], [snapshot(1_000), trade(1_100)]);
    expect(await driver.firstSnapshotAt()).toBe(1_000);
    expect(seen).toEqual([]);
    driver.start({ feedAt: 1_000, at: 50_000, speed: 1 });
    await driver.advanceTo(50_000);
    expect(seen).toEqual([
      [900, 49_900],
      [1_000, 50_000],
    ]);
    expect(await driven([trade(1)]).driver.firstSnapshotAt()).toBeNull();
  });
});
