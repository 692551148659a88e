import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { ExecutionRecord, ExecutionStore, NewExecution } from '../../adapters/ports/execution-store.ts';
import type { VenueDirectory } from '../../adapters/ports/order-ledger.ts';
import { openDatabase } from '../../adapters/storage/database.ts';
import { createExecutionStore } from '../../adapters/storage/execution-store.ts';
import { runMigrations } from '../../adapters/storage/migrations.ts';
import { createVenueDirectory } from '../../adapters/storage/venue-directory.ts';
import { reportOf } from '../../api/executions/report.ts';
import { startExecution } from '../../adapters/temporal/start-execution.ts';
import { writeJson } from '../../bin/stack/atomic-file.ts';
import { createHome, type HomeLayout, homeLayout } from '../../bin/stack/home-layout.ts';
import { writeVenueFiles } from '../../bin/stack/venue-files.ts';
import { type ConsistencyMs, DEFAULT_VENUES, type VenueSpec } from '../../bin/stack/venue-specs.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import { mostChildren, type Verification, verifyExecution } from '../../domain/execution/verification/verify.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { registerSearchAttributes } from '../../workers/search-attributes.ts';
import { executionWorkflowId } from '../../workflows/execution/messages.ts';
import { startTestDatabase } from './postgres.ts';
import { RigProcess } from './rig-process.ts';
import { RigVenue } from './rig-venue.ts';
import { claimPort, type TestFolder, testFolder, type TestServer } from './server-process.ts';
import { type HoldProxy, startHoldProxy } from './tcp-hold-proxy.ts';
import { startTestTemporal } from './temporal-server.ts';

/** A venue account with everything around it that a test may break, apart from all other accounts. */
export interface Lane {
  readonly id: string;
  readonly venue: RigVenue;
  /** In front of the database of this account's worker alone. */
  readonly proxy: HoldProxy;
  readonly worker: RigProcess;
}

/** An execution on BTC/USDT that begins at once, a TWAP where it does not say otherwise. */
export interface RigPlan {
  readonly algo?: ExecutionPlan['algo'];
  readonly side?: ExecutionPlan['side'];
  readonly quantity: string;
  /** Of a TWAP. */
  readonly slices?: number;
  readonly durationMs: number;
  readonly limit?: string;
  /** Further parameters of the algorithm. */
  readonly params?: ExecutionPlan['params'];
}

/** The whole platform below the API as separate processes on real servers; each process dies and lives as the test wants. */
export interface Rig {
  readonly trading: RigProcess;
  readonly lanes: readonly Lane[];
  readonly store: ExecutionStore;
  readonly client: Client;
  readonly databaseUrl: string;
  /** The database server, which comes back by itself when it is killed. */
  readonly postgres: TestServer;
  /** The Temporal server, which likewise comes back. */
  readonly temporal: TestServer;
  /** Another worker on the same servers, not started yet: for all accounts, or for that of one lane, around its proxy. */
  worker(entry: string, given?: { readonly lane?: Lane; readonly databaseUrl?: string }): RigProcess;
  /** Accepts an execution and starts its workflow, as the API does. */
  start(lane: Lane, plan: RigPlan): Promise<ExecutionRecord>;
  /** Holds the execution's report and stored fills against the venue's own ledger. */
  verify(lane: Lane, executionId: string): Promise<Verification>;
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly lanes: number;
  readonly consistencyMs: ConsistencyMs;
}

const SYMBOL = 'BTC/USDT';
const LOT = '0.00001';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Starts servers, simulated venues, the trading worker and one venue worker for each account. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const cleanUps: (() => unknown)[] = [];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  };
  try {
    return await assemble(options, (cleanUp) => cleanUps.push(cleanUp), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `later` takes what has to be undone at the end, the last first. */
async function assemble(
  options: RigOptions,
  later: (cleanUp: () => unknown) => void,
  stop: () => Promise<void>,
): Promise<Rig> {
  const place = testFolder('rig');
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
  const ports = await prepareHome(home, place, options);
  const env = {
    ...process.env,
    TRADEWIND_HOME: home.folder,
    TRADEWIND_ACCOUNTS: home.accounts,
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    // Tests hold single requests to a venue: the janitor's must not be among them, unless a test starts it.
    TRADEWIND_JANITOR_EVERY_S: '86400',
  };
  const programOf = (entry: string, own: NodeJS.ProcessEnv = {}, args: readonly string[] = []): RigProcess => {
    const program = new RigProcess({ entry, args, env: { ...env, ...own } });
    later(() => (program.isRunning() ? program.kill() : undefined));
    return program;
  };
  const simulator = programOf('simulator/main.js', {}, ['--config', home.simulatorConfig]);
  await simulator.start();
  const trading = programOf('workers/trading.js');
  const lanes: Lane[] = [];
  for (const [id, port] of ports) {
    const proxy = await startHoldProxy(postgres.url);
    later(() => proxy.close());
    const own = { TRADEWIND_ACCOUNTS: accountFileOf(home, id), DATABASE_URL: proxy.url };
    const venue = new RigVenue(`http://127.0.0.1:${port}/admin`);
    lanes.push({ id, proxy, venue, worker: programOf('workers/venue.js', own) });
  }
  await Promise.all([trading, ...lanes.map(({ worker }) => worker)].map((program) => program.start()));

  const database = openDatabase(postgres.url, 'tradewind tests');
  later(() => database.end());
  const connection = await Connection.connect({ address: temporal.address });
  later(() => connection.close());
  const client = new Client({ connection, namespace: temporal.namespace });
  const store = createExecutionStore(database);
  return {
    trading,
    lanes,
    store,
    client,
    databaseUrl: postgres.url,
    postgres,
    temporal,
    worker: (entry, { lane, databaseUrl = postgres.url } = {}) =>
      programOf(entry, {
        DATABASE_URL: databaseUrl,
        ...(lane === undefined ? {} : { TRADEWIND_ACCOUNTS: accountFileOf(home, lane.id) }),
      }),
    async start(lane, plan) {
      const accepted = await store.accept(executionOf(lane, plan), null);
      if (!('execution' in accepted)) throw new Error(`the execution was not accepted: ${accepted.kind}`);
      await startExecution(client, accepted.execution);
      return accepted.execution;
    },
    verify: (lane, executionId) => verifyAtVenue(store, createVenueDirectory(database), lane, executionId),
    stop,
  };
}

/** Writes the files of the simulator and the venue workers, and gives each venue's port. */
async function prepareHome(
  home: HomeLayout,
  place: TestFolder,
  options: RigOptions,
): Promise<ReadonlyMap<string, number>> {
  createHome(home);
  const specs = Array.from({ length: options.lanes }, (_, index) => venueSpec(`sim${index + 1}`, options));
  const ports = new Map<string, number>();
  for (const { id } of specs) ports.set(id, await claimPort(place, id));
  writeVenueFiles(home, specs, {
    listen: '127.0.0.1',
    host: '127.0.0.1',
    portOf: (id) => ports.get(id) ?? 0,
  });
  const accounts = JSON.parse(readFileSync(home.accounts, 'utf8')) as readonly { readonly id: string }[];
  for (const account of accounts) writeJson(accountFileOf(home, account.id), [account], 0o600);
  return ports;
}

function accountFileOf(home: HomeLayout, id: string): string {
  return join(home.folder, `account-${id}.json`);
}

function executionOf(
  lane: Lane,
  { algo = 'twap', side = 'buy', quantity, slices, durationMs, limit, params }: RigPlan,
): NewExecution {
  const id = randomUUID();
  const startAt = Date.now();
  return {
    id,
    workflowId: executionWorkflowId(id),
    owner: 'test',
    plan: {
      executionId: id,
      algo,
      venue: lane.id,
      symbol: SYMBOL,
      side,
      quantity,
      lot: LOT,
      startAt,
      endAt: startAt + durationMs,
      limit: limit ?? null,
      // Far enough beyond the touch that every order fills at once: what is counted here are orders.
      params: { ...(algo === 'twap' ? { slices: slices ?? 1, catchUpFactor: 2 } : {}), aggressionBps: 50, ...params },
    },
    base: 'BTC',
    quote: 'USDT',
    decision: { price: '60000', at: startAt },
  };
}

async function verifyAtVenue(
  store: ExecutionStore,
  directory: VenueDirectory,
  lane: Lane,
  executionId: string,
): Promise<Verification> {
  const record = await store.findExecution(executionId);
  if (record === null) throw new Error(`there is no execution ${executionId}`);
  const report = await reportOf(record, store, directory);
  const orders = await store.ordersOf(executionId);
  const instrument = await directory.findInstrument(lane.id, report.symbol);
  if (instrument === null) throw new Error(`${lane.id} lists no ${report.symbol}`);
  return verifyExecution({
    execution: {
      id: executionId,
      symbol: report.symbol,
      side: report.side,
      ordered: report.ordered,
      filled: report.filled,
      residual: report.residual,
      children: mostChildren(report.slices.length),
      clientOrderIds: orders.map(({ clientOrderId }) => clientOrderId),
      slices: report.slices,
      isFinal: isFinal(report.status),
    },
    storedFills: await store.fillsOf(executionId),
    ledger: await lane.venue.ledger(),
    instrument,
    sha256,
  });
}

function venueSpec(id: string, { consistencyMs }: RigOptions): VenueSpec {
  const [standard] = DEFAULT_VENUES;
  if (standard === undefined) throw new Error('there is no default venue');
  return { ...standard, id, consistencyMs };
}
