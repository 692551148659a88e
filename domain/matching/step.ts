import type { EpochMs } from '../market/decimal.ts';
import type { Side } from '../orders/order.ts';
import type { MarketFill, TapePrint } from './market-types.ts';
import type { Tape } from './tape.ts';

/** Collects the fills and prints of one call. */
export class Step {
  readonly fills: MarketFill[] = [];
  readonly prints: TapePrint[] = [];
  /** Of the prints, in units. */
  readonly prices: number[] = [];
  readonly at: EpochMs;
  readonly #tape: Tape;

  constructor(tape: Tape, at: EpochMs) {
    this.#tape = tape;
    this.at = at;
  }

  print(
    price: number,
    quantity: bigint,
    buyerIsMaker: boolean,
    sourceId: number | null,
    ours: boolean,
    at: EpochMs = this.at,
  ): TapePrint {
    const print = this.#tape.print({ price, quantity, buyerIsMaker, at, sourceId, ours });
    this.prints.push(print);
    this.prices.push(price);
    return print;
  }

  fill(order: { readonly orderId: number; readonly side: Side }, print: TapePrint, maker: boolean): void {
    const { price, quantity, tradeId, sourceId, at } = print;
    this.fills.push({ orderId: order.orderId, side: order.side, price, quantity, maker, tradeId, sourceId, at });
  }
}
