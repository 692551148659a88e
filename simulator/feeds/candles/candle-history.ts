import type { BarPosition } from '../../../domain/matching/bar-market/bar-market.ts';
import type { TapePrint } from '../../../domain/matching/market-types.ts';
import type { LedgerFill } from '../../exchange/ledger.ts';
import type { CandlesRecord, JournalRecord } from '../../exchange/records.ts';

/** What the journal of a venue that replays candles says of its market. Of other venues it keeps nothing. */
export class CandleHistory {
  readonly #prints: TapePrint[] = [];
  readonly #new = new Set<number>();
  #opened: CandlesRecord | null = null;
  #position: BarPosition | null = null;

  add(record: JournalRecord): void {
    if (record.kind === 'candles-opened') {
      this.#opened = record;
      this.#position = { index: record.index, phase: 'close' };
      this.#prints.push(record.print);
      return;
    }
    if (this.#opened === null) return;
    if (record.kind === 'released') {
      this.#position = { index: record.index, phase: record.phase };
      if (record.phase === 'open') this.#new.clear();
      if (record.print !== null) this.#prints.push(record.print);
      this.#addFills(record.fills);
    } else if (record.kind === 'order') {
      if (this.#position?.phase === 'close') this.#new.add(record.order.orderId);
      this.#addFills(record.fills);
    }
  }

  /** With which candles the market was opened; `null` before that. */
  get opened(): CandlesRecord | null {
    return this.#opened;
  }

  /** What was released last. */
  get position(): BarPosition | null {
    return this.#position;
  }

  /** All prints of the tape. */
  get prints(): readonly TapePrint[] {
    return this.#prints;
  }

  /** Whether no open has come since the order was accepted while a bar was closed. */
  isNew(orderId: number): boolean {
    return this.#new.has(orderId);
  }

  #addFills(fills: readonly LedgerFill[]): void {
    for (const { tradeId, price, quantity, side, maker, at, sourceId } of fills) {
      this.#prints.push({
        tradeId,
        price,
        quantity,
        buyerIsMaker: (side === 'buy') === maker,
        at,
        sourceId,
        ours: true,
      });
    }
  }
}
