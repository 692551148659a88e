import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { OwnerRecord } from '../../../adapters/ports/venue-ownership.ts';
import { type Database, openDatabase } from '../../../adapters/storage/database.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import type { ExecutionRecord } from '../../../adapters/ports/execution-store.ts';
import type { IntentState } from '../../../domain/orders/lifecycle.ts';
import { type Lane, type Rig, startRig } from '../../helpers/rig.ts';
import type { RigProcess } from '../../helpers/rig-process.ts';
import { until } from '../../helpers/rig-until.ts';
import { acceptedOrders, firstAttempt } from '../crash-points/outcome.ts';

const TEST_MS = 180_000;
const END_WITHIN_MS = 90_000;
const CONSISTENCY_MS = { recvWindow: 1_500, apiTimeout: 300, margin: 300 };
/** Eight slices, one every 3 s. */
const PLAN = { quantity: '0.08', slices: 8, durationMs: 24_000 };
/** Slices at 0 and 15 s: the first may be taken over and looked up before the second is due. */
const SLOW = { quantity: '0.02', slices: 2, durationMs: 30_000 };
/** Tasks that the server hands to a stopped process are missed 5 s later, and there may be three such one after another. */
const SLOWER = { quantity: '0.02', slices: 2, durationMs: 60_000 };

describe('two venue workers of one account', () => {
  let rig: Rig;
  let lane: Lane;
  let database: Database;
  let owner: RigProcess;
  let other: RigProcess;

  beforeAll(async () => {
    rig = await startRig({ lanes: 1, consistencyMs: CONSISTENCY_MS });
    lane = rig.lanes[0] as Lane;
    database = openDatabase(rig.databaseUrl, 'tradewind tests');
    owner = lane.worker;
    other = rig.worker('workers/venue.js', { lane });
    await other.start();
  }, TEST_MS);
  afterEach(async () => {
    await lane.venue.clearFaults();
    for (const worker of [owner, other]) {
      if (worker.isRunning()) worker.wake();
      else await worker.start();
    }
    // Whichever owns the account now is the owner of the next test.
    const { worker } = await heldBy();
    if (!worker.endsWith(`/${owner.pid()}`)) [owner, other] = [other, owner];
  }, TEST_MS);
  afterAll(async () => {
    await database?.end();
    await rig?.stop();
  }, TEST_MS);

  const ownerNow = async (): Promise<OwnerRecord | null> =>
    (await createVenueDirectory(database).listVenues()).find(({ profile }) => profile.id === lane.id)?.owner ?? null;

  const heldBy = (process?: RigProcess): Promise<OwnerRecord> =>
    until('the account to have that owner', async () => {
      const now = await ownerNow();
      if (now === null || !now.held) return null;
      return process === undefined || now.worker.endsWith(`/${process.pid()}`) ? now : null;
    });

  const start = (count: number, plan = PLAN): Promise<ExecutionRecord[]> =>
    Promise.all(Array.from({ length: count }, () => rig.start(lane, plan)));

  /** Starts an execution and waits until the venue holds up the owner's request for `endpoint`, before or after it is processed. */
  async function startHeldAt(endpoint: string, at: 'before' | 'after', plan: typeof PLAN): Promise<ExecutionRecord> {
    await lane.venue.hold(endpoint, at);
    const [execution] = (await start(1, plan)) as [ExecutionRecord];
    await lane.venue.untilHeld(endpoint);
    return execution;
  }

  const untilFirstOrderIs = (state: IntentState, execution: ExecutionRecord) =>
    until(`the first order to be ${state}`, async () => (await rig.store.ordersOf(execution.id))[0]?.state === state);

  const untilOldOwnerStandsBy = () =>
    until('the old owner to stand by', () =>
      Promise.resolve(/is lost[\s\S]*stands by: another process/.test(owner.output())),
    );

  /** Waits until so many orders of these executions have been accepted. */
  const untilOrders = (count: number) =>
    until('the orders', async () => (await lane.venue.ledger()).orders.length >= count);

  /** What became of executions, in the words of their workflows, of the venue's ledger and of its list of requests. */
  async function outcomesOf(executions: readonly ExecutionRecord[]) {
    const outcomes = [];
    for (const { id } of executions) {
      const workflow = rig.client.workflow.getHandle(`execution/${id}`);
      const result: unknown = await rig.client.withDeadline(Date.now() + END_WITHIN_MS, () => workflow.result());
      outcomes.push({ result, verification: await rig.verify(lane, id) });
    }
    const { requests } = await lane.venue.ledger();
    const sent = requests.filter(({ endpoint }) => endpoint === 'order.create').map((request) => request.clientOrderId);
    return { outcomes, sentTwice: sent.filter((id, index) => sent.indexOf(id) !== index) };
  }

  /** The only right outcome: all of it traded, once, and both ledgers equal. */
  const exact = (executions: readonly ExecutionRecord[]) => ({
    outcomes: executions.map(({ plan: { quantity } }) => ({
      result: { status: 'completed', filled: quantity, residual: '0' },
      verification: expect.objectContaining({
        ordered: quantity,
        filled: quantity,
        duplicates: 0,
        lost: 0,
        doubleCounted: 0,
        exact: true,
      }),
    })),
    sentTwice: [],
  });

  it(
    'the owner killed for good: the other goes on with eight executions, and all are exact',
    async () => {
      const before = await heldBy(owner);
      const executions = await start(8);
      await untilOrders(12);
      await owner.kill();
      const after = await heldBy(other);
      expect(after.epoch).toBe(before.epoch + 1);
      expect(other.output()).toContain('stands by: another process owns the account');
      await until('the other to reconcile', () => Promise.resolve(other.output().includes('reconciled')));
      expect(await outcomesOf(executions)).toEqual(exact(executions));
    },
    TEST_MS,
  );

  it(
    'the owner stopped while its order is on the way: the other proves that it never arrived, and when both go on it is refused',
    async () => {
      await heldBy(owner);
      const execution = await startHeldAt('order.create', 'before', SLOW);
      owner.freeze();
      await heldBy(other);
      await untilFirstOrderIs('not-placed', execution);
      owner.wake();
      await lane.venue.clearFaults();
      await lane.venue.untilRequest(firstAttempt(execution.id, 1), 'order.create', 'refused -1021');
      await untilOldOwnerStandsBy();
      expect(await acceptedOrders(lane, firstAttempt(execution.id, 1))).toBe(0);
      expect(await outcomesOf([execution])).toEqual(exact([execution]));
    },
    TEST_MS,
  );

  it(
    'the owner stopped after its order was accepted: the other adopts it, and nothing of the old one is written',
    async () => {
      await heldBy(owner);
      const execution = await startHeldAt('order.create', 'after', SLOW);
      owner.freeze();
      await lane.venue.clearFaults();
      await heldBy(other);
      await untilFirstOrderIs('filled', execution);
      owner.wake();
      await untilOldOwnerStandsBy();
      expect(await outcomesOf([execution])).toEqual(exact([execution]));
    },
    TEST_MS,
  );

  it(
    'the owner stopped before it has decided: the other decides, and the old one adds no order when it wakes up',
    async () => {
      await heldBy(owner);
      const execution = await startHeldAt('book', 'before', SLOWER);
      owner.freeze();
      await lane.venue.clearFaults();
      await heldBy(other);
      await untilFirstOrderIs('filled', execution);
      owner.wake();
      await untilOldOwnerStandsBy();
      expect(await outcomesOf([execution])).toEqual(exact([execution]));
      expect((await rig.store.ordersOf(execution.id)).map(({ child, attempt }) => [child, attempt])).toEqual([
        [1, 1],
        [2, 1],
      ]);
    },
    TEST_MS,
  );

  it(
    'the owner told to stop: it ends the order that it was at, gives the account up, and the other goes on',
    async () => {
      const before = await heldBy(owner);
      const execution = await startHeldAt('order.create', 'after', SLOW);
      const drained = owner.drain();
      await lane.venue.clearFaults();
      await drained;
      expect((await rig.store.ordersOf(execution.id)).map(({ state }) => state)).toEqual(['filled']);
      expect((await heldBy(other)).epoch).toBe(before.epoch + 1);
      expect(await outcomesOf([execution])).toEqual(exact([execution]));
    },
    TEST_MS,
  );

  it(
    'the connection of the owner cut: one of the two owns the account again within seconds, without a new process',
    async () => {
      const before = await heldBy(owner);
      const executions = await start(2);
      await untilOrders(2);
      await database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1
         and pid in (select pid from pg_locks where locktype = 'advisory' and granted)`,
        [`tradewind owner of ${lane.id}`],
      );
      await until('a new epoch', async () => ((await ownerNow())?.epoch ?? 0) > before.epoch);
      expect(await outcomesOf(executions)).toEqual(exact(executions));
    },
    TEST_MS,
  );

  it(
    'the database killed: both stay, one owns the account again when the database is back',
    async () => {
      const before = await heldBy();
      const executions = await start(4);
      await untilOrders(4);
      const [ownerPid, otherPid] = [owner.pid(), other.pid()];
      process.kill(rig.postgres.pid()!, 'SIGKILL');
      const after = await until('a new epoch', async () => {
        const now = await ownerNow().catch(() => null);
        return now !== null && now.held && now.epoch > before.epoch;
      });
      expect(after).toBe(true);
      expect(await outcomesOf(executions)).toEqual(exact(executions));
      expect([owner.pid(), other.pid()]).toEqual([ownerPid, otherPid]);
    },
    TEST_MS,
  );
});
