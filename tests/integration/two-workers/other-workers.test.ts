import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, openDatabase } from '../../../adapters/storage/database.ts';
import { createBacktestStore } from '../../../adapters/storage/backtest-store.ts';
import { createDownloadStore } from '../../../adapters/storage/download-store.ts';
import { temporalBacktests } from '../../../api/backtests/temporal-backtests.ts';
import { temporalDownloads } from '../../../api/datasets/temporal-downloads.ts';
import { parseSpec } from '../../../domain/backtest/spec/parse-spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { backtestWorkflowId } from '../../../workflows/backtest/messages.ts';
import { downloadWorkflowId } from '../../../workflows/download/messages.ts';
import { barsOf, writeBars } from '../../helpers/bars-file.ts';
import { type Lane, type Rig, startRig } from '../../helpers/rig.ts';
import { until } from '../../helpers/rig-until.ts';
import { startHoldProxy } from '../../helpers/tcp-hold-proxy.ts';
import { writeGatedStrategy } from '../../helpers/user-strategies.ts';

const TEST_MS = 180_000;
const MINUTE = 60_000;

/** Whatever has the work when the first worker is killed, and is never started again, is done by the second. */
describe('two workers of one kind, the first killed for good', () => {
  let rig: Rig;
  let lane: Lane;
  let database: Database;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tradewind-two-workers-'));
    rig = await startRig({ lanes: 1, consistencyMs: { recvWindow: 1_500, apiTimeout: 300, margin: 300 } });
    lane = rig.lanes[0] as Lane;
    database = openDatabase(rig.databaseUrl, 'tradewind tests');
  }, TEST_MS);
  afterAll(async () => {
    await database?.end();
    await rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, TEST_MS);

  it(
    'trading: an execution goes on',
    async () => {
      // A task that the dead worker had begun is handed to the other after 10 s, a slice of time.
      const execution = await rig.start(lane, { quantity: '0.04', slices: 4, durationMs: 40_000 });
      await until('the first order', async () => (await lane.venue.ledger()).orders.length > 0);
      await rig.worker('workers/trading.js').start();
      await rig.trading.kill();
      const workflow = rig.client.workflow.getHandle(`execution/${execution.id}`);
      await expect(workflow.result()).resolves.toEqual({ status: 'completed', filled: '0.04', residual: '0' });
      await expect(rig.verify(lane, execution.id)).resolves.toMatchObject({ filled: '0.04', exact: true });
    },
    TEST_MS,
  );

  it(
    'market-data: a download goes on with the page that the dead worker was about to store',
    async () => {
      const proxy = await startHoldProxy(rig.databaseUrl);
      try {
        const first = rig.worker('workers/market-data.js', { databaseUrl: proxy.url });
        await first.start();
        const store = createDownloadStore(database);
        const to = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE;
        const id = randomUUID();
        const accepted = await store.acceptDownload(
          {
            id,
            workflowId: downloadWorkflowId(id),
            owner: 'test',
            venue: lane.id,
            symbol: 'BTC/USDT',
            timeframe: '1m',
            from: to - 30 * MINUTE,
            to,
          },
          null,
        );
        if (accepted.kind === 'key-reused') throw new Error('no key was given');
        const hold = proxy.holdNext({ statement: 'update downloads set next_at', at: 'before' });
        await temporalDownloads(rig.client).start(accepted.download);
        await hold.reached;
        await rig.worker('workers/market-data.js').start();
        await first.kill();
        const ended = await until('the download to end', async () => {
          const now = await store.findDownload(id);
          return now !== null && now.status !== 'running' && now;
        });
        expect(ended).toMatchObject({ status: 'completed', rows: 30, next: to, problem: null });
      } finally {
        await proxy.close();
      }
    },
    TEST_MS,
  );

  it(
    'compute: a backtest begins anew and gives what an undisturbed run gives',
    async () => {
      const store = createBacktestStore(database);
      const gate = join(folder, 'gate');
      const parsed = parseSpec(
        {
          data: barsOf(writeBars(join(folder, 'bars.csv'), 2_000)),
          strategy: { file: writeGatedStrategy(folder, gate) },
        },
        strategies,
      );
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const begin = async () => {
        const id = randomUUID();
        const accepted = await store.accept(
          {
            id,
            workflowId: backtestWorkflowId(id),
            owner: 'test',
            request: parsed.request,
            strategy: 'gated',
            symbol: 'TEST',
          },
          null,
        );
        if (accepted.kind === 'key-reused') throw new Error('no key was given');
        await temporalBacktests(rig.client).start(accepted.backtest);
        return id;
      };
      const when = (id: string, what: string, holds: (status: string, barsDone: number) => boolean) =>
        until(what, async () => {
          const now = await store.findBacktest(id);
          return now !== null && holds(now.status, now.progress.barsDone) && now;
        });
      const ended = (id: string) =>
        when(id, 'the backtest to end', (status) => status !== 'queued' && status !== 'running');

      const first = rig.worker('workers/compute.js');
      await first.start();
      const id = await begin();
      await when(id, 'the backtest to reach its gate', (_status, barsDone) => barsDone >= 100);
      await rig.worker('workers/compute.js').start();
      await first.kill();
      writeFileSync(gate, '');
      const disturbed = await ended(id);
      expect(disturbed).toMatchObject({ status: 'completed', problem: null });
      const undisturbed = await ended(await begin());
      expect(undisturbed.result?.tradesHash).toBe(disturbed.result?.tradesHash);
      expect(disturbed.result?.tradesHash).toMatch(/^[0-9a-f]{64}$/);
    },
    TEST_MS,
  );
});
