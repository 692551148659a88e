import type { AccountFactsBoard } from '../adapters/ports/account-facts.ts';
import type {
  BacktestCheck,
  BacktestRecord,
  BacktestStore,
  StrategyChecker,
} from '../adapters/ports/backtest-store.ts';
import type { CandleHorizon } from '../adapters/ports/candle-horizon.ts';
import type { CandleStore } from '../adapters/ports/candle-store.ts';
import type { Clock } from '../adapters/ports/clock.ts';
import type { DownloadRecord, DownloadStore } from '../adapters/ports/download-store.ts';
import type { EventFeed } from '../adapters/ports/event-log.ts';
import type { ExecutionRecord, ExecutionStore, HaltStore } from '../adapters/ports/execution-store.ts';
import type { VenueDirectory } from '../adapters/ports/order-ledger.ts';
import type { OrderList, OrderSettlement } from '../adapters/ports/order-list.ts';
import type { FiguresReader } from '../adapters/ports/platform-figures.ts';
import type { ReconciliationReader } from '../adapters/ports/reconciliation-store.ts';
import type { SessionAdjustments } from '../adapters/ports/session-adjustments.ts';
import type { SessionComparer } from '../adapters/ports/session-comparer.ts';
import type { SessionReader } from '../adapters/ports/session-reader.ts';
import type { SessionReconciliations } from '../adapters/ports/session-reconciliations.ts';
import type { SessionRecord, SessionStore } from '../adapters/ports/session-store.ts';
import type { StrategyInspector } from '../adapters/ports/strategy-inspector.ts';
import type { VenueLimitsBoard } from '../adapters/ports/venue-limits.ts';
import type { WorkflowFate } from '../adapters/ports/workflow-directory.ts';
import type {
  OptimizationRecord,
  OptimizationRunner,
  OptimizationStore,
} from '../adapters/ports/optimization-store.ts';
import type { AmendmentRequest } from '../domain/execution/amendment.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import type { SessionCommand } from '../domain/session/commands.ts';
import type { StreamHealthStore } from '../adapters/ports/stream-health.ts';
import type { MarketReader } from '../adapters/ports/venue.ts';
import type { KeyStore } from '../adapters/storage/key-store.ts';
import type { BacktestRequest } from '../domain/backtest/spec/parse-spec.ts';
import type { StreamPlaces } from './events/stream-places.ts';
import type { ApiSettings } from './settings.ts';

export type ExecutionCommand = 'pause' | 'resume' | 'cancel';

/** What became of a command to a running execution. */
export type CommandOutcome =
  | { readonly kind: 'done' }
  /** Its workflow does not take the command now. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There is no running workflow of that id. */
  | { readonly kind: 'not-running' }
  /** No answer in time: it may still take effect. */
  | { readonly kind: 'unconfirmed' };

/** The workflows behind executions, as far as the API commands them. */
export interface ExecutionWorkflows {
  /** Starts the workflow of an accepted execution; does nothing when it was started before. Throws when the server cannot be asked. */
  start(execution: ExecutionRecord): Promise<void>;
  command(execution: ExecutionRecord, command: ExecutionCommand): Promise<CommandOutcome>;
  /** Answers once the change is on record, or refused. */
  amend(execution: ExecutionRecord, request: AmendmentRequest): Promise<CommandOutcome>;
}

/** The workflows behind downloads, as far as the API commands them. */
export interface DownloadWorkflows {
  /** Starts the workflow of an accepted download; does nothing when it was started before. Throws when the server cannot be asked. */
  start(download: DownloadRecord): Promise<void>;
  cancel(download: DownloadRecord): Promise<CommandOutcome>;
}

/** The workflows behind backtests, as far as the API commands them. */
export interface BacktestWorkflows {
  /** Starts the workflow of an accepted backtest; does nothing when it was started before. Throws when the server cannot be asked. */
  start(backtest: BacktestRecord): Promise<void>;
  /** Asks for its end; the backtest is cancelled when its worker has let go of it. */
  cancel(backtest: BacktestRecord): Promise<CommandOutcome>;
}

/** Looks at what a backtest is made of before it is accepted. */
export interface BacktestChecker {
  /** Throws `BacktestFailure` for whatever can be said against it. */
  check(request: BacktestRequest): Promise<BacktestCheck>;
}

export type OptimizationCommandName = 'pause' | 'resume' | 'cancel';

/** The workflows behind optimisations, as far as the API commands them. */
export interface OptimizationWorkflows {
  /** Starts the workflow of an accepted job; does nothing when it was started before. Throws when the server cannot be asked. */
  start(optimization: OptimizationRecord): Promise<void>;
  command(optimization: OptimizationRecord, command: OptimizationCommandName): Promise<CommandOutcome>;
}

/** The workflows behind trading sessions, as far as the API commands them. */
export interface SessionWorkflows {
  /** Starts the workflow of an accepted session; does nothing when it was started before. Throws when the server cannot be asked. */
  start(session: SessionRecord): Promise<void>;
  /** Starts it anew, with what its record says of it, after an earlier workflow has ended or was lost; does nothing while one runs. Throws as `start` does. */
  restart(session: SessionRecord): Promise<void>;
  /** What has become of its workflow. Throws as `start` does. */
  fateOf(session: SessionRecord): Promise<WorkflowFate>;
  /** Answers once the command is on record, or refused. */
  command(session: SessionRecord, command: SessionCommand): Promise<CommandOutcome>;
}

/** Who takes work from a task queue. */
export interface QueuePollers {
  readonly queue: string;
  readonly workflowPollers: number;
  readonly activityPollers: number;
  /** Activities that wait for a worker with a free place, about; and for how long the oldest of them has. */
  readonly activitiesWaiting: number;
  readonly waitingMs: DurationMs;
}

/** Looks at the two servers that everything stands on. Each throws when its server does not answer. */
export interface ServerProbe {
  pingPostgres(): Promise<void>;
  pollersOf(queue: string): Promise<QueuePollers>;
}

/** All that the API stands on, passed in so that tests run it on fakes. */
export interface ApiDependencies {
  readonly executions: ExecutionStore;
  readonly halts: HaltStore;
  readonly reconciliations: ReconciliationReader;
  readonly limits: Pick<VenueLimitsBoard, 'listLimits'>;
  readonly venues: Pick<VenueDirectory, 'listVenues' | 'listInstruments' | 'findInstrument'>;
  readonly streams: Pick<StreamHealthStore, 'list'>;
  readonly keys: Pick<KeyStore, 'findKey' | 'createKey' | 'listKeys' | 'revokeKey'>;
  readonly orders: OrderList;
  readonly settlement: OrderSettlement;
  readonly events: EventFeed;
  readonly figures: FiguresReader;
  readonly settings: ApiSettings;
  readonly workflows: ExecutionWorkflows;
  readonly datasets: Pick<
    CandleStore,
    'saveDataset' | 'findDataset' | 'listDatasets' | 'loadCandles' | 'deleteDataset'
  >;
  readonly downloads: Pick<
    DownloadStore,
    'acceptDownload' | 'findDownload' | 'listDownloads' | 'notStarted' | 'markStarted'
  >;
  readonly downloadWorkflows: DownloadWorkflows;
  readonly backtests: Pick<
    BacktestStore,
    'accept' | 'findBacktest' | 'listBacktests' | 'findPart' | 'notStarted' | 'markStarted'
  >;
  readonly backtestWorkflows: BacktestWorkflows;
  readonly backtestChecker: BacktestChecker;
  readonly strategyChecker: StrategyChecker;
  readonly optimizations: Pick<
    OptimizationStore,
    | 'accept'
    | 'findOptimization'
    | 'listOptimizations'
    | 'notStarted'
    | 'markStarted'
    | 'reopen'
    | 'resultRows'
    | 'findRow'
  >;
  readonly optimizationWorkflows: OptimizationWorkflows;
  readonly optimizationChecker: Pick<OptimizationRunner, 'check' | 'checkIdentity'>;
  readonly sessions: Pick<
    SessionStore,
    | 'accept'
    | 'find'
    | 'unstarted'
    | 'markStarted'
    | 'started'
    | 'command'
    | 'setBlock'
    | 'setProblem'
    | 'noteUnattended'
    | 'noteRestart'
  >;
  readonly sessionReader: SessionReader;
  readonly sessionAdjustments: SessionAdjustments;
  readonly sessionReconciliations: SessionReconciliations;
  readonly sessionWorkflows: SessionWorkflows;
  readonly sessionComparer: SessionComparer;
  readonly strategyInspector: StrategyInspector;
  readonly accountFacts: Pick<AccountFactsBoard, 'findFacts' | 'wantFacts'>;
  /** The public market of a venue account, or `undefined` for a venue that this process has no account of. */
  readonly market: (
    venue: string,
  ) =>
    | (Pick<MarketReader, 'quote' | 'candleTimeframes' | 'hasStopOrders' | 'stopOrderLimit'> & CandleHorizon)
    | undefined;
  readonly probe: ServerProbe;
  readonly clock: Clock;
  /** Ids of executions that come without an idempotency key. */
  readonly newId: () => string;
}

/** What every route plugin is registered with. */
export interface RouteOptions {
  readonly dependencies: ApiDependencies;
  /** Places for streams of events, counted over all routes. */
  readonly places: StreamPlaces;
}
