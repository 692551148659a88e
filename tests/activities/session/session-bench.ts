import { createHash } from 'node:crypto';
import Big from 'big.js';
import type { SessionDependencies } from '../../../activities/session/dependencies.ts';
import { runSession } from '../../../activities/session/run-session.ts';
import { RunControl } from '../../../adapters/backtests/control.ts';
import type { ExecutionRecord } from '../../../adapters/ports/execution-store.ts';
import type { VenueEntry } from '../../../adapters/ports/order-ledger.ts';
import type { RunningCandle } from '../../../adapters/ports/running-candles.ts';
import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import type { SessionRecord } from '../../../adapters/ports/session-store.ts';
import { decide } from '../../../adapters/sessions/decide.ts';
import type { Problem } from '../../../domain/execution/commands.ts';
import { type Candles, sliceCandles } from '../../../domain/market/candles.ts';
import { syntheticCandles } from '../../../domain/market/synthetic-candles.ts';
import type { SessionGlance } from '../../../domain/session/commands.ts';
import { isOver } from '../../../domain/session/status.ts';
import type { SessionSpec } from '../../../domain/session/spec.ts';
import type { OrderProgress } from '../../../domain/session/take-in.ts';
import { orderProgress } from '../../domain/session/order-progress.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { MemorySessions } from './memory-sessions.ts';

export const SYMBOL = 'SYN/USD';
const MINUTE_MS = 60_000;
const FEE = '0.001';

/** An order at the venue of these tests. */
interface VenueOrder {
  readonly execution: ExecutionRecord;
  progress: OrderProgress;
  isCancelled: boolean;
}

export interface BenchOptions {
  readonly spec?: Partial<SessionSpec>;
  readonly bars?: number;
  readonly seed?: number;
  /** Bars of history before the first that may be decided. */
  readonly warmUp?: number;
  readonly record?: Partial<SessionRecord>;
  readonly decider?: SessionDecider;
}

const WALL_TIME: VenueEntry = {
  profile: { id: 'sim', exchange: 'binance', label: 'paper', assumptions: null, marketTime: 'wall' },
  health: null,
  healthAgeMs: null,
  owner: null,
};

/** Decides in this thread, without a watchdog. */
export const ownDecider: SessionDecider = {
  decide: (request) => decide(request, new RunControl()),
  close: async () => undefined,
};

/**
 * One session on a market and a venue that move only when the session waits: first the venue deals with what it was sent, then the next bar closes.
 * Market orders fill at the last close, stops at their trigger, and a cancel takes back what has not filled.
 */
export class SessionBench {
  readonly clock: FakeClock;
  readonly sessions: MemorySessions;
  readonly candles: Candles;
  readonly orders = new Map<string, VenueOrder>();
  /** How often each execution was started: repeats are allowed, and make no second order. */
  readonly starts: string[] = [];
  /** What the venue refuses each stop with. */
  stopProblem: Problem | null = null;
  /** Orders at market stay on their way. */
  holdsMarketOrders = false;
  /** The candle that is open, as a venue that replays candles shows it. */
  running: RunningCandle | null = null;
  /** Who is known to serve accounts. */
  venues: readonly VenueEntry[] = [WALL_TIME];
  /** A stop trades before its cancel comes. */
  cancelsLose = false;
  deps: SessionDependencies;
  closed: number;
  readonly #listed: number;

  constructor({ spec = {}, bars = 40, seed = 7, warmUp = 10, record = {}, decider = ownDecider }: BenchOptions = {}) {
    this.candles = syntheticCandles({ seed, bars: warmUp + bars, symbol: SYMBOL, volatility: 0.004 });
    this.#listed = warmUp + bars;
    this.closed = warmUp;
    this.clock = new FakeClock(this.candles.time[warmUp]!);
    this.sessions = new MemorySessions(
      { ...recordOf({ ...SPEC, ...spec }, this.candles.time[warmUp]!, this.candles.time[0]!), ...record },
      (ids) => ids.flatMap((id) => this.orders.get(id)?.progress ?? orderProgress({ executionId: id })),
    );
    this.deps = this.#deps(decider);
  }

  get record(): SessionRecord {
    return this.sessions.record;
  }

  /** Units bought less units sold at the venue, fees in base taken off. */
  get held(): string {
    let units = new Big(0);
    for (const { execution, progress } of this.orders.values()) {
      const sign = execution.plan.side === 'buy' ? 1 : -1;
      units = units.plus(new Big(progress.filled).times(sign)).minus(progress.feeBase);
    }
    return units.toFixed();
  }

  /** Stops that rest at the venue. */
  get stops(): readonly VenueOrder[] {
    return [...this.orders.values()].filter(
      ({ execution, progress }) => progress.final === null && execution.plan.params['kind'] === 'stop',
    );
  }

  /** Takes steps until the bar with that number was handled, or the session has ended; every failure is followed by another try. */
  async until(bars: number, tries = 3): Promise<SessionGlance | null> {
    let glance: SessionGlance | null = null;
    for (let failures = 0; this.record.bars < bars && !isOver(this.record.status);) {
      try {
        glance = await this.run();
      } catch (error) {
        failures += 1;
        if (failures > tries) throw error;
      }
    }
    return glance;
  }

  /** One call of the activity. */
  run(withinMs = 10 * MINUTE_MS): Promise<SessionGlance> {
    return runSession(this.deps, { sessionId: this.record.id, withinMs }, new AbortController().signal);
  }

  /** The venue deals with what it has; if it has nothing to do, the next bar closes. */
  move(): void {
    const open = [...this.orders.values()].filter(({ progress }) => progress.final === null);
    if (this.deal() || this.closed >= this.#listed) return this.clock.advance(1_000);
    this.clock.advance(this.candles.time[this.closed]! + MINUTE_MS - this.clock.now());
    this.closed += 1;
    for (const order of open) this.#trigger(order);
  }

  /** The venue deals with what it has, and no bar closes. */
  deal(): boolean {
    const open = [...this.orders.values()].filter(({ progress }) => progress.final === null);
    return open.filter((order) => this.#touch(order)).length > 0;
  }

  /** The time of all orders at market is over. */
  expireMarketOrders(): void {
    for (const order of this.orders.values()) {
      if (order.execution.plan.params['kind'] === 'marketable' && order.progress.final === null)
        order.progress = { ...order.progress, final: { status: 'expired', problem: null } };
    }
  }

  /** The bar stands still from here on: a wait takes a second, in which the venue deals with what it has. */
  standStill(): void {
    const wait = async (): Promise<'timeout'> => {
      this.clock.advance(1_000);
      this.deal();
      return 'timeout';
    };
    this.deps = { ...this.deps, signals: { wait } };
  }

  #deps(decider: SessionDecider): SessionDependencies {
    return {
      store: this.sessions.store as SessionDependencies['store'],
      decider,
      candles: {
        list: async () => sliceCandles(this.candles, 0, this.closed),
        last: async () => this.candles.time[this.closed - 1]!,
        reach: async () => ({ kind: 'complete' }),
      },
      prices: { last: async () => null, range: async () => null },
      running: { find: async () => this.running },
      signals: {
        wait: async () => {
          this.move();
          return 'timeout';
        },
      },
      venues: { listVenues: async () => this.venues },
      workflows: {
        start: async (execution) => this.#start(execution),
        cancel: async (executionId) => {
          const order = this.orders.get(executionId);
          if (order !== undefined) order.isCancelled = true;
          return order !== undefined;
        },
      },
      executions: { markStarted: (executionId) => this.sessions.markStarted(executionId) },
      clock: this.clock,
      sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
      stopping: new AbortController().signal,
      log: () => undefined,
    };
  }

  #start(execution: ExecutionRecord): void {
    this.starts.push(execution.id);
    if (this.orders.has(execution.id)) return;
    this.orders.set(execution.id, {
      execution,
      progress: orderProgress({ executionId: execution.id }),
      isCancelled: false,
    });
  }

  /** Whether something became of the order. */
  #touch(order: VenueOrder): boolean {
    if (order.execution.plan.params['kind'] === 'stop' && !order.progress.atVenue && this.stopProblem !== null) {
      order.progress = { ...order.progress, final: { status: 'failed', problem: this.stopProblem } };
      return true;
    }
    if (order.isCancelled && this.cancelsLose) {
      this.#fill(order, String(order.execution.plan.params['stopPrice']));
      return true;
    }
    if (order.isCancelled) {
      order.progress = { ...order.progress, final: { status: 'cancelled', problem: null } };
      return true;
    }
    if (order.execution.plan.params['kind'] === 'marketable') {
      if (this.holdsMarketOrders) return false;
      this.#fill(order, String(this.candles.close[this.closed - 1]!));
      return true;
    }
    if (order.progress.atVenue) return false;
    order.progress = { ...order.progress, atVenue: true };
    return true;
  }

  #trigger(order: VenueOrder): void {
    const { params, limit, side } = order.execution.plan;
    const last = this.closed - 1;
    const reaches = (price: string, isAbove: boolean): boolean =>
      isAbove ? new Big(this.candles.high[last]!).gte(price) : new Big(this.candles.low[last]!).lte(price);
    const stop = String(params['stopPrice']);
    if (params['kind'] === 'stop' && reaches(stop, side === 'buy')) this.#fill(order, stop);
    if (params['kind'] === 'limit' && limit !== null && reaches(limit, side === 'sell')) this.#fill(order, limit);
  }

  #fill(order: VenueOrder, price: string): void {
    const { quantity, side } = order.execution.plan;
    const notional = new Big(quantity).times(price).toFixed();
    const isBuy = side === 'buy';
    order.progress = {
      ...order.progress,
      filled: quantity,
      notional,
      feeBase: isBuy ? new Big(quantity).times(FEE).toFixed() : '0',
      feeQuote: isBuy ? '0' : new Big(notional).times(FEE).toFixed(),
      fills: 1,
      atVenue: true,
      final: { status: 'completed', problem: null },
    };
  }
}

/** The strategy of these tests with other parameters. */
export function strategyWith(params: Readonly<Record<string, number>>): Pick<SessionSpec, 'strategy'> {
  return { strategy: { ...SPEC.strategy, params: { ...SPEC.strategy.params, ...params } } };
}

const SPEC: SessionSpec = {
  name: 'test',
  venue: 'sim',
  symbols: [SYMBOL],
  timeframe: '1m',
  strategy: {
    id: 'sma-cross',
    params: { fast: 2, slow: 5, shorts: 0, stopLoss: 0.05, takeProfit: 0, trailingStop: 0, maxBars: 0 },
  },
  sizing: { kind: 'units', value: 10 },
  capital: '10000',
  hours: { kind: 'always' },
  atClose: 'keep',
  catchUp: 'latest',
  maxBarAgeMs: MINUTE_MS,
  orders: { aggressionBps: 50, stopSlippageBps: 50, timeoutMs: 30_000 },
};

function recordOf(spec: SessionSpec, startBar: number, firstCandle: number): SessionRecord {
  const instrument = {
    symbol: SYMBOL,
    base: 'SYN',
    quote: 'USD',
    tick: '0.01',
    lot: '0.001',
    minQuantity: '0.001',
    maxQuantity: null,
    minNotional: '1',
  };
  return {
    id: 's1',
    workflowId: 'session/s1',
    owner: 'ann',
    spec,
    strategyHash: null,
    params: spec.strategy.params,
    base: { [SYMBOL]: 'SYN' },
    quote: 'USD',
    instruments: { [SYMBOL]: instrument },
    restsStops: true,
    feeRate: '0',
    status: 'running',
    stopMode: null,
    block: null,
    problem: null,
    startBar,
    firstCandle,
    lastBar: null,
    bars: 0,
    seq: 0,
    settled: true,
    version: 0,
    books: null,
    watched: [],
    createdAt: 0,
    endedAt: null,
  };
}
