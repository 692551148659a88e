import type { EpochMs } from '../../domain/market/decimal.ts';
import type { TapePrint } from '../../domain/matching/market-types.ts';
import { type MarketScales, marketScales } from '../../domain/matching/scale.ts';
import type { MarketListing } from '../config.ts';

const CHUNK = 65_536;

/** Columns of 33 bytes a print, where objects would take some 200. */
interface Chunk {
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly at: Float64Array;
  readonly sourceId: Float64Array;
  readonly flags: Uint8Array;
}

const BUYER_IS_MAKER = 1;
const OURS = 2;

/** The newest prints of one market's public tape, by id and by time. Ids are gapless, so a place on the tape is id minus first id. */
export class TapeStore {
  readonly #scales: MarketScales;
  readonly #retention: number;
  #chunks: Chunk[] = [];
  #firstId = 0;
  #length = 0;

  /** Keeps at least `retention` prints. */
  constructor(listing: Pick<MarketListing, 'tick' | 'lot'>, retention: number) {
    this.#scales = marketScales(listing);
    this.#retention = retention;
  }

  get length(): number {
    return this.#length;
  }

  /** Id of the oldest print kept. */
  get firstId(): number {
    return this.#firstId;
  }

  /** Id of the newest print; one below `firstId` on an empty tape. */
  get lastId(): number {
    return this.#firstId + this.#length - 1;
  }

  /** Throws when the print does not follow the last one. */
  add(print: TapePrint): void {
    if (this.#length === 0) this.#firstId = print.tradeId;
    else if (print.tradeId !== this.lastId + 1) {
      throw new Error(`print ${print.tradeId} does not follow print ${this.lastId} on the tape`);
    }
    const slot = this.#length % CHUNK;
    if (slot === 0) this.#chunks.push(newChunk());
    const chunk = this.#chunks[this.#chunks.length - 1] as Chunk;
    chunk.price[slot] = this.#scales.price.safeUnits(print.price, 'price');
    chunk.quantity[slot] = this.#scales.quantity.safeUnits(print.quantity, 'quantity');
    chunk.at[slot] = print.at;
    chunk.sourceId[slot] = print.sourceId ?? Number.NaN;
    chunk.flags[slot] = (print.buyerIsMaker ? BUYER_IS_MAKER : 0) | (print.ours ? OURS : 0);
    this.#length += 1;
    if (this.#length >= this.#retention + CHUNK) {
      this.#chunks = this.#chunks.slice(1);
      this.#firstId += CHUNK;
      this.#length -= CHUNK;
    }
  }

  last(): TapePrint | null {
    return this.#length === 0 ? null : this.#at(this.#length - 1);
  }

  /** Up to `limit` prints from `tradeId` on (from the oldest one kept when that is later). */
  fromId(tradeId: number, limit: number): readonly TapePrint[] {
    return this.#slice(Math.max(0, tradeId - this.#firstId), limit);
  }

  newest(limit: number): readonly TapePrint[] {
    return this.#slice(Math.max(0, this.#length - limit), limit);
  }

  /** Up to `limit` prints with `from <= at <= to`, the earliest of them. */
  between(from: EpochMs, to: EpochMs, limit: number): readonly TapePrint[] {
    const start = this.#indexAt(from);
    return this.#slice(start, Math.min(limit, this.#indexAt(to + 1) - start));
  }

  /** Index of the first print at or after `at`. */
  #indexAt(at: EpochMs): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#chunkOf(middle).at[middle % CHUNK]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #slice(start: number, limit: number): readonly TapePrint[] {
    const prints: TapePrint[] = [];
    for (let index = start; index < this.#length && prints.length < limit; index += 1) prints.push(this.#at(index));
    return prints;
  }

  #at(index: number): TapePrint {
    const chunk = this.#chunkOf(index);
    const slot = index % CHUNK;
    const sourceId = chunk.sourceId[slot]!;
    const flags = chunk.flags[slot]!;
    return {
      tradeId: this.#firstId + index,
      price: this.#scales.price.text(chunk.price[slot]!),
      quantity: this.#scales.quantity.text(chunk.quantity[slot]!),
      buyerIsMaker: (flags & BUYER_IS_MAKER) !== 0,
      at: chunk.at[slot]!,
      sourceId: Number.isNaN(sourceId) ? null : sourceId,
      ours: (flags & OURS) !== 0,
    };
  }

  #chunkOf(index: number): Chunk {
    return this.#chunks[Math.floor(index / CHUNK)] as Chunk;
  }
}

function newChunk(): Chunk {
  return {
    price: new Float64Array(CHUNK),
    quantity: new Float64Array(CHUNK),
    at: new Float64Array(CHUNK),
    sourceId: new Float64Array(CHUNK),
    flags: new Uint8Array(CHUNK),
  };
}
