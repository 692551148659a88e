import type { BrokerSettings, InstrumentSteps } from '../settings.ts';

const NO_STEPS: InstrumentSteps = { tick: 0, lot: 0, minNotional: 0 };

/** Relative distance within which a quotient counts as the whole number next to it: 0.3 is three lots of 0.1. */
const WHOLE = 1e-9;

/** The steps of a symbol, `undefined` where none are given: whatever its name, also one that every object has, such as "constructor". */
export function stepsOf(
  { instruments }: Pick<BrokerSettings, 'instruments'>,
  symbol: string,
): InstrumentSteps | undefined {
  return Object.hasOwn(instruments, symbol) ? instruments[symbol] : undefined;
}

/** The steps in which one symbol is traded: prices in ticks, units in lots. */
export class TradingSteps {
  /** Least quantity and its step, 0 for none. */
  readonly lot: number;
  readonly tick: number;
  readonly minNotional: number;

  constructor(steps: InstrumentSteps | undefined, wholeUnits: boolean) {
    const { tick, lot, minNotional } = steps ?? NO_STEPS;
    this.tick = tick;
    this.minNotional = minNotional;
    this.lot = wholeUnits ? Math.max(1, Math.ceil(lot)) : lot;
  }

  /** Most units whose value at `price` is at most `amount`: whole lots, counted without the error of a rounded quotient. */
  affordable(amount: number, price: number): number {
    if (!(amount > 0) || !(price > 0)) return 0;
    if (this.lot === 0) return amount / price;
    return multiple(floorDivide(amount, price * this.lot), this.lot);
  }

  /** `units` rounded down to whole lots. */
  floor(units: number): number {
    return this.lot === 0 ? units : multiple(wholeBelow(units / this.lot), this.lot);
  }

  /** `share` of what is held, to the nearest lot (halves to the even one), at least one lot and at most all. */
  shareOf(units: number, share: number): number {
    if (share >= 1) return units;
    if (this.lot === 0) return units * share;
    return Math.min(units, multiple(Math.max(1, roundHalfEven((units / this.lot) * share)), this.lot));
  }

  /** A limit price: no worse than `price`. */
  limit(side: 1 | -1, price: number): number {
    return side > 0 ? this.#down(price) : this.#up(price);
  }

  /** A stop price: a buy stop rounds up, a sell stop down. */
  stop(side: 1 | -1, price: number): number {
    return side > 0 ? this.#up(price) : this.#down(price);
  }

  #down(price: number): number {
    return this.tick === 0 || Number.isNaN(price) ? price : multiple(wholeBelow(price / this.tick), this.tick);
  }

  #up(price: number): number {
    return this.tick === 0 || Number.isNaN(price) ? price : multiple(-wholeBelow(-price / this.tick), this.tick);
  }
}

/** The whole part of a / b for a >= 0 and b > 0, of the exact quotient: `Math.floor(a / b)` may be one too many where a / b rounds up. */
export function floorDivide(a: number, b: number): number {
  const quotient = (a - (a % b)) / b;
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

function wholeBelow(quotient: number): number {
  const nearest = Math.round(quotient);
  return Math.abs(quotient - nearest) <= WHOLE * Math.max(1, Math.abs(quotient)) ? nearest : Math.floor(quotient);
}

/** count x step, as the decimal that it is where the step is a decimal fraction: 1001 x 0.1 is 100.1. */
function multiple(count: number, step: number): number {
  const parts = Math.round(1 / step);
  return parts > 1 && Math.abs(1 / step - parts) <= WHOLE * parts ? count / parts : count * step;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
