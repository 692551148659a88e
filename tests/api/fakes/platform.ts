import type { FastifyInstance } from 'fastify';
import type { HaltRecord } from '../../../adapters/ports/execution-store.ts';
import type { VenueEntry } from '../../../adapters/ports/order-ledger.ts';
import type { StreamHealthEntry } from '../../../adapters/ports/stream-health.ts';
import type { PlatformFigures } from '../../../adapters/ports/platform-figures.ts';
import type { Role } from '../../../adapters/storage/key-store.ts';
import { buildApp } from '../../../api/app.ts';
import { hashKey } from '../../../api/auth.ts';
import type { ApiDependencies, CommandOutcome, ExecutionCommand, QueuePollers } from '../../../api/ports.ts';
import { type ApiSettings, DEFAULT_SETTINGS } from '../../../api/settings.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';
import type { Quote } from '../../../domain/market/quote.ts';
import { FakeDatasetStore, FakeDownloads } from './data-stores.ts';
import { FakeBacktests } from './backtests.ts';
import { FakeEvents } from './events.ts';
import { FakeKeys } from './keys.ts';
import { FakeOptimizations } from './optimizations.ts';
import { FakeOrders, NO_FIGURES } from './orders.ts';
import { FakeReconciliations } from './reconciliations.ts';
import { FakeSessions, OPEN_LIMITS } from './sessions.ts';
import { FakeExecutionStore } from './execution-store.ts';

// Fastify looks for a plugin without a name among all loaded modules, which costs jest half of a test's time: here each has one.
Object.defineProperty(Function.prototype, Symbol.for('fastify.display-name'), { value: 'plugin', writable: true });

/** 2026-11-23T12:00:00Z: the time in every test of the API. */
export const NOW = Date.UTC(2026, 10, 23, 12);

/** How an account stands whose limits leave room for all that tests start. */
export const OPEN_ACCOUNT = {
  venue: 'sim',
  limits: OPEN_LIMITS,
  openNotional: {},
  ordersLast10s: 0,
  ordersLastMinute: 0,
  at: NOW,
};

export const BTC: Instrument = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  minQuantity: '0.00001',
  maxQuantity: '9000',
  minNotional: '5',
};

const VENUE: VenueEntry = {
  profile: {
    id: 'sim',
    exchange: 'binance',
    label: 'paper',
    assumptions: { feed: { kind: 'synthetic' }, synthetic: true },
  },
  health: {
    status: 'up',
    clockOffsetMs: 3,
    lastOkAt: NOW,
    lastErrorAt: null,
    lastError: null,
    usedWeight: 4,
    weightLimit: 6000,
  },
  healthAgeMs: 1_000,
  owner: { worker: 'host-a/17', epoch: 3, since: NOW, held: true },
};

/** Everything the API stands on, in memory; each part can be looked at and made to fail. */
export class FakePlatform {
  now = NOW;
  readonly executions = new FakeExecutionStore(() => this.now);
  readonly backtests = new FakeBacktests(() => this.now);
  readonly optimizations = new FakeOptimizations(() => this.now);
  readonly datasets = new FakeDatasetStore(() => this.now);
  readonly downloads = new FakeDownloads(() => this.now);
  readonly sessions = new FakeSessions(() => this.now);
  readonly halts: HaltRecord[] = [];
  readonly reconciliations = new FakeReconciliations();
  venueEntries: VenueEntry[] = [VENUE];
  streams: StreamHealthEntry[] = [];
  quote: () => Promise<Quote> = async () => ({
    bid: '59999.99',
    bidQuantity: '1',
    ask: '60000.01',
    askQuantity: '1',
    at: NOW,
  });
  readonly startedWorkflows: string[] = [];
  readonly commands: string[] = [];
  outcome: CommandOutcome = { kind: 'done' };
  temporalFailure: Error | null = null;
  postgresFailure: Error | null = null;
  pollers: Omit<QueuePollers, 'queue'> = {
    workflowPollers: 1,
    activityPollers: 1,
    activitiesWaiting: 0,
    waitingMs: 0,
  };
  readonly keys = new FakeKeys();
  readonly events = new FakeEvents();
  readonly orders = new FakeOrders();
  instruments: readonly Instrument[] = [BTC];
  figures: () => Promise<PlatformFigures> = async () => NO_FIGURES;
  settings: ApiSettings = DEFAULT_SETTINGS;
  private ids = 0;

  addKey(key: string, name: string, role: Role): void {
    this.keys.add({ hash: hashKey(key), name, role });
  }

  dependencies(): ApiDependencies {
    return {
      executions: this.executions,
      halts: {
        setHalt: async ({ by, ...halt }) => {
          const record: HaltRecord = {
            ...halt,
            id: `halt-${this.halts.length + 1}`,
            setAt: this.now,
            setBy: by,
            liftedAt: null,
            liftedBy: null,
            liftReason: null,
          };
          this.halts.push(record);
          return record;
        },
        liftHalt: async (id, by, reason) => {
          const index = this.halts.findIndex((halt) => halt.id === id);
          const halt = this.halts[index];
          if (!halt) return null;
          return (this.halts[index] = { ...halt, liftedAt: this.now, liftedBy: by, liftReason: reason });
        },
        findHalt: async (id) => this.halts.find((halt) => halt.id === id) ?? null,
        listHalts: async ({ activeOnly, limit, cursor }) => {
          const all = this.halts.filter((halt) => !activeOnly || halt.liftedAt === null);
          const from = Number(cursor ?? 0);
          return {
            items: all.slice(from, from + limit),
            next: from + limit < all.length ? String(from + limit) : null,
          };
        },
      },
      reconciliations: this.reconciliations.store,
      limits: { listLimits: async () => this.reconciliations.limits },
      venues: {
        listVenues: async () => this.venueEntries,
        listInstruments: async (venue) => (venue === 'sim' ? this.instruments : []),
        findInstrument: async (venue, symbol) => (venue === 'sim' && symbol === BTC.symbol ? BTC : null),
      },
      streams: { list: async () => this.streams },
      keys: this.keys.store,
      orders: this.orders.list,
      settlement: this.orders.settlement,
      events: this.events.feed,
      figures: { readFigures: () => this.figures() },
      settings: this.settings,
      workflows: {
        start: async ({ workflowId }) => {
          if (this.temporalFailure) throw this.temporalFailure;
          this.startedWorkflows.push(workflowId);
        },
        command: async ({ workflowId }, command: ExecutionCommand) => {
          this.commands.push(`${command} ${workflowId}`);
          return this.outcome;
        },
        amend: async ({ workflowId }, request) => {
          this.commands.push(`amend ${workflowId} ${JSON.stringify(request)}`);
          return this.outcome;
        },
      },
      datasets: this.datasets,
      downloads: this.downloads.store,
      downloadWorkflows: this.downloads.workflows,
      optimizations: this.optimizations.store,
      optimizationWorkflows: this.optimizations.workflows,
      optimizationChecker: this.optimizations.checker,
      ...this.sessions.dependencies(),
      backtests: this.backtests.store,
      backtestWorkflows: this.backtests.workflows,
      backtestChecker: this.backtests.checker,
      strategyChecker: this.backtests.strategyChecker,
      market: (venue) =>
        venue === 'sim'
          ? {
              quote: () => this.quote(),
              candleTimeframes: () => ['1m', '5m', '1h'],
              hasStopOrders: this.sessions.stopLimit !== 0,
              stopOrderLimit: async () => this.sessions.stopLimit,
              newestBegun: async () => this.sessions.newestCandle,
              firstSince: async (_symbol, _timeframe, since) => Math.max(since, this.sessions.firstCandle),
            }
          : undefined,
      probe: {
        pingPostgres: async () => {
          if (this.postgresFailure) throw this.postgresFailure;
        },
        pollersOf: async (queue) => {
          if (this.temporalFailure) throw this.temporalFailure;
          return { queue, ...this.pollers };
        },
      },
      clock: { now: () => this.now },
      newId: () => `id-${(this.ids += 1)}`,
    };
  }
}

export const ADMIN_KEY = 'tw_admin';

/** A platform with an admin key and the API over it. */
export async function startFakeApi(
  settings: ApiSettings = DEFAULT_SETTINGS,
): Promise<{ readonly platform: FakePlatform; readonly app: FastifyInstance }> {
  const platform = new FakePlatform();
  platform.settings = settings;
  platform.addKey(ADMIN_KEY, 'admin', 'admin');
  return { platform, app: await buildApp(platform.dependencies()) };
}

/** Headers of a request with a key. */
export const withKey = (key: string = ADMIN_KEY): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** A start that the fake platform accepts. */
export const GOOD_START = {
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '5',
  durationMs: 300_000,
  slices: 20,
} as const;
