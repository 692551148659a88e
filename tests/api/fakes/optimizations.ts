import type { IdempotencyClaim } from '../../../adapters/ports/execution-store.ts';
import type {
  CheckedOptimization,
  NewOptimization,
  OptimizationRecord,
  OptimizationRequest,
  OptimizationStore,
  ResultRow,
} from '../../../adapters/ports/optimization-store.ts';
import type { ApiDependencies, CommandOutcome, OptimizationWorkflows } from '../../../api/ports.ts';
import { rowColumns } from '../../../domain/backtest/kernel/metrics-row.ts';
import type { OptimizationPlan } from '../../../domain/optimization/evaluation/optimization.ts';
import { identityOf } from '../../../domain/optimization/job/identity.ts';
import type { OptimizationSpec } from '../../../domain/optimization/spec.ts';

const COLUMNS = rowColumns(false);

export const PLAN: OptimizationPlan = {
  size: 4,
  positions: 4,
  total: 3,
  excluded: 1,
  span: { from: 20, to: 100 },
  folds: [],
};

/** Optimisations in memory, with the promises of the real store as far as the API relies on them. */
export class FakeOptimizations {
  readonly records = new Map<string, OptimizationRecord>();
  readonly claims = new Map<string, { readonly bodyHash: string; readonly id: string }>();
  readonly started = new Set<string>();
  readonly rows: ResultRow[] = [];
  readonly startedWorkflows: string[] = [];
  readonly commands: string[] = [];
  /** Set to make every start fail with it. */
  temporalFailure: Error | null = null;
  outcome: CommandOutcome = { kind: 'done' };
  /** What is said against a spec, or against going on with a job. */
  objection: () => Error | null = () => null;
  readonly checked: OptimizationSpec[] = [];
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  readonly store: ApiDependencies['optimizations'] = {
    accept: async (optimization, claim) => this.accept(optimization, claim),
    findOptimization: async (id) => this.records.get(id) ?? null,
    listOptimizations: async ({ status, strategy, symbol, cursor, limit }) => {
      const all = [...this.records.values()]
        .toReversed()
        .filter((record) => (status ?? record.status) === record.status)
        .filter((record) => (strategy ?? record.strategy) === record.strategy)
        .filter((record) => (symbol ?? record.symbol) === record.symbol);
      return pageOf(all, cursor, limit);
    },
    notStarted: async () => [...this.records.values()].filter(({ id }) => !this.started.has(id)),
    markStarted: async (id) => {
      this.started.add(id);
    },
    reopen: async (id) => {
      const record = this.records.get(id);
      if (record?.status !== 'failed') return false;
      this.started.delete(id);
      this.change(id, { status: 'queued', problem: null, runs: record.runs + 1 });
      return true;
    },
    resultRows: async (_key, { sort, cursor, limit }) => {
      const byScore = (row: ResultRow): number => -(row.score ?? Number.NEGATIVE_INFINITY);
      const order = sort === 'score' ? byScore : (row: ResultRow): number => row.position;
      const sorted = this.rows.toSorted((a, b) => order(a) - order(b));
      return pageOf(sorted, cursor, limit);
    },
    findRow: async (_key, position) => this.rows.find((row) => row.position === position) ?? null,
  };

  readonly workflows: OptimizationWorkflows = {
    start: async ({ workflowId }) => {
      if (this.temporalFailure) throw this.temporalFailure;
      this.startedWorkflows.push(workflowId);
    },
    command: async ({ workflowId }, command) => {
      this.commands.push(`${command} ${workflowId}`);
      return this.outcome;
    },
  };

  readonly checker: {
    -readonly [Name in keyof ApiDependencies['optimizationChecker']]: ApiDependencies['optimizationChecker'][Name];
  } = {
    check: async (spec) => {
      this.checked.push(spec);
      this.object();
      return checkedOf(spec);
    },
    checkIdentity: async () => this.object(),
  };

  change(id: string, changes: Partial<OptimizationRecord>): void {
    this.records.set(id, { ...this.records.get(id)!, ...changes });
  }

  /** Gives the job a row for each total return, at the positions from 0 on. */
  addRows(...totalReturns: readonly number[]): void {
    for (const [position, totalReturn] of totalReturns.entries()) {
      const numbers = new Float64Array(COLUMNS.length).fill(Number.NaN);
      numbers[0] = totalReturn;
      const score = Number.isNaN(totalReturn) ? null : totalReturn;
      this.rows.push({ position, combination: position, score, rank: null, numbers });
    }
  }

  private object(): void {
    const objection = this.objection();
    if (objection !== null) throw objection;
  }

  private accept(
    optimization: NewOptimization,
    claim: IdempotencyClaim | null,
  ): ReturnType<OptimizationStore['accept']> {
    const claimed = claim === null ? undefined : this.claims.get(`${claim.owner} ${claim.key}`);
    if (claimed !== undefined) {
      if (claimed.bodyHash !== claim!.bodyHash) return Promise.resolve({ kind: 'key-reused' });
      return Promise.resolve({ kind: 'known', optimization: this.records.get(claimed.id)! });
    }
    const record: OptimizationRecord = {
      ...optimization,
      key: this.records.size + 1,
      total: optimization.request.plan.total,
      status: 'queued',
      runs: 1,
      progress: { done: 0, rate: null, best: null },
      problem: null,
      result: null,
      createdAt: this.now(),
      startedAt: null,
      endedAt: null,
    };
    this.records.set(record.id, record);
    if (claim !== null) this.claims.set(`${claim.owner} ${claim.key}`, { bodyHash: claim.bodyHash, id: record.id });
    return Promise.resolve({ kind: 'accepted', optimization: record });
  }
}

function pageOf<T>(all: readonly T[], cursor: string | undefined, limit: number): { items: T[]; next: string | null } {
  const from = Number(cursor ?? 0);
  return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
}

/** What a check finds that has nothing to object to. */
export function checkedOf(spec: OptimizationSpec): CheckedOptimization {
  const symbols = spec.backtest.data.map((source) => ('file' in source ? source.symbol : source.datasetId));
  const data = symbols.map((symbol) => ({ symbol, timeframe: '1m', hash: 'd'.repeat(64), bars: 100 }));
  const request: Omit<OptimizationRequest, 'priority'> = {
    spec,
    plan: PLAN,
    identity: identityOf({ nodeMajor: 20, data, strategyHash: null, seed: spec.seed }),
    periodsPerYear: 365,
    columns: COLUMNS,
  };
  return { ...request, symbols, dataHash: 'd'.repeat(64), markets: [] };
}
