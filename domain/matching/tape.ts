import type { EpochMs } from '../market/decimal.ts';
import type { TapePrint } from './market-types.ts';
import type { MarketScales } from './scale.ts';

/** A print before it has its place on the tape, in the units of the market's scales. */
export interface NewPrint {
  readonly price: number;
  readonly quantity: bigint;
  readonly buyerIsMaker: boolean;
  readonly at: EpochMs;
  readonly sourceId: number | null;
  readonly ours: boolean;
}

/** Numbers the prints of a market without a gap. Keeps none of them. */
export class Tape {
  readonly #scales: MarketScales;
  #nextTradeId: number;

  constructor(scales: MarketScales, nextTradeId: number) {
    if (!Number.isSafeInteger(nextTradeId) || nextTradeId < 0) {
      throw new RangeError(`nextTradeId ${nextTradeId} is not a whole number of zero or more`);
    }
    this.#scales = scales;
    this.#nextTradeId = nextTradeId;
  }

  get nextTradeId(): number {
    return this.#nextTradeId;
  }

  /** Leaves ids out. Throws a `RangeError` when the tape has passed `tradeId`. */
  skipTo(tradeId: number): void {
    if (!Number.isSafeInteger(tradeId) || tradeId < this.#nextTradeId) {
      throw new RangeError(`the tape stands at ${this.#nextTradeId} and cannot go on at ${tradeId}`);
    }
    this.#nextTradeId = tradeId;
  }

  print(print: NewPrint): TapePrint {
    const tradeId = this.#nextTradeId;
    this.#nextTradeId += 1;
    return {
      tradeId,
      price: this.#scales.price.text(print.price),
      quantity: this.#scales.quantity.text(print.quantity),
      buyerIsMaker: print.buyerIsMaker,
      at: print.at,
      sourceId: print.sourceId,
      ours: print.ours,
    };
  }
}
