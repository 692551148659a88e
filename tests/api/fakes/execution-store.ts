import type {
  ChildOrderRecord,
  DecisionRecord,
  ExecutionRecord,
  ExecutionStore,
  IdempotencyClaim,
  StoredFill,
} from '../../../adapters/ports/execution-store.ts';
import type { Amendment } from '../../../domain/execution/amendment.ts';
import type { EndCommand } from '../../../domain/execution/commands.ts';

/** Executions in memory, with the promises of the real store as far as the API relies on them. */
export class FakeExecutionStore implements ExecutionStore {
  readonly records = new Map<string, ExecutionRecord>();
  readonly claims = new Map<string, { readonly bodyHash: string; readonly executionId: string }>();
  readonly started = new Set<string>();
  /** Executions whose workflow was started anew. */
  readonly restarts: string[] = [];
  decisions: DecisionRecord[] = [];
  orders: ChildOrderRecord[] = [];
  fills: StoredFill[] = [];
  /** Set to make every call fail with it. */
  failure: Error | null = null;
  /** Whether the account has as many maker-first executions as it may have. */
  makerFirstFull = false;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  async accept(execution: Parameters<ExecutionStore['accept']>[0], claim: IdempotencyClaim | null) {
    this.failIfAsked();
    const claimed = claim && this.claims.get(`${claim.owner} ${claim.key}`);
    if (claimed) {
      if (claimed.bodyHash !== claim.bodyHash) return { kind: 'key-reused' as const };
      return { kind: 'known' as const, execution: this.records.get(claimed.executionId)! };
    }
    if (this.makerFirstFull) return { kind: 'waiting-full' as const, most: 300 };
    const record: ExecutionRecord = {
      ...execution,
      amendments: [],
      status: 'running',
      problem: null,
      filled: '0',
      arrival: null,
      end: null,
      endedAt: null,
      market: null,
      createdAt: this.now(),
    };
    this.records.set(record.id, record);
    if (claim) this.claims.set(`${claim.owner} ${claim.key}`, { bodyHash: claim.bodyHash, executionId: record.id });
    return { kind: 'accepted' as const, execution: record };
  }

  async notStarted() {
    this.failIfAsked();
    return [...this.records.values()].filter((record) => !this.started.has(record.id));
  }

  async markStarted(id: string) {
    this.started.add(id);
  }

  async findExecution(id: string) {
    this.failIfAsked();
    return this.records.get(id) ?? null;
  }

  async listExecutions({ status, venue, symbol, cursor, limit }: Parameters<ExecutionStore['listExecutions']>[0]) {
    this.failIfAsked();
    const all = [...this.records.values()]
      .toReversed()
      .filter((record) => status === undefined || record.status === status)
      .filter((record) => venue === undefined || record.plan.venue === venue)
      .filter((record) => symbol === undefined || record.plan.symbol === symbol);
    const from = Number(cursor ?? 0);
    return { items: all.slice(from, from + limit), next: from + limit < all.length ? String(from + limit) : null };
  }

  async decisionsOf() {
    return this.decisions;
  }

  async ordersOf() {
    return this.orders;
  }

  async fillsOf() {
    return this.fills;
  }

  async ownTrades() {
    return this.fills;
  }

  async recordStatus(id: string, status: 'running' | 'paused') {
    this.change(id, { status });
  }

  async ownVolume() {
    return '0';
  }

  async sliceFilled() {
    return '0';
  }

  async recordAmendment(id: string, amendment: Amendment) {
    this.change(id, { amendments: [...this.records.get(id)!.amendments, amendment] });
    return { accepted: true as const };
  }

  async withdrawChild() {}

  async wantedBack() {
    return new Set<string>();
  }

  async recordEnd({ executionId, status, problem }: EndCommand, endedAt: number) {
    this.change(executionId, { status, problem, endedAt });
    return { filled: '0', residual: '0' };
  }

  async noteRestart(id: string) {
    this.restarts.push(id);
  }

  async recordClose(id: string, close: Parameters<ExecutionStore['recordClose']>[1]) {
    this.change(id, close);
  }

  async recordMarket(id: string, market: Parameters<ExecutionStore['recordMarket']>[1]) {
    this.change(id, { market });
  }

  change(id: string, changes: Partial<ExecutionRecord>): void {
    this.records.set(id, { ...this.records.get(id)!, ...changes });
  }

  private failIfAsked(): void {
    if (this.failure) throw this.failure;
  }
}
