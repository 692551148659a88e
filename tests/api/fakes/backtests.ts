import type {
  BacktestPart,
  BacktestRecord,
  BacktestStore,
  NewBacktest,
  StrategyChecker,
} from '../../../adapters/ports/backtest-store.ts';
import type { IdempotencyClaim } from '../../../adapters/ports/execution-store.ts';
import type { ApiDependencies, BacktestChecker, BacktestWorkflows, CommandOutcome } from '../../../api/ports.ts';
import type { BacktestRequest } from '../../../domain/backtest/spec/parse-spec.ts';

/** Backtests in memory, with the promises of the real store as far as the API relies on them. */
export class FakeBacktests {
  readonly records = new Map<string, BacktestRecord>();
  readonly claims = new Map<string, { readonly bodyHash: string; readonly id: string }>();
  readonly started = new Set<string>();
  readonly parts = new Map<string, readonly BacktestPart[]>();
  readonly startedWorkflows: string[] = [];
  readonly cancelled: string[] = [];
  /** Set to make every start fail with it. */
  temporalFailure: Error | null = null;
  /** What becomes of a backtest at once when its workflow is started. */
  onStart: (backtest: BacktestRecord) => void = () => {};
  cancelOutcome: CommandOutcome = { kind: 'done' };
  /** What is said against a request. */
  objection: (request: BacktestRequest) => Error | null = () => null;
  readonly checked: BacktestRequest[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  readonly store: ApiDependencies['backtests'] = {
    accept: async (backtest, claim) => this.accept(backtest, claim),
    findBacktest: async (id) => this.records.get(id) ?? null,
    listBacktests: async ({ status, strategy, symbol, cursor, limit }) => {
      const all = [...this.records.values()]
        .toReversed()
        .filter((record) => status === undefined || record.status === status)
        .filter((record) => strategy === undefined || record.strategy === strategy)
        .filter((record) => symbol === undefined || record.symbol === symbol);
      const from = Number(cursor ?? 0);
      return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
    },
    findPart: async (id, kind, number) =>
      this.parts.get(id)?.find((part) => part.kind === kind && part.number === number)?.content ?? null,
    notStarted: async () => [...this.records.values()].filter(({ id }) => !this.started.has(id)),
    markStarted: async (id) => {
      this.started.add(id);
    },
  };

  readonly workflows: BacktestWorkflows = {
    start: async (backtest) => {
      if (this.temporalFailure) throw this.temporalFailure;
      this.startedWorkflows.push(backtest.workflowId);
      this.onStart(backtest);
    },
    cancel: async ({ workflowId }) => {
      this.cancelled.push(workflowId);
      return this.cancelOutcome;
    },
  };

  readonly checker: BacktestChecker = {
    check: async (request) => {
      this.checked.push(request);
      const objection = this.objection(request);
      if (objection !== null) throw objection;
      return { symbols: request.spec.data.map((source) => ('file' in source ? source.symbol : source.datasetId)) };
    },
  };

  /** What a check of a strategy gives. */
  checkStrategy: StrategyChecker['checkStrategy'] = async () => {
    throw new Error('no check was expected');
  };

  readonly strategyChecker: StrategyChecker = {
    checkStrategy: (request, options) => this.checkStrategy(request, options),
  };

  change(id: string, changes: Partial<BacktestRecord>): void {
    this.records.set(id, { ...this.records.get(id)!, ...changes });
  }

  private accept(backtest: NewBacktest, claim: IdempotencyClaim | null): ReturnType<BacktestStore['accept']> {
    const claimed = claim === null ? undefined : this.claims.get(`${claim.owner} ${claim.key}`);
    if (claimed !== undefined) {
      if (claimed.bodyHash !== claim!.bodyHash) return Promise.resolve({ kind: 'key-reused' });
      return Promise.resolve({ kind: 'known', backtest: this.records.get(claimed.id)! });
    }
    const record: BacktestRecord = {
      ...backtest,
      status: 'queued',
      progress: { barsDone: 0, bars: 0 },
      problem: null,
      result: null,
      createdAt: this.now(),
      startedAt: null,
      endedAt: null,
    };
    this.records.set(record.id, record);
    if (claim !== null) this.claims.set(`${claim.owner} ${claim.key}`, { bodyHash: claim.bodyHash, id: record.id });
    return Promise.resolve({ kind: 'accepted', backtest: record });
  }
}
