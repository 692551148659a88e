import { SessionBooks } from '../../../../domain/session/books/session-books.ts';
import type { JournalEntry, SessionEvent } from '../../../../domain/session/journal.ts';
import type { BarContext } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, HOUR_MS, type Row, type Script, scripted } from '../../backtest/engine/scripted.ts';
import { ORDERS } from './replayed-run.ts';

export const FLAT: Row = [100, 101, 99, 100];

/** Books of a script on hourly bars of X, with 1,000 of capital, lots of 0.01 and ticks of 0.1. */
export class ScriptedBooks {
  readonly journal: JournalEntry[] = [];
  books: SessionBooks;
  readonly #script: Script;
  readonly #restsStops: boolean;

  constructor(script: Script, { rows = Array.from({ length: 8 }, () => FLAT), restsStops = true } = {}) {
    this.#script = script;
    this.#restsStops = restsStops;
    this.books = this.of(rows);
  }

  of(rows: readonly Row[]): SessionBooks {
    const instrument = { symbol: 'X', tick: '0.1', lot: '0.01', minQuantity: '0.01', minNotional: '5' };
    return new SessionBooks({
      spec: { symbols: ['X'], capital: '1000', sizing: { kind: 'cashShare', value: 1 }, orders: ORDERS },
      strategy: scripted(this.#script),
      params: {},
      instruments: [{ ...instrument, restsStops: this.#restsStops }],
      candles: [candlesOf(rows)],
      startBar: 0,
    });
  }

  decide(bar: number, mode: 'ask' | 'exits' | 'mute' = 'ask') {
    const reason = mode === 'ask' ? null : mode === 'exits' ? 'HOURS' : 'PAUSED';
    return this.books.decide(bar * HOUR_MS, mode, reason)[0]!;
  }

  happens(event: SessionEvent): void {
    const after = this.books.handled;
    this.journal.push({ seq: this.journal.length + 1, after, event });
    this.books.fold(this.journal, after);
  }

  fills(order: number, quantity: string, price: string, fees: { feeBase?: string; feeQuote?: string } = {}): void {
    const version = this.wanted(order)?.version ?? 1;
    this.happens({
      kind: 'execution',
      order,
      version,
      quantity,
      price,
      feeBase: '0',
      feeQuote: '0',
      maker: false,
      ...fees,
    });
  }

  ends(order: number, status: 'filled' | 'cancelled' | 'expired' | 'failed', detail = 'no', code = '-2010'): void {
    const version = this.wanted(order)?.version ?? 1;
    const problem = status === 'failed' ? { code, detail } : null;
    this.happens({ kind: 'ended', order, version, status, problem });
  }

  wanted(order: number) {
    return this.books.wanted().find((each) => each.order === order);
  }

  /** What is wanted as `number.version purpose kind held quantity`, and its prices. */
  told(): readonly string[] {
    return this.books.wanted().map((o) => {
      const prices = [o.stop === null ? '' : ` stop ${o.stop}`, o.limit === null ? '' : ` limit ${o.limit}`].join('');
      return `${o.order}.${o.version} ${o.purpose} ${o.kind} ${o.held} ${o.quantity}${prices}`;
    });
  }
}

export const buy = (order: Parameters<BarContext['buy']>[0]) => (context: BarContext) => context.buy(order);
