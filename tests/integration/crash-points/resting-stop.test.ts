import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFinal } from '../../../domain/execution/commands.ts';
import { type Lane, type Rig, startRig } from '../../helpers/rig.ts';
import { until } from '../../helpers/rig-until.ts';
import { CONSISTENCY_MS } from './crash-points.ts';
import { acceptedOrders, firstAttempt, outcomeOf } from './outcome.ts';

const TEST_MS = 240_000;
const YEAR_MS = 365 * 86_400_000;

describe('the venue worker killed with -9 while a stop rests at the venue', () => {
  let rig: Rig;
  let lane: Lane;
  beforeAll(async () => {
    rig = await startRig({ lanes: 1, consistencyMs: CONSISTENCY_MS });
    lane = rig.lanes[0]!;
    await until('the market to have a price', () => lane.venue.lastPrice('BTC/USDT').then(Boolean, () => false));
  }, TEST_MS);
  afterAll(() => rig?.stop(), TEST_MS);

  /** A stop at that price; known to rest, or to have ended, when this is over. */
  async function stopAt(side: 'buy' | 'sell', price: number): Promise<string> {
    const { id } = await rig.start(lane, {
      algo: 'single',
      side,
      quantity: '0.02',
      durationMs: YEAR_MS,
      params: { kind: 'stop', stopPrice: price.toFixed(2), stopSlippageBps: 50, reduceOnly: side === 'sell' ? 1 : 0 },
    });
    await until('the stop to rest at the venue', async () => {
      const isSent = (await rig.store.ordersOf(id)).some(({ venueOrderId }) => venueOrderId !== null);
      return isSent || isFinal((await rig.store.findExecution(id))!.status);
    });
    return id;
  }

  const cancel = (id: string) => rig.client.workflow.getHandle(`execution/${id}`).cancel();
  const statusOf = async (id: string) => (await rig.store.findExecution(id))!.status;

  async function killWorker(): Promise<void> {
    await lane.worker.kill();
    await lane.worker.start();
  }

  const openOrders = async () => (await lane.venue.ledger()).orders.filter(({ status }) => status === 'open');

  it(
    'leaves it there, and takes it back when the execution is cancelled',
    async () => {
      const id = await stopAt('sell', (await lane.venue.lastPrice('BTC/USDT')) / 2);
      await killWorker();
      await expect(openOrders()).resolves.toMatchObject([{ clientOrderId: firstAttempt(id, 1), side: 'sell' }]);
      await cancel(id);
      const { result, children, sentTwice, verification } = await outcomeOf(rig, lane, id);
      expect(result).toEqual({ status: 'cancelled', filled: '0', residual: '0.02' });
      expect(children).toMatchObject([{ child: 1, attempt: 1, state: 'cancelled', accepted: 1 }]);
      expect(sentTwice).toEqual([]);
      expect(verification).toMatchObject({ exact: true, filled: '0', residual: '0.02', duplicates: 0 });
      await expect(openOrders()).resolves.toEqual([]);
    },
    TEST_MS,
  );

  it(
    'fills it once the market trades there, exactly and once',
    async () => {
      const ids = await nearTheMarket();
      await killWorker();
      const filled = async () => {
        const statuses = await Promise.all(ids.map(statusOf));
        return ids.find((_, index) => statuses[index] === 'completed') ?? null;
      };
      const id = await until('the market to trade at one of the stops', filled, 120_000);
      for (const other of ids) if (other !== id && (await statusOf(other)) === 'running') await cancel(other);
      for (const each of ids) {
        const { sentTwice, verification } = await outcomeOf(rig, lane, each);
        expect(sentTwice).toEqual([]);
        expect(verification).toMatchObject({ exact: true, duplicates: 0, lost: 0, doubleCounted: 0 });
        expect(await acceptedOrders(lane, firstAttempt(each, 1))).toBe(1);
      }
      await expect(rig.store.findExecution(id)).resolves.toMatchObject({ status: 'completed', filled: '0.02' });
      await expect(openOrders()).resolves.toEqual([]);
    },
    TEST_MS,
  );

  /** A stop on either side of the market, so near that it comes to one of them soon. */
  async function nearTheMarket(): Promise<readonly string[]> {
    for (;;) {
      const price = await lane.venue.lastPrice('BTC/USDT');
      const ids = [await stopAt('sell', price - 4), await stopAt('buy', price + 4)];
      const statuses = await Promise.all(ids.map(statusOf));
      // The market was there before the order was: the venue has refused it.
      if (!statuses.includes('failed')) return ids;
      for (const id of ids) if ((await statusOf(id)) === 'running') await cancel(id);
    }
  }
});
