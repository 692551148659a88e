import { type Decimal, isDecimal } from '../../market/decimal.ts';
import { decimalPlaces, Scale } from '../scale.ts';
import { fractalNoise, hash, hashRatio } from './noise.ts';

// Taken out of Math once, for the reason given in noise.ts.
const { ceil, floor, max } = Math;

/** A market as the venue lists it. */
export interface SyntheticMarket {
  /** Unified symbol, `BASE/QUOTE`. */
  readonly symbol: string;
  readonly tick: Decimal;
  readonly lot: Decimal;
  /** Least price times quantity of one order, in quote: synthetic trades keep to it as well. */
  readonly minNotional: Decimal;
}

/** The best level of each half at one step: prices in ticks, quantities in lots. */
export interface Touch {
  readonly bid: number;
  readonly bidLots: number;
  readonly ask: number;
  readonly askLots: number;
}

/** The whole book at one step: quantities in lots by price in ticks. */
export interface StepBook {
  readonly bids: ReadonlyMap<number, number>;
  readonly asks: ReadonlyMap<number, number>;
}

/** Time between two states of the book. */
export const STEP_MS = 250;
const LEVELS = 50;
/** One deeper level in each band of 0.1 basis points, as a liquid book is thin between its levels. */
const BAND_RATIO = 0.00001;
/** Height of the mid's shortest swing: the price moves about 0.06 % in a minute and 2 % in a day. */
const SWING_RATIO = 0.00013;
const START_PRICES: Readonly<Record<string, number>> = { BTC: 60000, ETH: 2500 };
const OTHER_START_PRICE = 100;

/** Kinds of hash, so that no two uses share a stream. */
const KIND = { path: 1, place: 2, phase: 3, deep: 4, touch: 5 } as const;

/**
 * The book of a synthetic market at any step, as a pure function of the seed: deeper levels keep their prices and change their
 * quantities now and then, the best bid stands at the level below the mid and the best ask one tick above it.
 */
export class SyntheticBook {
  readonly #seed: number;
  readonly #startPrice: number;
  readonly #tick: number;
  readonly #lot: number;
  readonly #minNotional: number;
  readonly #bandTicks: number;
  readonly #priceText: (ticks: number) => Decimal;
  readonly #quantityText: (lots: number) => Decimal;

  /** Throws a `RangeError` that names the field when tick, lot or minimum notional is not positive. */
  constructor(market: SyntheticMarket, seed: number) {
    for (const field of ['tick', 'lot', 'minNotional'] as const) {
      const value = market[field];
      if (isDecimal(value) && Number(value) > 0) continue;
      throw new RangeError(`${field} "${value}" of ${market.symbol} is not a positive decimal number`);
    }
    this.#seed = seed;
    this.#startPrice = START_PRICES[market.symbol.split('/')[0] ?? ''] ?? OTHER_START_PRICE;
    this.#tick = Number(market.tick);
    this.#lot = Number(market.lot);
    this.#minNotional = Number(market.minNotional);
    this.#bandTicks = max(1, Math.round((this.#startPrice * BAND_RATIO) / this.#tick));
    this.#priceText = stepText(market.tick);
    this.#quantityText = stepText(market.lot);
  }

  priceText(ticks: number): Decimal {
    return this.#priceText(ticks);
  }

  quantityText(lots: number): Decimal {
    return this.#quantityText(lots);
  }

  /** Lots that cost about `notional` quote at that price, at least the market's minimum. */
  lotsWorth(notional: number, ticks: number): number {
    const perLot = ticks * this.#tick * this.#lot;
    return max(ceil(this.#minNotional / perLot), floor(notional / perLot), 1);
  }

  /** Best bid and ask at `step` (steps of `STEP_MS` since 1970). */
  touch(step: number): Touch {
    const bid = this.#place(this.#band(step));
    const ask = bid + 1;
    return { bid, bidLots: this.#touchLots(step, bid), ask, askLots: this.#touchLots(step, ask) };
  }

  /** The book at `step`. */
  at(step: number): StepBook {
    const band = this.#band(step);
    const touch = this.touch(step);
    const bids = new Map([[touch.bid, touch.bidLots]]);
    const asks = new Map([[touch.ask, touch.askLots]]);
    for (let below = band - 1; bids.size < LEVELS && below > 0; below -= 1) {
      bids.set(this.#place(below), this.#deepLots(step, below));
    }
    for (let above = band + 1; asks.size < LEVELS; above += 1) {
      const price = this.#place(above);
      if (price > touch.ask) asks.set(price, this.#deepLots(step, above));
    }
    return { bids, asks };
  }

  /** The band of prices in which the mid stands; a Padé approximant of the exponential keeps it positive and exact everywhere. */
  #band(step: number): number {
    const x = fractalNoise(hash(this.#seed, KIND.path), step * STEP_MS, SWING_RATIO);
    const price = (this.#startPrice * (1 + x / 2)) / (1 - x / 2);
    return max(LEVELS, floor(price / this.#tick / this.#bandTicks));
  }

  /** The one price in a band at which orders stand, in ticks. */
  #place(band: number): number {
    return band * this.#bandTicks + (hash(this.#seed, KIND.place, band) % max(1, this.#bandTicks - 1));
  }

  /** A deeper level changes every 2 to 18 s. */
  #deepLots(step: number, band: number): number {
    const phase = hash(this.#seed, KIND.phase, band);
    const period = 8 + (phase % 64);
    const round = floor((step + phase) / period);
    return this.lotsWorth(30000 + 60000 * hashRatio(this.#seed, KIND.deep, band, round), this.#place(band));
  }

  #touchLots(step: number, ticks: number): number {
    const ratio = hashRatio(this.#seed, KIND.touch, step, ticks);
    return this.lotsWorth(20000 + 280000 * ratio * ratio, ticks);
  }
}

/** Writes whole multiples of `step` as decimal text, exactly. */
function stepText(step: Decimal): (multiples: number) => Decimal {
  const scale = new Scale(decimalPlaces(step));
  const units = scale.units(step, 'step');
  return (multiples) => scale.text(BigInt(multiples) * units);
}
