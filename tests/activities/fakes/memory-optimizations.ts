import type {
  OptimizationJob,
  OptimizationRecord,
  OptimizationRunner,
  OptimizationStore,
  TrialRows,
} from '../../../adapters/ports/optimization-store.ts';
import type { BestTrial, PositionRange } from '../../../domain/optimization/job/commands.ts';
import { isOver } from '../../../domain/optimization/job/commands.ts';
import type { OptimizationResult } from '../../../domain/optimization/result.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import { NO_EARLIER_TRIALS } from '../../../domain/optimization/trials/earlier-trials.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { checkedOf } from '../../api/fakes/optimizations.ts';

export const JUDGED = {
  psr: 0.9,
  dsr: 0.5,
  pbo: 0.3,
  believable: false,
  sentence: 'Not believable: too many trials.',
} as unknown as OptimizationResult;

const SPEC = {
  data: { file: '/data/x.csv', symbol: 'X', timeframe: '1m', stamp: 'open' },
  strategy: { id: 'sma-cross' },
  space: { fast: [5, 10], slow: [20, 30] },
};

type Store = Pick<
  OptimizationStore,
  | 'findOptimization'
  | 'coveredRanges'
  | 'writeRows'
  | 'progressOf'
  | 'earlierTrials'
  | 'recordStatus'
  | 'recordResult'
  | 'recordEnd'
>;

/** One job in memory, with the promises of the real store that chunks rely on. Every position holds a combination that scores its number. */
export class MemoryOptimization {
  record: OptimizationRecord;
  /** Positions of stored rows, in the order in which they came. */
  readonly stored: number[] = [];
  readonly statuses: string[] = [];
  private readonly chunks = new Map<string, PositionRange & { next: number }>();

  constructor(id: string, positions: number) {
    const parsed = parseOptimizationSpec(SPEC, strategies);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { symbols: _symbols, dataHash: _hash, markets: _markets, ...request } = checkedOf(parsed.spec);
    this.record = {
      id,
      key: 1,
      workflowId: `optimization/${id}`,
      owner: 'admin',
      request: { ...request, plan: { ...request.plan, positions, total: positions }, priority: 4 },
      strategy: 'sma-cross',
      symbol: 'X',
      total: positions,
      status: 'queued',
      runs: 1,
      progress: { done: 0, rate: null, best: null },
      problem: null,
      result: null,
      createdAt: 0,
      startedAt: null,
      endedAt: null,
    };
  }

  /** Whether every position has its row, once. */
  get isWhole(): boolean {
    const sorted = this.stored.toSorted((a, b) => a - b);
    return sorted.length === this.record.total && sorted.every((position, k) => position === k);
  }

  readonly store: Store = {
    findOptimization: async (id) =>
      id === this.record.id
        ? { ...this.record, progress: { done: this.stored.length, rate: null, best: this.best } }
        : null,
    coveredRanges: async () => [...this.chunks.values()].map(({ from, next }) => ({ from, to: next })),
    writeRows: async (_key, { from, to }, rows, { next }) => {
      for (const position of rows.positions) if (!this.stored.includes(position)) this.stored.push(position);
      const name = `${from} ${to}`;
      this.chunks.set(name, { from, to, next: Math.max(next, this.chunks.get(name)?.next ?? 0) });
    },
    progressOf: async () => ({ done: this.stored.length, rate: null, best: this.best }),
    earlierTrials: async () => NO_EARLIER_TRIALS,
    recordStatus: async (_id, status) => {
      this.statuses.push(status);
      this.change({ status });
    },
    recordResult: async (_id, result) => this.change({ status: 'completed', result }),
    recordEnd: async (_id, status, problem) => this.change({ status, problem }),
  };

  private change(changes: Partial<OptimizationRecord>): void {
    if (!isOver(this.record.status)) this.record = { ...this.record, ...changes };
  }

  private get best(): BestTrial | null {
    if (this.stored.length === 0) return null;
    const position = this.stored.reduce((most, each) => Math.max(most, each));
    return { position, score: position };
  }
}

/** A row for each position, which scores its number. */
export function rowsAt({ from, to }: PositionRange): TrialRows {
  const positions = Float64Array.from({ length: to - from }, (_, k) => from + k);
  return {
    count: positions.length,
    positions,
    combinations: positions,
    scores: positions,
    numbers: positions,
    width: 1,
  };
}

export interface RunnerScript {
  readonly portion: number;
  readonly msPerPosition: number;
  /** Before a portion is computed; it is given up when the work is told to stop. */
  beforePortion?(portion: PositionRange, range: PositionRange): Promise<void>;
  conclude?(): Promise<void>;
}

/** A runner that computes nothing and takes as long as it is told to say. */
export function scriptedRunner(script: RunnerScript): Pick<OptimizationRunner, 'evaluate' | 'conclude'> & {
  readonly asked: PositionRange[];
} {
  const asked: PositionRange[] = [];
  return {
    asked,
    evaluate: async (_job: OptimizationJob, range, { cancel, onRows }) => {
      asked.push(range);
      const { portion: size, msPerPosition } = script;
      for (let from = range.from; from < range.to; from += size) {
        const portion = { from, to: Math.min(range.to, from + size) };
        await unlessAborted(cancel, script.beforePortion?.(portion, range) ?? Promise.resolve());
        await onRows(rowsAt(portion), { next: portion.to, busyMs: (portion.to - from) * msPerPosition });
      }
    },
    conclude: async (_job, { cancel }) => {
      await unlessAborted(cancel, script.conclude?.() ?? Promise.resolve());
      return JUDGED;
    },
  };
}

function unlessAborted(cancel: AbortSignal, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (cancel.aborted) reject(cancel.reason as Error);
    cancel.addEventListener('abort', () => reject(cancel.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}
