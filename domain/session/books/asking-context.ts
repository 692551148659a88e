import type { DeskContext } from '../../backtest/engine/bar-context.ts';
import type { OpenTrade } from '../../backtest/engine/open-trade.ts';
import type { WorkingOrder } from '../../backtest/engine/working-order.ts';
import type { Account, Bar, BarContext, OrderRequest, Position } from '../../strategies/strategy.ts';
import type { Signal } from '../decision.ts';
import type { BarMode, BlockReason } from '../journal.ts';
import type { SessionTally } from './book-ledger.ts';
import type { SessionDesk } from './session-desk.ts';

/** A signal whose orders have no numbers yet. */
export interface PendingSignal extends Omit<Signal, 'orders'> {
  readonly orders: readonly WorkingOrder[];
  /** Trades whose exits it has moved. */
  readonly trades: readonly OpenTrade[];
}

/** How the strategy is asked at the bar of the moment, shared by the contexts of all symbols. */
export class Asking {
  mode: BarMode = 'ask';
  reason: BlockReason | null = null;
  /** What it orders, where anybody wants to know. */
  signals: PendingSignal[] | null = null;

  /** Whether something is not to be done. */
  isBlocked(action: Signal['action']): boolean {
    return this.mode === 'mute' || (this.mode === 'exits' && action === 'buy');
  }
}

/** What a context needs of the books. */
export interface AskingTerms {
  readonly asking: Asking;
  readonly tally: SessionTally;
  readonly contexts: ReadonlyMap<string, AskingContext>;
  /** Sizes an entry; `false` when it was refused. */
  readonly size: (desk: SessionDesk, order: WorkingOrder) => boolean;
}

/** The context of a backtest, where what must not be done is dropped and all that is ordered is sized at once. */
export class AskingContext implements BarContext {
  readonly symbol: string;
  readonly bar: Bar;
  readonly position: Position;
  readonly account: Account;
  readonly direction: BarContext['direction'];
  readonly #context: DeskContext;
  readonly #desk: SessionDesk;
  readonly #terms: AskingTerms;

  constructor(context: DeskContext, desk: SessionDesk, terms: AskingTerms) {
    this.symbol = context.symbol;
    this.bar = context.bar;
    this.position = context.position;
    this.account = context.account;
    this.direction = context.direction;
    this.#context = context;
    this.#desk = desk;
    this.#terms = terms;
    Object.freeze(this);
  }

  get workingOrders(): number {
    return this.#context.workingOrders;
  }

  buy(order: OrderRequest = {}): void {
    this.#order('buy', order);
  }

  sell(order: OrderRequest = {}): void {
    this.#order('sell', order);
  }

  close(share = 1, tag?: string): void {
    if (this.#drops('close', 'sell')) return;
    const { orders } = this.#desk.desk.book;
    const before = orders.length;
    this.#context.close(share, tag);
    const made = orders.slice(0, orders.length - before);
    if (made.length === 0) this.#refused('close', 'sell', 'NOTHING_TO_REDUCE');
    else this.#fired('close', 'sell', made.reverse());
  }

  cancelOrders(): void {
    if (this.#context.workingOrders === 0 || this.#drops('cancel', null)) return;
    const going = this.#desk.desk.book.orders.filter((order) => !order.isContingent);
    this.#context.cancelOrders();
    this.#fired('cancel', null, going);
  }

  protect(exits: { readonly stopLoss?: number | null; readonly takeProfit?: number | null }): void {
    if (this.#drops('protect', null)) return;
    this.#context.protect(exits);
    const trades = this.#desk.desk.trades.slice();
    if (trades.length === 0) this.#refused('protect', null, 'NOTHING_TO_REDUCE');
    else this.#fired('protect', null, [], trades);
  }

  market(symbol: string): BarContext {
    this.#context.market(symbol);
    return this.#terms.contexts.get(symbol)!;
  }

  #order(action: 'buy' | 'sell', request: OrderRequest): void {
    if (this.#drops(action, action)) return;
    const { tally } = this.#terms;
    const refusals = tally.refused;
    if (action === 'buy') this.#context.buy(request);
    else this.#context.sell(request);
    const order = this.#desk.desk.book.orders.at(-1);
    const isTaken = tally.refused === refusals && order !== undefined && this.#terms.size(this.#desk, order);
    if (isTaken) this.#fired(action, action, [order]);
    else this.#refused(action, action, tally.last?.code ?? null);
  }

  /** Notes that something is not to be done, if so. */
  #drops(action: Signal['action'], side: Signal['side']): boolean {
    const { asking } = this.#terms;
    if (!asking.isBlocked(action)) return false;
    asking.signals?.push({ action, side, outcome: 'blocked', reason: asking.reason, orders: [], trades: [] });
    return true;
  }

  #refused(action: Signal['action'], side: Signal['side'], reason: string | null): void {
    this.#terms.asking.signals?.push({ action, side, outcome: 'refused', reason, orders: [], trades: [] });
  }

  #fired(
    action: Signal['action'],
    side: Signal['side'],
    orders: readonly WorkingOrder[],
    trades: readonly OpenTrade[] = [],
  ): void {
    this.#terms.asking.signals?.push({ action, side, outcome: 'fired', reason: null, orders, trades });
  }
}
