import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { CandleStore } from '../../../adapters/ports/candle-store.ts';
import type { DownloadRecord, DownloadStore } from '../../../adapters/ports/download-store.ts';
import { createCandleStore } from '../../../adapters/storage/candle-store.ts';
import { type Database, openDatabase } from '../../../adapters/storage/database.ts';
import { createDownloadStore } from '../../../adapters/storage/download-store.ts';
import { runMigrations } from '../../../adapters/storage/migrations.ts';
import { temporalDownloads } from '../../../api/datasets/temporal-downloads.ts';
import type { DownloadWorkflows } from '../../../api/ports.ts';
import { createHome, homeLayout } from '../../../bin/stack/home-layout.ts';
import { writeVenueFiles } from '../../../bin/stack/venue-files.ts';
import { DEFAULT_VENUES } from '../../../bin/stack/venue-specs.ts';
import { registerSearchAttributes } from '../../../workers/search-attributes.ts';
import { downloadWorkflowId } from '../../../workflows/download/messages.ts';
import { startTestDatabase } from '../../helpers/postgres.ts';
import { RigProcess } from '../../helpers/rig-process.ts';
import { until } from '../../helpers/rig-until.ts';
import { claimPort, testFolder } from '../../helpers/server-process.ts';
import { type HoldProxy, startHoldProxy } from '../../helpers/tcp-hold-proxy.ts';
import { startTestTemporal } from '../../helpers/temporal-server.ts';

/** What a download stands on, as separate processes on real servers: a simulated venue, the trading and the market-data worker. */
export interface DataRig {
  readonly worker: RigProcess;
  /** Another market-data worker, not started. */
  readonly second: RigProcess;
  readonly database: Database;
  /** In front of the database of the market-data worker alone. */
  readonly proxy: HoldProxy;
  readonly datasets: CandleStore;
  readonly downloads: DownloadStore;
  readonly workflows: DownloadWorkflows;
  /** Accepts a download and starts its workflow, as the API does. */
  start(timeframe: string, from: number, to: number): Promise<DownloadRecord>;
  ended(id: string): Promise<DownloadRecord>;
  /** What the workflow of a download gave back. */
  resultOf(id: string): Promise<unknown>;
  /** The venue's own rows, asked for without any code of the platform. */
  klines(interval: string, from: number, limit: number): Promise<readonly (readonly (number | string)[])[]>;
  stop(): Promise<void>;
}

/** Starts everything; what was started is stopped again when one part of it fails. @param own variables of all processes */
export async function startDataRig(own: NodeJS.ProcessEnv = {}): Promise<DataRig> {
  const cleanUps: (() => unknown)[] = [];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  };
  try {
    return await assemble(own, (cleanUp) => cleanUps.push(cleanUp), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  own: NodeJS.ProcessEnv,
  later: (cleanUp: () => unknown) => void,
  stop: () => Promise<void>,
): Promise<DataRig> {
  const place = testFolder('data-rig');
  later(() => {
    place.ports.release();
    rmSync(place.folder, { recursive: true, force: true });
  });
  const temporal = await startTestTemporal();
  later(() => temporal.stop());
  const postgres = await startTestDatabase();
  later(() => postgres.stop());
  await Promise.all([runMigrations(postgres.url), registerSearchAttributes(temporal.address, temporal.namespace)]);

  const home = homeLayout(join(place.folder, 'home'));
  createHome(home);
  const port = await claimPort(place, 'sim');
  writeVenueFiles(home, DEFAULT_VENUES, { listen: '127.0.0.1', host: '127.0.0.1', portOf: () => port });
  const proxy = await startHoldProxy(postgres.url);
  later(() => proxy.close());
  const env = {
    ...process.env,
    ...own,
    TRADEWIND_HOME: home.folder,
    TRADEWIND_ACCOUNTS: home.accounts,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  };
  const programOf = (entry: string, more: NodeJS.ProcessEnv = {}, args: readonly string[] = []): RigProcess => {
    const program = new RigProcess({ entry, args, env: { ...env, ...more } });
    later(() => (program.isRunning() ? program.kill() : undefined));
    return program;
  };
  await programOf('simulator/main.js', {}, ['--config', home.simulatorConfig]).start();
  const worker = programOf('workers/market-data.js', { DATABASE_URL: proxy.url });
  await Promise.all([programOf('workers/trading.js').start(), worker.start()]);

  const database = openDatabase(postgres.url, 'tradewind tests');
  later(() => database.end());
  const connection = await Connection.connect({ address: temporal.address });
  later(() => connection.close());
  const client = new Client({ connection, namespace: temporal.namespace });
  const downloads = createDownloadStore(database);
  const workflows = temporalDownloads(client);
  return {
    worker,
    second: programOf('workers/market-data.js'),
    database,
    proxy,
    datasets: createCandleStore(database),
    downloads,
    workflows,
    async start(timeframe, from, to) {
      const id = randomUUID();
      const accepted = await downloads.acceptDownload(
        {
          id,
          workflowId: downloadWorkflowId(id),
          owner: 'test',
          venue: 'sim',
          symbol: 'BTC/USDT',
          timeframe,
          from,
          to,
        },
        null,
      );
      if (accepted.kind === 'key-reused') throw new Error('no key was given, so none can have been used');
      await workflows.start(accepted.download);
      return accepted.download;
    },
    ended: (id) =>
      until(`download ${id} to end`, async () => {
        const record = await downloads.findDownload(id);
        return record !== null && record.status !== 'running' && record;
      }),
    resultOf: (id) => client.workflow.getHandle(downloadWorkflowId(id)).result(),
    async klines(interval, from, limit) {
      const query = `symbol=BTCUSDT&interval=${interval}&startTime=${from}&limit=${limit}`;
      const response = await fetch(`http://127.0.0.1:${port}/api/v3/klines?${query}`);
      return (await response.json()) as (number | string)[][];
    },
    stop,
  };
}
