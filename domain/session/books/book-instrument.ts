import Big from 'big.js';
import type { InstrumentSteps } from '../../backtest/settings.ts';
import { type Decimal, decimal, toText } from '../../market/decimal.ts';
import type { Instrument } from '../../market/instrument.ts';

/** What the books of a session need to know of a market. */
export interface BookInstrument extends Pick<Instrument, 'symbol' | 'tick' | 'lot' | 'minQuantity' | 'minNotional'> {
  /** Whether the venue keeps stop orders; else the session watches their prices. */
  readonly restsStops: boolean;
}

const BPS = 10_000;
/** Relative distance within which a quotient counts as the whole number next to it. */
const WHOLE = 1e-9;

/** The steps of a market, exact: quantities are counted in lots, prices in ticks. */
export class ExactSteps {
  readonly tick: Big;
  readonly lot: Big;
  readonly restsStops: boolean;
  /** Fewest lots of an order, and its least value in quote. */
  readonly leastLots: number;
  readonly minNotional: Big;
  /** The same as the engine computes with. */
  readonly numbers: InstrumentSteps;
  readonly #lot: number;

  /** Throws a `RangeError` for a tick or lot that is not above 0. */
  constructor({ symbol, tick, lot, minQuantity, minNotional, restsStops }: BookInstrument) {
    this.tick = decimal(tick);
    this.lot = decimal(lot);
    if (!this.tick.gt(0)) throw new RangeError(`tick of ${symbol} is ${tick}: a price step above 0 is needed`);
    if (!this.lot.gt(0)) throw new RangeError(`lot of ${symbol} is ${lot}: a quantity step above 0 is needed`);
    this.leastLots = Math.max(1, Number(decimal(minQuantity).div(this.lot).round(0, Big.roundUp)));
    this.minNotional = decimal(minNotional);
    this.restsStops = restsStops;
    this.#lot = Number(lot);
    this.numbers = { tick: Number(tick), lot: this.#lot, minNotional: Number(minNotional) };
  }

  /** Whole lots in exact units. */
  lotsIn(units: Big): number {
    return Number(units.div(this.lot).round(0, Big.roundDown));
  }

  /** Whole lots in units that the engine has computed: 0.3 is three lots of 0.1. */
  lotsOf(units: number): number {
    const quotient = units / this.#lot;
    const nearest = Math.round(quotient);
    return Math.abs(quotient - nearest) <= WHOLE * Math.max(1, Math.abs(quotient)) ? nearest : Math.floor(quotient);
  }

  quantity(lots: number): Decimal {
    return toText(this.lot.times(lots));
  }

  /** The most that an order may pay that goes beyond `price` by so many basis points: whole ticks, and one at least where it goes beyond at all. */
  dearest(price: number, bps: number): number {
    return Number(
      new Big(price).times(new Big(bps).div(BPS).plus(1)).div(this.tick).round(0, Big.roundUp).times(this.tick),
    );
  }

  /** The tick nearest to a price that lies on one but for its rounding as a number; at least one tick. */
  price(price: number): Decimal {
    const ticks = new Big(price).div(this.tick).round(0, Big.roundHalfUp);
    return toText(this.tick.times(ticks.lt(1) ? 1 : ticks));
  }
}
