import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import ccxt from 'ccxt';
import { homeLayout } from '../../bin/stack/home-layout.ts';
import { until } from '../helpers/rig-until.ts';
import { startStack, type TestStack } from '../helpers/stack.ts';

const START_MS = 180_000;
const TEST_MS = 240_000;
const PATIENCE_MS = 120_000;

let stack: TestStack;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  stack = await startStack({ env: { TRADEWIND_JANITOR_EVERY_S: '10' } });
  connection = await Connection.connect({ address: stack.record().temporal.address });
  client = new Client({ connection });
}, START_MS);
afterAll(async () => {
  await connection?.close();
  await stack?.stop();
}, START_MS);

const get = async (path: string) => (await stack.call('GET', path)).body;

/** A person at the exchange's own client, with the key of our account. */
function byHand() {
  const { rest } = stack.record().venues[0]!;
  const file = join(homeLayout(stack.home).credentials, 'sim.json');
  const { apiKey, apiSecret } = JSON.parse(readFileSync(file, 'utf8')) as Record<'apiKey' | 'apiSecret', string>;
  return new ccxt.binance({
    apiKey,
    secret: apiSecret,
    enableRateLimit: false,
    options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false },
    urls: { api: { public: `${rest}/api/v3`, private: `${rest}/api/v3` } },
  });
}

async function start(durationMs: number, slices: number, given: object = {}): Promise<string> {
  const { status, body } = await stack.call('POST', '/v1/executions', {
    algo: 'twap',
    venue: 'sim',
    symbol: 'BTC/USDT',
    side: 'buy',
    quantity: '0.02',
    durationMs,
    slices,
    ...given,
  });
  expect(status).toBe(201);
  return body.id as string;
}

/** The latest reconciliation that began after `instant` and compared balances. */
const reconciledAfter = (instant: number) =>
  until(
    'a reconciliation that compares balances',
    async () => {
      const { items } = await get('/v1/reconciliations?venue=sim&limit=20');
      return (
        items.find(
          (run: { startedAt: string; balances: object | null }) =>
            Date.parse(run.startedAt) > instant && run.balances !== null,
        ) ?? null
      );
    },
    PATIENCE_MS,
  );

describe('the janitor', () => {
  it(
    'reports what a person does by hand on the account, counts it not as ours, and finds every balance explained',
    async () => {
      const hand = byHand();
      const resting = await hand.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 10_000);
      const sold = await hand.createOrder('ETH/USDT', 'market', 'sell', 1);
      const [order] = await until(
        'the order by hand',
        async () => {
          const { items } = await get('/v1/reconciliations/foreign-orders?venue=sim');
          return items.length > 0 && items;
        },
        PATIENCE_MS,
      );
      expect(order).toMatchObject({
        symbol: 'BTC/USDT',
        side: 'buy',
        orderId: resting.id,
        price: '10000',
        filled: '0',
      });
      // Nobody of ours trades ETH: the change of the balances leads to its market.
      const trades = await until(
        'the trade by hand',
        async () => {
          const { items } = await get('/v1/reconciliations/foreign-trades?venue=sim');
          return items.length > 0 && items;
        },
        PATIENCE_MS,
      );
      expect(trades).toContainEqual(expect.objectContaining({ symbol: 'ETH/USDT', side: 'sell', orderId: sold.id }));
      const run = await reconciledAfter(Date.now());
      expect(run).toMatchObject({ findings: { foreignOrders: 1, orphansCancelled: 0, lateFills: 0 } });
      const { items: runs } = await get('/v1/reconciliations?venue=sim&limit=1000');
      expect(runs.map((each: { differences: object }) => each.differences)).toEqual(runs.map(() => ({})));
      // It was only looked at.
      expect(await hand.fetchOrder(resting.id!, 'BTC/USDT')).toMatchObject({ status: 'open' });
      await hand.cancelOrder(resting.id!, 'BTC/USDT');
      await until(
        'the cancelled order to be gone from the list',
        async () => (await get('/v1/reconciliations/foreign-orders?venue=sim')).items.length === 0,
        PATIENCE_MS,
      );
    },
    TEST_MS,
  );

  it(
    'cancels an order with a name of ours that rests at the venue after its end, and counts no fill of it twice',
    async () => {
      const id = await start(5_000, 1);
      const report = await until('the execution to end', async () => {
        const record = await get(`/v1/executions/${id}`);
        return record.status === 'completed' && get(`/v1/executions/${id}/report`);
      });
      const clientOrderId: string = report.slices[0].clientOrderIds[0];
      // Names are unique among open orders only, so the venue takes it again.
      const hand = byHand();
      const again = await hand.createOrder('BTC/USDT', 'limit', 'buy', 0.01, 10_000, { clientOrderId });
      await until(
        'the order to be taken off',
        async () => (await hand.fetchOrder(again.id!, 'BTC/USDT')).status === 'canceled',
        PATIENCE_MS,
      );
      await until('the run to be stored', async () => {
        const { items } = await get('/v1/reconciliations?venue=sim&limit=20');
        return items.some((run: { findings: { orphansCancelled: number } }) => run.findings.orphansCancelled === 1);
      });
      expect(await get(`/v1/executions/${id}`)).toMatchObject({ status: 'completed', filled: '0.02' });
    },
    TEST_MS,
  );

  it(
    'ends an execution whose workflow somebody has terminated',
    async () => {
      const id = await start(600_000, 60);
      await until('its first fill', async () => (await get(`/v1/executions/${id}`)).filled !== '0');
      await client.workflow.getHandle(`execution/${id}`).terminate('a drill');
      const record = await until(
        'the execution to be ended',
        async () => {
          const now = await get(`/v1/executions/${id}`);
          return now.status !== 'running' && now;
        },
        PATIENCE_MS,
      );
      expect(record).toMatchObject({
        status: 'failed',
        problem: { code: 'WORKFLOW_ENDED', detail: expect.stringContaining(`execution/${id} was terminated at`) },
      });
    },
    TEST_MS,
  );

  it(
    'is scheduled once, however many workers start',
    async () => {
      stack.kill('trading');
      await stack.waitRestarted('trading');
      await reconciledAfter(Date.now());
      const schedules = [];
      for await (const { scheduleId } of client.schedule.list()) schedules.push(scheduleId);
      expect(schedules).toEqual(['janitor']);
    },
    TEST_MS,
  );

  it(
    'takes the order that waits at the touch off the book when its workflow was terminated',
    async () => {
      // So far from the market that it waits until it is taken back: for an hour and a half otherwise.
      const id = await start(6_000_000, 1, { style: 'maker-first', crossAfter: 0.9, limit: '10000' });
      const hand = byHand();
      const [resting] = await until('the order to wait', async () => {
        const open = await hand.fetchOpenOrders('BTC/USDT');
        return open.length > 0 && open;
      });
      await client.workflow.getHandle(`execution/${id}`).terminate('by a test');
      await until(
        'the order to be gone',
        async () => (await hand.fetchOrder(resting!.id!, 'BTC/USDT')).status === 'canceled',
        PATIENCE_MS,
      );
      expect(await get(`/v1/executions/${id}`)).toMatchObject({
        status: 'failed',
        problem: { code: 'WORKFLOW_ENDED' },
      });
      await until('the end of the order to be stored', async () => {
        const { items } = await get(`/v1/orders?execution=${id}`);
        return items[0].state === 'cancelled';
      });
    },
    TEST_MS,
  );
});
