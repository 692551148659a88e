import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Lane, type Rig, startRig } from '../../helpers/rig.ts';
import { until } from '../../helpers/rig-until.ts';
import { CONSISTENCY_MS } from './crash-points.ts';
import { acceptedOrders, conserved, type ExpectedChild, firstAttempt, outcomeOf } from './outcome.ts';

const TEST_MS = 120_000;
const BOTH_FILLED: readonly ExpectedChild[] = [
  { child: 1, state: 'filled', quantity: '0.01' },
  { child: 2, state: 'filled', quantity: '0.01' },
];

describe('the trading worker killed with -9', () => {
  let rig: Rig;
  let lane: Lane;

  beforeAll(async () => {
    rig = await startRig({ lanes: 1, consistencyMs: CONSISTENCY_MS });
    lane = rig.lanes[0] as Lane;
  }, TEST_MS);
  afterEach(async () => {
    await lane.venue.clearFaults();
    const down = [rig.trading, lane.worker].filter((worker) => !worker.isRunning());
    await Promise.all(down.map((worker) => worker.start()));
  }, TEST_MS);
  afterAll(() => rig?.stop(), TEST_MS);

  /** How often each kind of event stands in the workflow's history: the server writes it with or without a worker. */
  const eventsOf = async (id: string, kind: 'activityTaskCompleted' | 'timerStarted' | 'timerFired') => {
    const { events } = await rig.client.workflow.getHandle(`execution/${id}`).fetchHistory();
    return (events ?? []).filter((event) => event[`${kind}EventAttributes`] != null).length;
  };

  it(
    'between two slices, and back only when the second is overdue: the second is done late',
    async () => {
      const { id } = await rig.start(lane, { quantity: '0.02', slices: 2, durationMs: 30_000 });
      await until('the timer of the second slice', async () => (await eventsOf(id, 'timerStarted')) === 1);
      await rig.trading.kill();
      await until('the timer to fire without a worker', async () => (await eventsOf(id, 'timerFired')) === 1);
      expect(await acceptedOrders(lane, firstAttempt(id, 2))).toBe(0);
      await rig.trading.start();
      expect(await outcomeOf(rig, lane, id)).toEqual(conserved(id, BOTH_FILLED));
    },
    TEST_MS,
  );

  it(
    'between two slices, and back when the second was missed: the third catches it up',
    async () => {
      // Slices of 0.005 at 0, 8, 16 and 24 s; the worker comes back after 16 s.
      const { id, plan } = await rig.start(lane, { quantity: '0.02', slices: 4, durationMs: 32_000 });
      await until('the timer of the second slice', async () => (await eventsOf(id, 'timerStarted')) === 1);
      await rig.trading.kill();
      await until('the third slice to be due', () => Promise.resolve(Date.now() > plan.startAt + 16_000));
      await rig.trading.start();
      expect(await outcomeOf(rig, lane, id)).toEqual(
        conserved(id, [
          // A child has at least its slice's number: that of the missed slice stays unused.
          { child: 1, state: 'filled', quantity: '0.005' },
          { child: 3, state: 'filled', quantity: '0.01' },
          { child: 4, state: 'filled', quantity: '0.005' },
        ]),
      );
    },
    TEST_MS,
  );

  it(
    'during a child order: the order is awaited by the venue worker, and its result is taken up later',
    async () => {
      await lane.venue.hold('order.create', 'after');
      const { id } = await rig.start(lane, { quantity: '0.02', slices: 2, durationMs: 12_000 });
      await lane.venue.untilHeld('order.create');
      await rig.trading.kill();
      await lane.venue.clearFaults();
      await until('the result of the child', async () => (await eventsOf(id, 'activityTaskCompleted')) === 1);
      await rig.trading.start();
      expect(await outcomeOf(rig, lane, id)).toEqual(conserved(id, BOTH_FILLED));
    },
    TEST_MS,
  );

  it(
    'and the venue worker with it, while an accepted order waits for its answer',
    async () => {
      await lane.venue.hold('order.create', 'after');
      const { id } = await rig.start(lane, { quantity: '0.02', slices: 2, durationMs: 20_000 });
      await lane.venue.untilHeld('order.create');
      await Promise.all([rig.trading.kill(), lane.worker.kill()]);
      expect((await rig.store.ordersOf(id)).map(({ state }) => state)).toEqual(['sending']);
      expect(await acceptedOrders(lane, firstAttempt(id, 1))).toBe(1);
      await lane.venue.clearFaults();
      await Promise.all([rig.trading.start(), lane.worker.start()]);
      expect(await outcomeOf(rig, lane, id)).toEqual(conserved(id, BOTH_FILLED));
    },
    TEST_MS,
  );
});
