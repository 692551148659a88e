import type { EpochMs } from '../../market/decimal.ts';
import type { BarContext, OrderRequest, Strategy } from '../../strategies/strategy.ts';

/** What a strategy did at the close of a bar. */
export type Action = 'buy' | 'sell' | 'close' | 'cancelOrders' | 'protect';

/** One call of a strategy, at the time at which it was asked. */
export interface RecordedOrder {
  /** Open time of the bar at whose close it was asked, and number of that bar in the data of the symbol it was asked for. */
  readonly time: EpochMs;
  readonly askedBar: number;
  readonly askedSymbol: string;
  /** What was ordered for: another symbol where the strategy went through `market`. */
  readonly symbol: string;
  readonly action: Action;
  /** As the strategy gave it. */
  readonly order: object;
}

/** Where a recorded strategy stands: what a failure was at. */
export interface Asked {
  readonly time: EpochMs;
  readonly askedBar: number;
  readonly askedSymbol: string;
}

/** What gets to know of everything that a recorded strategy does. */
export interface Recorder {
  readonly onAsked: (asked: Asked) => void;
  readonly onOrder: (order: RecordedOrder) => void;
}

/** The same strategy, which orders the same, with all that it orders told. */
export function recordedStrategy(strategy: Strategy, recorder: Recorder): Strategy {
  return {
    id: strategy.id,
    title: strategy.title,
    params: strategy.params,
    prepare: (lines, params) => {
      const onBar: unknown = strategy.prepare(lines, params);
      // What is no function is refused by whoever prepares.
      if (typeof onBar !== 'function') return onBar as never;
      const contexts = new Map<BarContext, RecordingContext>();
      const desk = new Desk(recorder, contexts);
      return (context) => {
        desk.asked = { time: context.bar.time, askedBar: context.bar.index, askedSymbol: context.symbol };
        recorder.onAsked(desk.asked);
        onBar(desk.contextOf(context));
      };
    },
  };
}

/** The strategy of one symbol: whatever it orders, it was asked there. */
class Desk {
  asked: Asked = { time: Number.NaN, askedBar: -1, askedSymbol: '' };
  readonly #recorder: Recorder;
  readonly #contexts: Map<BarContext, RecordingContext>;

  constructor(recorder: Recorder, contexts: Map<BarContext, RecordingContext>) {
    this.#recorder = recorder;
    this.#contexts = contexts;
  }

  /** The engine has one context for each symbol, and so has the recording. */
  contextOf(context: BarContext): RecordingContext {
    let recording = this.#contexts.get(context);
    if (recording === undefined) {
      recording = new RecordingContext(context, this);
      this.#contexts.set(context, recording);
    }
    return recording;
  }

  note(symbol: string, action: Action, order: object): void {
    this.#recorder.onOrder({ ...this.asked, symbol, action, order: { ...order } });
  }
}

class RecordingContext implements BarContext {
  readonly #context: BarContext;
  readonly #desk: Desk;

  constructor(context: BarContext, desk: Desk) {
    this.#context = context;
    this.#desk = desk;
  }

  get symbol() {
    return this.#context.symbol;
  }
  get bar() {
    return this.#context.bar;
  }
  get position() {
    return this.#context.position;
  }
  get account() {
    return this.#context.account;
  }
  get direction() {
    return this.#context.direction;
  }
  get workingOrders() {
    return this.#context.workingOrders;
  }

  buy(order: OrderRequest = {}): void {
    this.#desk.note(this.symbol, 'buy', order);
    this.#context.buy(order);
  }

  sell(order: OrderRequest = {}): void {
    this.#desk.note(this.symbol, 'sell', order);
    this.#context.sell(order);
  }

  close(share = 1, tag?: string): void {
    this.#desk.note(this.symbol, 'close', tag === undefined ? { share } : { share, tag });
    this.#context.close(share, tag);
  }

  cancelOrders(): void {
    this.#desk.note(this.symbol, 'cancelOrders', {});
    this.#context.cancelOrders();
  }

  protect(exits: { readonly stopLoss?: number | null; readonly takeProfit?: number | null }): void {
    this.#desk.note(this.symbol, 'protect', exits);
    this.#context.protect(exits);
  }

  market(symbol: string): BarContext {
    return this.#desk.contextOf(this.#context.market(symbol));
  }
}
