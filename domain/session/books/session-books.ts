import { DeskContext } from '../../backtest/engine/bar-context.ts';
import { endBar, orderTimeStops } from '../../backtest/engine/bar-end.ts';
import { firstAtOrAfter } from '../../backtest/engine/equity-curve.ts';
import { barsForSizing } from '../../backtest/engine/sizing.ts';
import { strategyFailure } from '../../backtest/engine/strategy-failure.ts';
import { SymbolDesk } from '../../backtest/engine/symbol-desk.ts';
import { BrokerTerms } from '../../backtest/engine/terms.ts';
import { type BrokerSettings, type Commission, DEFAULT_BROKER } from '../../backtest/settings.ts';
import { type Candles, closeTime } from '../../market/candles.ts';
import type { Decimal, EpochMs } from '../../market/decimal.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { BarContext, Strategy, StrategyParams } from '../../strategies/strategy.ts';
import type { Decision } from '../decision.ts';
import type { BarMode, BlockReason, JournalEntry, SessionEvent } from '../journal.ts';
import type { WantedOrder } from '../order.ts';
import type { SessionSpec } from '../spec.ts';
import { Asking, AskingContext, type PendingSignal } from './asking-context.ts';
import { type BookInstrument, ExactSteps } from './book-instrument.ts';
import { BookLedger } from './book-ledger.ts';
import { type BooksView, viewOf } from './books-view.ts';
import { adjust, cancelEntries, flatten } from './by-hand.ts';
import { endOrder } from './end-order.ts';
import { type Holdings, holdingsOf } from './holdings.ts';
import { lookOver, MOST_FAILURES } from './look-over.ts';
import type { OrderSlot } from './order-slot.ts';
import { OrderRegistry } from './order-registry.ts';
import { hasRoomFor, roomForOneMore, type RoomyCandles, takeIn } from './room-for-one-more.ts';
import { SessionDesk } from './session-desk.ts';
import { sizeEntry } from './size-entry.ts';
import { SpotAccount } from './spot-account.ts';
import { sweepDust, takeExecution } from './take-execution.ts';

export interface BooksInput {
  readonly spec: Pick<SessionSpec, 'symbols' | 'capital' | 'sizing' | 'orders'>;
  readonly strategy: Strategy;
  /** Those of the start, complete and checked: later ones are in the journal. */
  readonly params: StrategyParams;
  /** One for each symbol. */
  readonly instruments: readonly BookInstrument[];
  /** Closed candles of each symbol, from the first candle of the session on: always the same first one. */
  readonly candles: readonly Candles[];
  /** How many candles more `grow` may take in later; none by default. */
  readonly spare?: number;
  /** Opening time of the first bar that may be decided. */
  readonly startBar: EpochMs;
  /** What entries are sized with; none by default. What is paid is what the journal says. */
  readonly commission?: Commission;
}

interface Mode {
  readonly mode: BarMode;
  readonly reason: BlockReason | null;
}

const ASKED: Mode = { mode: 'ask', reason: null };

/**
 * The books of a session: a pure fold of what it was asked to do, the candles and its journal, by the engine's own objects. The same input
 * gives the same books, order numbers and versions in every process and at every time.
 *
 * Between bars the books stand in the bar in progress: what the journal puts after bar k has happened in bar k + 1.
 */
export class SessionBooks {
  readonly #input: BooksInput;
  readonly #desks: readonly SessionDesk[];
  readonly #roomy: readonly RoomyCandles[];
  readonly #account: SpotAccount;
  readonly #ledger = new BookLedger();
  readonly #registry = new OrderRegistry();
  readonly #asking = new Asking();
  readonly #contexts = new Map<string, AskingContext>();
  readonly #deskContexts = new Map<string, BarContext>();
  readonly #modes = new Map<EpochMs, Mode>();
  #handled: EpochMs | null = null;
  #seq = 0;

  /** Throws a `RangeError` when a symbol has no candles or no instrument, and what the strategy throws while it prepares. */
  constructor(input: BooksInput) {
    const { spec, instruments, candles, startBar } = input;
    this.#input = input;
    const steps = spec.symbols.map((symbol) => new ExactSteps(ofSymbol(instruments, symbol, 'instrument')));
    const broker: BrokerSettings = {
      ...DEFAULT_BROKER,
      cash: Number(spec.capital),
      direction: 'long',
      commission: input.commission ?? DEFAULT_BROKER.commission,
    };
    const shared = { terms: new BrokerTerms(broker), tally: this.#ledger.tally, ledger: this.#ledger.trades };
    this.#roomy = spec.symbols.map((symbol) => roomForOneMore(ofSymbol(candles, symbol, 'candles'), input.spare));
    this.#desks = spec.symbols.map((_, s) => {
      const roomy = this.#roomy[s]!;
      const desk = new SymbolDesk(roomy, new LineBoard(roomy), shared, steps[s]!.numbers);
      desk.bar = firstAtOrAfter(roomy.time.subarray(0, roomy.length), startBar) - 1;
      if (desk.bar >= 0) desk.mark = roomy.close[desk.bar]!;
      return new SessionDesk(desk, steps[s]!);
    });
    this.#account = new SpotAccount(
      broker.cash,
      this.#desks.map(({ desk }) => desk),
    );
    for (const { desk } of this.#desks) desk.account = this.#account;
    this.#prepare(input.params);
  }

  /**
   * Takes in candles that have closed since, in the place of folding anew: those of before and more behind them.
   *
   * @returns whether it could; books for which there is no room, or whose past would look otherwise, stay as they are
   */
  grow(candles: readonly Candles[]): boolean {
    const grown = this.#desks.map(({ symbol }) => ofSymbol(candles, symbol, 'candles'));
    const canGrow = this.#desks.every(({ desk }, s) => !desk.board.isShort && hasRoomFor(this.#roomy[s]!, grown[s]!));
    if (!canGrow) return false;
    for (const [s, { desk }] of this.#desks.entries()) {
      const roomy = this.#roomy[s]!;
      if (grown[s]!.length === roomy.length) continue;
      takeIn(roomy, grown[s]!);
      desk.board.grow(closedOnly(roomy));
    }
    return true;
  }

  /** Opening time of the last bar that was handled; `null` before the first. */
  get handled(): EpochMs | null {
    return this.#handled;
  }

  /** Opening time of the next bar of which there is a candle; `null` when there is none. */
  get nextBar(): EpochMs | null {
    let next: EpochMs | null = null;
    for (const { desk } of this.#desks) {
      const time = desk.bar + 1 < desk.candles.length ? desk.candles.time[desk.bar + 1]! : null;
      if (time !== null && (next === null || time < next)) next = time;
    }
    return next;
  }

  /**
   * Takes in the journal and all bars up to `handledUpTo`. A second call goes on from the first: give it the journal as it has grown.
   *
   * Throws `BacktestFailure` (STRATEGY_FAILED) with the bar when the strategy throws, and an `Error` when journal and candles do not belong together.
   */
  fold(journal: readonly JournalEntry[], handledUpTo: EpochMs | null): void {
    const fresh = journal.filter(({ seq }) => seq > this.#seq);
    for (const { event } of fresh) {
      if (event.kind === 'bar') this.#modes.set(event.time, { mode: event.mode, reason: event.reason });
    }
    for (const { seq, after, event } of fresh) {
      if (event.kind !== 'bar') {
        this.#handleUpTo(after);
        if (this.#handled !== after) throw misplaced(seq, after, this.#handled);
        this.#apply(event);
      }
      this.#seq = seq;
    }
    this.#handleUpTo(handledUpTo);
  }

  /** Handles the next bar, and gives what was decided for each symbol that has it. Throws as `fold` does, and a `RangeError` for another bar. */
  decide(bar: EpochMs, mode: BarMode = 'ask', reason: BlockReason | null = null): readonly Decision[] {
    if (this.nextBar !== bar) {
      const next = this.nextBar === null ? 'there is none yet' : `it is ${new Date(this.nextBar).toISOString()}`;
      throw new RangeError(`bar ${new Date(bar).toISOString()} is not the next one to decide: ${next}`);
    }
    const signals = new Map<SessionDesk, PendingSignal[]>();
    const active = this.#handle(bar, { mode, reason }, signals);
    const equity = this.#account.equity();
    return active.map((desk) => this.#decision(desk, { mode, reason }, signals.get(desk) ?? [], equity));
  }

  /** What shall be at the venue, or be watched, by number. */
  wanted(): readonly WantedOrder[] {
    const { stopSlippageBps } = this.#input.spec.orders;
    const slots = this.#desks.flatMap(({ wanted }) => wanted);
    return slots.sort((a, b) => a.number - b.number).map((slot) => slot.wanted(stopSlippageBps));
  }

  /** One line for each order that was ever made, by number: what it is for, and how often its terms have changed. */
  ordersMade(): readonly string[] {
    return this.#registry.slots.map(({ desk, purpose, version, bar }) => `${desk.symbol} ${purpose} ${version} ${bar}`);
  }

  /** What is there to be sold, and what orders that have not ended have traded: what `planOrders` needs beside the wanted orders. */
  holdings(): Holdings {
    return holdingsOf(this.#desks, this.#registry);
  }

  /** Cash and equity as in `view()`, without the rest. */
  get balance(): { readonly cash: number; readonly equity: number } {
    return { cash: this.#account.quote, equity: this.#account.equity() };
  }

  view(): BooksView {
    return viewOf(this.#desks, this.#account, this.#ledger);
  }

  #prepare(params: StrategyParams): void {
    const { strategy, spec, startBar } = this.#input;
    const { sizing, orders } = spec;
    const terms = {
      asking: this.#asking,
      tally: this.#ledger.tally,
      contexts: this.#contexts,
      size: (desk: SessionDesk, order: Parameters<typeof sizeEntry>[2]) =>
        sizeEntry(desk, this.#desks, order, this.#account, orders),
    };
    for (const desk of this.#desks) {
      const { candles, bar } = desk.desk;
      const board = new LineBoard(closedOnly(candles), undefined, undefined, candles);
      desk.onBar = board.prepare(strategy, params);
      const first = firstAtOrAfter(board.candles.time, startBar);
      desk.start = Math.max(first, board.warmUpBars, barsForSizing(sizing));
      if (bar >= 0) board.moveTo(bar);
      desk.desk.board = board;
      const inner = new DeskContext(
        desk.desk,
        { sizing, direction: 'long', recordEntryValues: false },
        this.#deskContexts,
      );
      this.#deskContexts.set(desk.symbol, inner);
      const context = new AskingContext(inner, desk, terms);
      this.#contexts.set(desk.symbol, context);
      desk.context = context;
    }
  }

  #handleUpTo(time: EpochMs | null): void {
    if (time === null) return;
    for (let next = this.nextBar; next !== null && next <= time; next = this.nextBar) {
      this.#handle(next, this.#modes.get(next) ?? ASKED, null);
    }
  }

  /** Moves the symbols that have a bar at `time` on to it, and asks. */
  #handle(time: EpochMs, { mode, reason }: Mode, signals: Map<SessionDesk, PendingSignal[]> | null): SessionDesk[] {
    const active = this.#desks.filter(
      ({ desk }) => desk.bar + 1 < desk.candles.length && desk.candles.time[desk.bar + 1] === time,
    );
    for (const { desk } of active) {
      desk.bar += 1;
      desk.board.moveTo(desk.bar);
      desk.mark = desk.candles.close[desk.bar]!;
      if (desk.hasTrailing || desk.book.needsBarEnd) endBar(desk);
    }
    this.#asking.mode = mode;
    this.#asking.reason = reason;
    const isAsked = reason !== 'STRATEGY';
    if (isAsked) for (const desk of active) if (desk.desk.bar >= desk.start) this.#ask(desk, signals);
    // Nobody has paused a session whose strategy has failed: what its positions were given holds.
    if (mode !== 'mute' || !isAsked) for (const { desk } of active) if (desk.hasTimeStop) orderTimeStops(desk);
    this.#handled = time;
    for (const desk of this.#desks) lookOver(desk, this.#registry);
    return active;
  }

  #ask(desk: SessionDesk, signals: Map<SessionDesk, PendingSignal[]> | null): void {
    const heard: PendingSignal[] | null = signals === null ? null : [];
    if (heard !== null) signals!.set(desk, heard);
    this.#asking.signals = heard;
    try {
      desk.onBar(desk.context);
    } catch (error) {
      throw strategyFailure(error, this.#input.strategy.id, desk.desk);
    } finally {
      this.#asking.signals = null;
    }
  }

  #apply(event: Exclude<SessionEvent, { readonly kind: 'bar' }>): void {
    switch (event.kind) {
      case 'execution':
        this.#ledger.fills += 1;
        takeExecution(this.#registry.slotOf(event.order), event, this.#ledger);
        break;
      case 'ended':
        endOrder(this.#registry.slotOf(event.order), event, this.#ledger);
        break;
      case 'reached':
        reach(this.#registry.slotOf(event.order), event.price);
        break;
      case 'again':
        tryAgain(this.#registry.slotOf(event.order));
        break;
      case 'params':
        this.#prepare(event.params);
        break;
      case 'flatten':
        for (const desk of this.#desks)
          flatten(desk, this.#registry, this.#ledger, this.#input.spec.orders.aggressionBps);
        break;
      case 'cancel-entries':
        for (const desk of this.#desks) cancelEntries(desk);
        break;
      case 'adjusted':
        adjust(ofSymbol(this.#desks, event.symbol, 'desk'), event, this.#ledger, this.#input.spec.orders);
        break;
    }
    for (const desk of this.#desks) {
      sweepDust(desk, this.#ledger);
      desk.countLots();
      lookOver(desk, this.#registry);
    }
  }

  #decision(desk: SessionDesk, { mode, reason }: Mode, signals: readonly PendingSignal[], equity: number): Decision {
    const { candles, bar, board, size } = desk.desk;
    return {
      symbol: desk.symbol,
      bar: candles.time[bar]!,
      closedAt: closeTime(candles, bar),
      mode,
      blocked: reason,
      close: candles.close[bar]!,
      values: board.valuesAt(bar),
      signals: signals.map(({ orders, trades, ...signal }) => ({ ...signal, orders: this.#numbers(orders, trades) })),
      position: size,
      equity,
    };
  }

  #numbers(orders: PendingSignal['orders'], trades: PendingSignal['trades']): readonly number[] {
    const numbers: number[] = [];
    for (const desk of this.#desks) {
      for (const order of orders) numbers.push(...(desk.slots.has(order) ? [desk.slots.get(order)!.number] : []));
      for (const trade of trades) {
        const holding = desk.holdings.get(trade);
        for (const slot of [holding?.stop, holding?.target]) if (slot?.isWanted === true) numbers.push(slot.number);
      }
    }
    return numbers;
  }
}

/** One more failure, and it waits again. */
function tryAgain(slot: OrderSlot): void {
  slot.failures = Math.min(slot.failures, MOST_FAILURES - 1);
}

/** Takes in that the price of an order that the session watches was reached. */
function reach(slot: OrderSlot, price: Decimal): void {
  slot.isReached = slot.order.isLive;
  slot.desk.desk.mark = Number(price);
}

/** The candles of a desk as a strategy may see them. */
function closedOnly(candles: Candles): Candles {
  const view = (column: Float64Array): Float64Array => column.subarray(0, candles.length);
  const { time, open, high, low, close, volume } = candles;
  return {
    ...candles,
    time: view(time),
    open: view(open),
    high: view(high),
    low: view(low),
    close: view(close),
    volume: view(volume),
  };
}

function ofSymbol<T extends { readonly symbol: string }>(all: readonly T[], symbol: string, what: string): T {
  const found = all.find((each) => each.symbol === symbol);
  if (found !== undefined) return found;
  const known = all.map((each) => each.symbol).join(', ');
  throw new RangeError(`${symbol} has no ${what}: there are those of ${known === '' ? 'no symbol' : known}`);
}

function misplaced(seq: number, after: EpochMs | null, handled: EpochMs | null): Error {
  const told = [after, handled].map((time) => (time === null ? 'the start' : new Date(time).toISOString()));
  return new Error(
    `entry ${seq} of the journal lies after ${told[0]} and the books stand at ${told[1]}: candles are missing, or the journal is of another session`,
  );
}
