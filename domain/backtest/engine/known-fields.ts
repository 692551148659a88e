import { suggestion } from '../../parameters/closest-match.ts';
import type { OrderRequest } from '../../strategies/strategy.ts';
import type { Sizing } from '../settings.ts';

/** Everything that an order can say. Written as a record, so that the compiler misses a field that is not listed. */
const ORDER_FIELDS: Readonly<Record<keyof OrderRequest, true>> = {
  size: true,
  limit: true,
  stop: true,
  trail: true,
  stopLoss: true,
  takeProfit: true,
  trailingStop: true,
  maxBars: true,
  oco: true,
  goodForBars: true,
  reduceOnly: true,
  tag: true,
};
const EXIT_FIELDS = { stopLoss: true, takeProfit: true } as const;
const VALUE_FIELDS = { kind: true, value: true } as const;
const SIZING_FIELDS: Readonly<Record<Sizing['kind'], Readonly<Record<string, true>>>> = {
  cashShare: VALUE_FIELDS,
  cash: VALUE_FIELDS,
  units: VALUE_FIELDS,
  equityShare: VALUE_FIELDS,
  riskPerTrade: VALUE_FIELDS,
  volatilityTarget: { ...VALUE_FIELDS, window: true, barsPerYear: true, maxShare: true },
};

/** Throws a `RangeError` for an order that is no object, or has a field that no order has: a stop with a typing error is no stop. */
export function checkOrderFields(request: OrderRequest): void {
  checkFields('an order', request, ORDER_FIELDS, '{ size: 1, stopLoss: 95 }');
}

/** The same for the exits of `protect`. */
export function checkExitFields(exits: object): void {
  checkFields('protect', exits, EXIT_FIELDS, '{ stopLoss: 95 }');
}

/** The same for a size that is a rule. */
export function checkSizingFields(size: Sizing): void {
  checkFields('size', size, SIZING_FIELDS[size?.kind] ?? VALUE_FIELDS, '{ kind: "cashShare", value: 0.5 }');
  if (Object.hasOwn(SIZING_FIELDS, size.kind)) return;
  throw new RangeError(
    `size.kind is ${String(size.kind)}: ${suggestion(String(size.kind), Object.keys(SIZING_FIELDS))}`,
  );
}

function checkFields(what: string, given: object, known: Readonly<Record<string, true>>, example: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new RangeError(`${what} is given ${String(given)}: give an object such as ${example}`);
  }
  // Inherited ones count too: they are read as well.
  for (const field in given) {
    if (known[field] !== true) {
      throw new RangeError(`${what} has no field "${field}": ${suggestion(field, Object.keys(known))}`);
    }
  }
}
