import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Lane, type Rig, startRig } from '../../helpers/rig.ts';
import { CONSISTENCY_MS, type CrashPoint, crashPoints } from './crash-points.ts';
import { acceptedOrders, conserved, firstAttempt, outcomeOf } from './outcome.ts';

const LANES = 3;
const TEST_MS = 240_000;
/** Slices at 0 and 20 s: a killed worker is noticed 5 s after its last heartbeat and needs some to come up again, so the first is over before the second. */
const PLAN = { quantity: '0.02', slices: 2, durationMs: 40_000 };

describe('the venue worker killed with -9', () => {
  let rig: Rig;
  const free: Lane[] = [];
  const waiting: ((lane: Lane) => void)[] = [];

  beforeAll(async () => {
    rig = await startRig({ lanes: LANES, consistencyMs: CONSISTENCY_MS });
    free.push(...rig.lanes);
  }, TEST_MS);
  afterAll(() => rig?.stop(), TEST_MS);

  const takeLane = (): Promise<Lane> => {
    const lane = free.pop();
    return lane === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(lane);
  };
  const giveBack = (lane: Lane) => {
    const next = waiting.shift();
    if (next === undefined) free.push(lane);
    else next(lane);
  };

  it.concurrent.each(crashPoints.map((point) => [point.name, point] as const))(
    '%s: nothing is sent twice, nothing is lost',
    async (_name, point) => {
      const lane = await takeLane();
      try {
        const id = await crashAt(lane, point);
        expect(await outcomeOf(rig, lane, id)).toEqual(conserved(id, point.children));
        if (point.epilogue === undefined) return;
        await point.epilogue(lane, firstAttempt(id, 1));
        expect(await outcomeOf(rig, lane, id)).toEqual(conserved(id, point.children));
      } finally {
        await lane.venue.clearFaults();
        if (!lane.worker.isRunning()) await lane.worker.start();
        giveBack(lane);
      }
    },
    TEST_MS,
  );

  /** Kills the worker there, brings it back, and gives the execution. */
  async function crashAt(lane: Lane, point: CrashPoint): Promise<string> {
    const untilTrapped = await point.trap(lane);
    const { id } = await rig.start(lane, PLAN);
    const firstId = firstAttempt(id, 1);
    await untilTrapped(firstId);
    await lane.worker.kill();

    const left = await rig.store.ordersOf(id);
    expect({
      intent: left[0]?.state ?? null,
      fills: (await rig.store.fillsOf(id)).length > 0,
      accepted: await acceptedOrders(lane, firstId),
    }).toEqual(point.left);

    if (point.afterlife === undefined) await lane.venue.clearFaults();
    else await point.afterlife(lane, firstId);
    await lane.worker.start();
    return id;
  }
});
