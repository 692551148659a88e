import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../adapters/storage/database.ts';
import { createVenueDirectory } from '../../adapters/storage/venue-directory.ts';
import { type Lane, type Rig, startRig } from '../helpers/rig.ts';
import { until } from '../helpers/rig-until.ts';

const TEST_MS = 180_000;
/** Four slices, one every 5 s. */
const PLAN = { quantity: '0.04', slices: 4, durationMs: 20_000 };

describe('the Temporal server away', () => {
  let rig: Rig;
  let lane: Lane;
  let database: Database;
  beforeAll(async () => {
    rig = await startRig({ lanes: 1, consistencyMs: { recvWindow: 1_500, apiTimeout: 300, margin: 300 } });
    lane = rig.lanes[0] as Lane;
    database = openDatabase(rig.databaseUrl, 'tradewind tests');
  }, TEST_MS);
  afterAll(async () => {
    await database?.end();
    await rig?.stop();
  }, TEST_MS);

  const owner = async () =>
    (await createVenueDirectory(database).listVenues()).find(({ profile }) => profile.id === lane.id)?.owner ?? null;
  const ordersAtVenue = async () => (await lane.venue.ledger()).orders.length;

  it(
    'an order under way is brought to its end, the slices that fell due are made up, and the account keeps its owner',
    async () => {
      const before = await owner();
      const workers = [rig.trading, lane.worker];
      const pids = workers.map((worker) => worker.pid());
      // Its answer is held, so that the server goes away while the first order is under way.
      await lane.venue.hold('order.create', 'after');
      const execution = await rig.start(lane, PLAN);
      await lane.venue.untilHeld('order.create');
      const away = rig.temporal.pid() as number;
      // It does not answer, and its connections stay open: the unkind way of being away.
      process.kill(away, 'SIGSTOP');
      await lane.venue.clearFaults();
      await until('the fills of the first order', async () => (await rig.store.fillsOf(execution.id)).length > 0);
      const thirdSliceAt = execution.plan.startAt + 10_000;
      await until('the third slice to be overdue', () => Promise.resolve(Date.now() > thirdSliceAt));
      expect(await ordersAtVenue()).toBe(1);
      expect(await owner()).toMatchObject({ epoch: before?.epoch, worker: before?.worker, held: true });

      process.kill(away, 'SIGKILL');
      const workflow = rig.client.workflow.getHandle(`execution/${execution.id}`);
      const end = await until('the end of the execution', () => workflow.result().catch(() => null));
      expect(end).toEqual({ status: 'completed', filled: '0.04', residual: '0' });
      expect(await rig.verify(lane, execution.id)).toMatchObject({ filled: '0.04', exact: true });
      expect(workers.map((worker) => worker.pid())).toEqual(pids);
      expect(await owner()).toMatchObject({ epoch: before?.epoch, worker: before?.worker, held: true });
    },
    TEST_MS,
  );
});
