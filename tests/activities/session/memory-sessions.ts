import type { ExecutionRecord, NewExecution } from '../../../adapters/ports/execution-store.ts';
import type { RunningCandle } from '../../../adapters/ports/running-candles.ts';
import {
  SessionMoved,
  type SessionOrder,
  type SessionRecord,
  type SessionStep,
  type SessionStore,
} from '../../../adapters/ports/session-store.ts';
import { commandEffect } from '../../../domain/session/command-effect.ts';
import type { OrderProgress } from '../../../domain/session/take-in.ts';
import type { Decision } from '../../../domain/session/decision.ts';
import type { JournalEntry } from '../../../domain/session/journal.ts';
import type { WantedOrder } from '../../../domain/session/order.ts';

type Store = Pick<
  SessionStore,
  | 'find'
  | 'journal'
  | 'placed'
  | 'progress'
  | 'step'
  | 'saw'
  | 'command'
  | 'unstartedOrders'
  | 'setBlock'
  | 'setProblem'
>;

interface Placed {
  order: SessionOrder;
  readonly wanted: WantedOrder;
  readonly execution: NewExecution;
}

/** One session in memory, with the promises of the real store that its steps rely on. */
export class MemorySessions {
  record: SessionRecord;
  readonly entries: JournalEntry[] = [];
  readonly decisions: Decision[] = [];
  readonly orders = new Map<string, Placed>();
  /** What was noted of open candles. */
  readonly seen: RunningCandle[] = [];
  readonly trades = new Map<number, SessionStep['trades'][number]>();
  readonly #keys = new Set<string>();
  readonly #progress: (executionIds: readonly string[]) => readonly OrderProgress[];

  constructor(record: SessionRecord, progress: (executionIds: readonly string[]) => readonly OrderProgress[]) {
    this.record = record;
    this.#progress = progress;
  }

  readonly store: Store = {
    find: async (id) => (id === this.record.id ? this.record : null),
    journal: async (_id, above = 0) => this.entries.filter(({ seq }) => seq > above),
    placed: async () => [...this.orders.values()].map(({ order }) => order),
    progress: async (executionIds) => this.#progress(executionIds),
    step: async (step) => this.#step(step),
    saw: async (_id, candle) => void this.seen.push(candle),
    command: async (_id, command, key) => {
      if (this.#keys.has(key)) return this.record;
      this.#keys.add(key);
      const { events, ...effect } = commandEffect(this.record, command);
      this.#append(events.map((event) => ({ after: this.record.lastBar, event })));
      const { settled, seq, version } = this.record;
      this.#change({
        ...effect,
        seq: seq + events.length,
        version: version + 1,
        settled: settled && events.length === 0,
      });
      return this.record;
    },
    unstartedOrders: async () =>
      [...this.orders.values()]
        .filter(({ order }) => !order.started)
        .map(({ execution }) => execution as ExecutionRecord),
    setBlock: async (_id, block) => this.#change({ block, version: this.record.version + 1 }),
    setProblem: async (_id, code, problem) => {
      if (this.record.problem !== null && this.record.problem.code !== code) return;
      this.#change({ problem, version: this.record.version + 1 });
    },
  };

  async markStarted(executionId: string): Promise<void> {
    const placed = this.orders.get(executionId)!;
    placed.order = { ...placed.order, started: true };
  }

  #change(changes: Partial<SessionRecord>): void {
    this.record = { ...this.record, ...changes };
  }

  #append(events: SessionStep['events']): void {
    const seq = this.entries.length;
    for (const [i, { after, event }] of events.entries()) this.entries.push({ seq: seq + i + 1, after, event });
  }

  #step(step: SessionStep): void {
    const { seq, version, bars } = this.record;
    if (step.expectedSeq !== seq || step.expectedVersion !== version) throw new SessionMoved(step.sessionId);
    for (const { execution } of step.orders) {
      if (this.orders.has(execution.id)) throw new Error(`execution ${execution.id} is placed twice`);
    }
    this.#append(step.events);
    this.decisions.push(...step.decisions);
    for (const trade of step.trades) this.trades.set(trade.number, trade);
    for (const { wanted, execution } of step.orders)
      this.orders.set(execution.id, { order: placedOf(wanted, execution), wanted, execution });
    for (const id of step.working) this.#mark(id, { state: 'working' });
    for (const id of step.cancelRequested) this.#mark(id, { cancelRequested: true });
    for (const id of step.ended) this.#mark(id, { state: 'ended' });
    if (step.bars < bars) throw new Error(`bars fell from ${bars} to ${step.bars}`);
    const { lastBar, settled, status, block, problem, books, watched } = step;
    this.#change({
      lastBar,
      bars: step.bars,
      settled,
      status,
      block,
      problem,
      books,
      watched,
      seq: seq + step.events.length,
      version: version + 1,
    });
  }

  #mark(executionId: string, changes: Partial<SessionOrder>): void {
    const placed = this.orders.get(executionId);
    if (placed === undefined) throw new Error(`there is no order of execution ${executionId}`);
    placed.order = { ...placed.order, ...changes };
  }
}

function placedOf(wanted: WantedOrder, { id }: NewExecution): SessionOrder {
  const { order, version, symbol, side, kind, purpose, quantity } = wanted;
  return {
    order,
    version,
    symbol,
    side,
    kind,
    purpose,
    quantity,
    executionId: id,
    state: 'open',
    cancelRequested: false,
    started: false,
  };
}
