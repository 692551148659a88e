import { type Decimal, decimal, isDecimal, toText } from '../../market/decimal.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import { PRICE_DECIMALS, roundedQuotient } from './rounding.ts';
import {
  type CostedFill,
  implementationShortfall,
  type Shortfall,
  type ShortfallInput,
  totalsOf,
} from './shortfall.ts';

/** A shortfall with the totals that it is made of. Quantities in base, money in quote. */
export interface ShortfallCalculation extends Shortfall {
  readonly ordered: Decimal;
  readonly filled: Decimal;
  readonly residual: Decimal;
  /** Rounded to 12 decimals; `null` when nothing was filled. */
  readonly avgPrice: Decimal | null;
}

export type ParsedShortfall =
  | { readonly ok: true; readonly input: ShortfallInput }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Computes what `calc shortfall` prints from a parsed input. */
export function calcShortfall(input: ShortfallInput): ShortfallCalculation {
  const { filled, notional } = totalsOf(input.fills);
  const ordered = decimal(input.ordered);
  const shortfall = implementationShortfall(input);
  const nothing = filled.eq(0);
  return {
    ordered: toText(ordered),
    filled: toText(filled),
    residual: toText(ordered.minus(filled)),
    avgPrice: nothing ? null : roundedQuotient(notional, filled, PRICE_DECIMALS),
    ...shortfall,
    reasons: nothing ? { ...shortfall.reasons, avgPrice: 'nothing was filled' } : shortfall.reasons,
  };
}

const FIELDS = ['side', 'symbol', 'ordered', 'decision', 'arrival', 'end', 'fills'];
const FILL_FIELDS = ['tradeId', 'price', 'quantity', 'fee', 'feeAsset', 'mid', 'feePrice'];

/**
 * Reads the input of `calc shortfall`, an object with the fields
 *
 * - `side` (`buy` | `sell`) and `ordered` (base);
 * - `decision`, `arrival`, `end`: mids, each optional: what needs a missing one comes out as `null` with a reason;
 * - `symbol`, optional, `BASE/QUOTE`; without it the two assets are called `base` and `quote`;
 * - `fills`: `{price, quantity}` and optionally `tradeId`, `fee` (0), `feeAsset` (the quote), `mid` of the book at the fill (converts a
 *   fee in base), `feePrice` (converts a fee in a third asset).
 *
 * Numbers are decimal text; a JSON number is taken as it is written. All that is wrong is reported at once, by field.
 */
export function parseShortfallInput(value: unknown): ParsedShortfall {
  const problems: FieldProblem[] = [];
  if (!isRecord(value)) {
    return { ok: false, problems: [{ field: '', value, message: `give an object with ${FIELDS.join(', ')}` }] };
  }
  const reader = new FieldReader(problems);
  reader.refuseUnknown('', value, FIELDS);
  const side = value['side'];
  if (side !== 'buy' && side !== 'sell')
    problems.push({ field: 'side', value: side ?? null, message: 'give "buy" or "sell"' });
  const [base, quote, ...more] = reader.text('symbol', value['symbol'], 'base/quote').split('/');
  if (!base || !quote || more.length > 0) {
    problems.push({ field: 'symbol', value: value['symbol'], message: 'give a symbol such as "BTC/USDT"' });
  }
  const ordered = reader.positive('ordered', value['ordered']);
  const prices = {
    decision: reader.optionalPositive('decision', value['decision']),
    arrival: reader.optionalPositive('arrival', value['arrival']),
    end: reader.optionalPositive('end', value['end']),
  };
  const fills = readFills(value['fills'], quote ?? '', reader);
  if (problems.length === 0 && totalsOf(fills).filled.gt(decimal(ordered))) {
    const filled = toText(totalsOf(fills).filled);
    problems.push({
      field: 'fills',
      value: filled,
      message: `the fills sum to ${filled}, more than the ordered ${ordered}`,
    });
  }
  if (problems.length > 0 || (side !== 'buy' && side !== 'sell') || !base || !quote) return { ok: false, problems };
  return { ok: true, input: { side, base, quote, ordered, ...prices, fills } };
}

function readFills(value: unknown, quote: string, reader: FieldReader): CostedFill[] {
  if (!Array.isArray(value)) {
    reader.problems.push({
      field: 'fills',
      value: value ?? null,
      message: 'give a list of fills; [] when nothing was filled',
    });
    return [];
  }
  return value.map((fill: unknown, index) => {
    const path = `fills[${index}]`;
    const given = isRecord(fill) ? fill : {};
    if (!isRecord(fill))
      reader.problems.push({ field: path, value: fill, message: 'give an object with price and quantity' });
    reader.refuseUnknown(`${path}.`, given, FILL_FIELDS);
    return {
      tradeId: reader.text(`${path}.tradeId`, given['tradeId'], String(index + 1)),
      price: reader.positive(`${path}.price`, given['price']),
      quantity: reader.positive(`${path}.quantity`, given['quantity']),
      fee: given['fee'] === undefined ? '0' : reader.number(`${path}.fee`, given['fee']),
      feeAsset: reader.text(`${path}.feeAsset`, given['feeAsset'], quote),
      mid: reader.optionalPositive(`${path}.mid`, given['mid']),
      feePrice: reader.optionalPositive(`${path}.feePrice`, given['feePrice']),
    };
  });
}

/** Reads single fields and collects what is wrong with them; a field in error reads as zero. */
class FieldReader {
  readonly problems: FieldProblem[];
  constructor(problems: FieldProblem[]) {
    this.problems = problems;
  }

  refuseUnknown(path: string, given: Readonly<Record<string, unknown>>, known: readonly string[]): void {
    for (const name of Object.keys(given).filter((key) => !known.includes(key))) {
      this.problems.push({
        field: path + name,
        value: given[name],
        message: `unknown field; known: ${known.join(', ')}`,
      });
    }
  }

  text(field: string, value: unknown, fallback: string): string {
    if (value === undefined || value === null) return fallback;
    if (typeof value === 'string' && value !== '') return value;
    this.problems.push({ field, value, message: 'give a text' });
    return fallback;
  }

  number(field: string, value: unknown): Decimal {
    const text = typeof value === 'number' ? String(value) : value;
    if (isDecimal(text)) return text;
    this.problems.push({ field, value: value ?? null, message: 'give a plain decimal number as text, such as "12.5"' });
    return '0';
  }

  positive(field: string, value: unknown): Decimal {
    const before = this.problems.length;
    const number = this.number(field, value);
    if (this.problems.length === before && decimal(number).lte(0)) {
      this.problems.push({ field, value, message: 'give a number above 0' });
    }
    return number;
  }

  optionalPositive(field: string, value: unknown): Decimal | null {
    return value === undefined || value === null ? null : this.positive(field, value);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
