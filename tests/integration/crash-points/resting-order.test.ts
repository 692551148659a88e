import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Lane, type Rig, startRig } from '../../helpers/rig.ts';
import { until } from '../../helpers/rig-until.ts';
import { CONSISTENCY_MS } from './crash-points.ts';
import { acceptedOrders, firstAttempt, outcomeOf } from './outcome.ts';

const TEST_MS = 240_000;
/** Slices at 0 and 14 s that wait until 8.4 s into their interval: a killed worker is noticed and back before that. */
const PLAN = {
  quantity: '0.02',
  slices: 2,
  durationMs: 28_000,
  params: { style: 'maker-first', crossAfter: 0.6 },
} as const;

describe('the venue worker killed with -9 while an order waits at the touch', () => {
  let rig: Rig;
  let lane: Lane;
  beforeAll(async () => {
    rig = await startRig({ lanes: 1, consistencyMs: CONSISTENCY_MS });
    lane = rig.lanes[0]!;
  }, TEST_MS);
  afterAll(() => rig?.stop(), TEST_MS);

  /** Kills the worker as soon as the first order is known to work, and brings it back. */
  async function killed(plan: Parameters<Rig['start']>[1]): Promise<string> {
    const { id } = await rig.start(lane, plan);
    await until('the first order to work', async () =>
      (await rig.store.ordersOf(id)).some(({ venueOrderId }) => venueOrderId !== null),
    );
    await lane.worker.kill();
    await lane.worker.start();
    return id;
  }

  it(
    'takes it off the book when its time is over, and sends nothing twice',
    async () => {
      // So far from the market that nothing trades, by waiting or by crossing.
      const id = await killed({ ...PLAN, limit: '1000' });
      const { result, children, sentTwice, verification } = await outcomeOf(rig, lane, id);
      expect(result).toEqual({ status: 'expired', filled: '0', residual: '0.02' });
      expect(children).toMatchObject([
        { child: 1, attempt: 1, state: 'cancelled', accepted: 1 },
        { child: 3, attempt: 1, state: 'cancelled', accepted: 1 },
      ]);
      expect(sentTwice).toEqual([]);
      expect(verification).toMatchObject({ exact: true, filled: '0', residual: '0.02', duplicates: 0 });
      const { orders } = await lane.venue.ledger();
      expect(orders.filter(({ status }) => status === 'open')).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'fills all of it, by waiting or by crossing, exactly',
    async () => {
      const id = await killed(PLAN);
      const { result, sentTwice, verification } = await outcomeOf(rig, lane, id);
      expect(result).toEqual({ status: 'completed', filled: '0.02', residual: '0' });
      expect(sentTwice).toEqual([]);
      expect(verification).toMatchObject({ exact: true, filled: '0.02', duplicates: 0, lost: 0, doubleCounted: 0 });
      expect(await acceptedOrders(lane, firstAttempt(id, 1))).toBe(1);
    },
    TEST_MS,
  );
});
