import { type Decimal, isDecimal } from '../market/decimal.ts';

/** The number of decimal places that a plain decimal needs: `"0.00001000"` needs 5. */
export function decimalPlaces(value: Decimal): number {
  const fraction = value.split('.')[1] ?? '';
  return fraction.replace(/0+$/, '').length;
}

/**
 * Turns decimal text into whole numbers of one fixed unit, `10^-places`, and back: exact, and much faster than a decimal
 * library in the loops that walk a book.
 */
export class Scale {
  readonly #places: number;

  constructor(places: number) {
    this.#places = places;
  }

  /**
   * `value` in units. Throws a `RangeError` that names `field` when the text is no decimal, negative, or finer than a unit.
   */
  units(value: Decimal, field: string): bigint {
    return BigInt(this.#digits(value, field));
  }

  /** `value` in units as a safe integer. Throws like `units`, and when the number of units is not a safe integer. */
  safeUnits(value: Decimal, field: string): number {
    const units = Number(this.#digits(value, field));
    if (!Number.isSafeInteger(units)) {
      throw new RangeError(`${field} "${value}" is too large to count in steps of 1e-${this.#places}`);
    }
    return units;
  }

  /** Units as plain decimal text without trailing zeros. */
  text(units: bigint | number): Decimal {
    if (this.#places === 0) return units.toString();
    const digits = units.toString().padStart(this.#places + 1, '0');
    const whole = digits.slice(0, -this.#places);
    const fraction = digits.slice(-this.#places).replace(/0+$/, '');
    return fraction === '' ? whole : `${whole}.${fraction}`;
  }

  #digits(value: Decimal, field: string): string {
    if (!isDecimal(value) || value.startsWith('-')) {
      throw new RangeError(`${field} "${value}" is not a plain decimal number of zero or more, such as "12.5"`);
    }
    const point = value.indexOf('.');
    if (point === -1) return value + '0'.repeat(this.#places);
    const fraction = value.slice(point + 1);
    if (fraction.length <= this.#places) return value.slice(0, point) + fraction.padEnd(this.#places, '0');
    if (/[^0]/.test(fraction.slice(this.#places))) {
      throw new RangeError(
        `${field} "${value}" has more than the ${this.#places} decimal places of this market; check its tick and lot`,
      );
    }
    return value.slice(0, point) + fraction.slice(0, this.#places);
  }
}

/** The units of one market: prices count decimal steps of the tick, quantities steps of 1e-8 or of the lot when that is finer. */
export interface MarketScales {
  readonly price: Scale;
  readonly quantity: Scale;
  /** The lot in quantity units. */
  readonly lot: bigint;
}

/** The whole lots in a quantity, in quantity units. */
export function wholeLots(scales: MarketScales, quantity: bigint): bigint {
  return quantity - (quantity % scales.lot);
}

/**
 * Quantities keep at least eight decimals because a recording may hold quantities that are finer than today's lot: venues
 * coarsen lots while older orders still rest. Throws a `RangeError` when the lot is not a positive decimal number.
 */
export function marketScales(config: { readonly tick: Decimal; readonly lot: Decimal }): MarketScales {
  const quantity = new Scale(Math.max(8, decimalPlaces(config.lot)));
  const lot = quantity.units(config.lot, 'lot');
  if (lot === 0n) throw new RangeError(`lot "${config.lot}" is not above zero`);
  return { price: new Scale(decimalPlaces(config.tick)), quantity, lot };
}
