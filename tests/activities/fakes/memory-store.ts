import type {
  ExecutionClose,
  ExecutionRecord,
  ExecutionStore,
  StoredFill,
  WaitingOrder,
} from '../../../adapters/ports/execution-store.ts';
import { type EndCommand, type EndResult, isFinal } from '../../../domain/execution/commands.ts';
import type { EpochMs } from '../../../domain/market/decimal.ts';
import { plan, START } from './bench.ts';

const unused = (name: string) => (): Promise<never> =>
  Promise.reject(new Error(`the end of an execution never needs ${name}`));

/** One execution in memory: what its end reads and writes. */
export class MemoryStore implements ExecutionStore {
  record: ExecutionRecord = {
    id: 'e1',
    workflowId: 'execution/e1',
    owner: 'admin',
    plan,
    amendments: [],
    base: 'BTC',
    quote: 'USDT',
    status: 'completed',
    problem: null,
    filled: '0.25',
    decision: { price: '59990', at: START - 400 },
    arrival: { price: '60000', at: START },
    end: null,
    endedAt: START + 60_000,
    market: null,
    createdAt: START - 500,
  };
  readonly closes: ExecutionClose[] = [];
  fills: readonly StoredFill[] = [];
  accept = unused('accept');
  notStarted = unused('notStarted');
  markStarted = unused('markStarted');
  listExecutions = unused('listExecutions');
  decisionsOf = unused('decisionsOf');
  ordersOf = unused('ordersOf');
  noteRestart = unused('noteRestart');
  withdrawChild = unused('withdrawChild');
  recordAmendment = unused('recordAmendment');
  /** What we have traded of the market within any interval, and what the slice at hand has. */
  own = '0';
  /** The intervals that our own volume was asked for. */
  readonly ownAsked: (readonly [EpochMs, EpochMs])[] = [];
  slice = '0';
  /** Children up to this number are wanted back. */
  withdrawn = 0;
  /** Markets that a halt covers, as venue|symbol. */
  halted: readonly string[] = [];
  readonly ends: EndCommand[] = [];

  ownVolume(_venue: string, _symbol: string, from: EpochMs, to: EpochMs): Promise<string> {
    this.ownAsked.push([from, to]);
    return Promise.resolve(this.own);
  }

  sliceFilled(): Promise<string> {
    return Promise.resolve(this.slice);
  }

  wantedBack(orders: readonly WaitingOrder[]): Promise<ReadonlySet<string>> {
    const wanted = orders.filter(
      ({ child, venue, symbol }) =>
        child <= this.withdrawn || isFinal(this.record.status) || this.halted.includes(`${venue}|${symbol}`),
    );
    return Promise.resolve(new Set(wanted.map(({ clientOrderId }) => clientOrderId)));
  }

  recordEnd(end: EndCommand): Promise<EndResult> {
    this.ends.push(end);
    return Promise.resolve({ filled: this.record.filled, residual: '4.75' });
  }

  findExecution(id: string): Promise<ExecutionRecord | null> {
    return Promise.resolve(id === this.record.id ? this.record : null);
  }

  fillsOf(): Promise<readonly StoredFill[]> {
    return Promise.resolve(this.fills);
  }

  ownTrades(): Promise<readonly StoredFill[]> {
    return Promise.resolve(this.fills);
  }

  recordStatus(_id: string, status: 'running' | 'paused'): Promise<void> {
    this.record = { ...this.record, status };
    return Promise.resolve();
  }

  recordClose(_id: string, close: ExecutionClose): Promise<void> {
    this.closes.push(close);
    this.record = { ...this.record, ...close };
    return Promise.resolve();
  }

  recordMarket(_id: string, market: NonNullable<ExecutionRecord['market']>): Promise<void> {
    this.record = { ...this.record, market };
    return Promise.resolve();
  }
}
