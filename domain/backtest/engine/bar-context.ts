import type { Account, Bar, BarContext, OrderRequest, Position } from '../../strategies/strategy.ts';
import type { BrokerSettings, Sizing } from '../settings.ts';
import { checkPositive } from './check-request.ts';
import { checkExitFields } from './known-fields.ts';
import { setStopLoss, setTarget } from './open-position.ts';
import { closePosition } from './submit-close.ts';
import { submitOrder } from './submit-order.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/** What a run tells every context. */
export interface ContextTerms {
  readonly sizing: Sizing;
  readonly direction: BrokerSettings['direction'];
  readonly recordEntryValues: boolean;
}

/** A desk as its strategy sees it. The desk is private to the class, so that plain JavaScript finds no way to the bars to come. */
export class DeskContext implements BarContext {
  readonly symbol: string;
  readonly bar: Bar;
  readonly position: Position;
  readonly account: Account;
  readonly direction: BrokerSettings['direction'];
  readonly #desk: SymbolDesk;
  readonly #terms: ContextTerms;
  readonly #contexts: ReadonlyMap<string, BarContext>;

  /** @param contexts of all symbols, filled once all are made. */
  constructor(desk: SymbolDesk, terms: ContextTerms, contexts: ReadonlyMap<string, BarContext>) {
    this.symbol = desk.symbol;
    this.bar = desk.board.bar;
    this.position = new DeskPosition(desk);
    this.account = new DeskAccount(desk);
    this.direction = terms.direction;
    this.#desk = desk;
    this.#terms = terms;
    this.#contexts = contexts;
    Object.freeze(this);
  }

  get workingOrders(): number {
    return this.#desk.book.working;
  }

  buy(order: OrderRequest = {}): void {
    this.#submit(1, order);
  }

  sell(order: OrderRequest = {}): void {
    this.#submit(-1, order);
  }

  close(share = 1, tag?: string): void {
    closePosition(this.#desk, share, tag);
  }

  cancelOrders(): void {
    this.#desk.cancelWorking();
  }

  protect(exits: { readonly stopLoss?: number | null; readonly takeProfit?: number | null }): void {
    checkExitFields(exits);
    const { stopLoss, takeProfit } = exits;
    const { trades, steps } = this.#desk;
    if (stopLoss !== undefined && stopLoss !== null) checkPositive('stopLoss', stopLoss, 'a price');
    if (takeProfit !== undefined && takeProfit !== null) checkPositive('takeProfit', takeProfit, 'a price');
    for (const trade of trades) {
      const exit = trade.side > 0 ? -1 : 1;
      if (stopLoss !== undefined) setStopLoss(this.#desk, trade, steps.stop(exit, stopLoss ?? Number.NaN));
      if (takeProfit !== undefined) setTarget(this.#desk, trade, steps.limit(exit, takeProfit ?? Number.NaN));
    }
  }

  market(symbol: string): BarContext {
    const context = this.#contexts.get(symbol);
    if (context !== undefined) return context;
    const known = [...this.#contexts.keys()].join(', ');
    throw new RangeError(`market("${symbol}"): the run has no such symbol; it has ${known}`);
  }

  #submit(side: 1 | -1, request: OrderRequest): void {
    const desk = this.#desk;
    if (desk.bar < 0) throw new RangeError(`${desk.symbol} has no bar yet that has closed: order once it has`);
    const values = this.#terms.recordEntryValues ? desk.board.valuesAt(desk.bar) : null;
    submitOrder(desk, side, request, this.#terms.sizing, values);
  }
}

class DeskPosition implements Position {
  readonly #desk: SymbolDesk;

  constructor(desk: SymbolDesk) {
    this.#desk = desk;
    Object.freeze(this);
  }

  get size(): number {
    return this.#desk.size;
  }

  get entryPrice(): number {
    return this.#desk.entryPrice();
  }

  get barsHeld(): number {
    return this.#desk.barsHeld();
  }

  get unrealised(): number {
    return this.#desk.unrealised();
  }
}

class DeskAccount implements Account {
  readonly #desk: SymbolDesk;

  constructor(desk: SymbolDesk) {
    this.#desk = desk;
    Object.freeze(this);
  }

  get cash(): number {
    return this.#desk.account.cash;
  }

  get equity(): number {
    return this.#desk.account.equity();
  }

  get available(): number {
    return this.#desk.account.available();
  }
}
