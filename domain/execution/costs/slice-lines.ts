import { type Decimal, decimal, type DurationMs, type EpochMs, toText } from '../../market/decimal.ts';
import { PRICE_DECIMALS, roundedQuotient } from './rounding.ts';
import { type CostedFill, totalsOf } from './shortfall.ts';

/** What is on record about one slice of a schedule. */
export interface SliceRecord {
  /** Counts from 1. */
  readonly n: number;
  readonly dueAt: EpochMs;
  /** When its first order left us, `null` while none has; on the same clock as `dueAt`. */
  readonly sentAt: EpochMs | null;
  /** Cumulative target of the schedule at this slice, in base. */
  readonly target: Decimal;
  /** What was sent for it, in base; `"0"` when nothing was. */
  readonly quantity: Decimal;
  readonly clientOrderIds: readonly string[];
  /** What became of it, for people, e.g. why nothing was sent; `null` when there is nothing to say. */
  readonly note: string | null;
}

/** One slice as the report shows it. */
export interface SliceLine {
  readonly n: number;
  readonly dueAt: string;
  readonly sentAt: string | null;
  /** `sentAt - dueAt`. */
  readonly latenessMs: DurationMs | null;
  readonly target: Decimal;
  readonly quantity: Decimal;
  /** What its orders filled, in base. */
  readonly filled: Decimal;
  /** Rounded to 12 decimals; `null` when nothing filled. */
  readonly avgPrice: Decimal | null;
  readonly clientOrderIds: readonly string[];
  readonly note: string | null;
}

/** The slices in order of their number, each with what its orders filled. */
export function sliceLines(
  slices: readonly SliceRecord[],
  fills: readonly (Pick<CostedFill, 'price' | 'quantity'> & { readonly clientOrderId: string })[],
): SliceLine[] {
  const fillsOf = new Map<string, (typeof fills)[number][]>();
  for (const fill of fills) fillsOf.set(fill.clientOrderId, [...(fillsOf.get(fill.clientOrderId) ?? []), fill]);
  return slices
    .toSorted((a, b) => a.n - b.n)
    .map((slice) => {
      const { filled, notional } = totalsOf(slice.clientOrderIds.flatMap((id) => fillsOf.get(id) ?? []));
      return {
        n: slice.n,
        dueAt: new Date(slice.dueAt).toISOString(),
        sentAt: slice.sentAt === null ? null : new Date(slice.sentAt).toISOString(),
        latenessMs: slice.sentAt === null ? null : slice.sentAt - slice.dueAt,
        target: toText(decimal(slice.target)),
        quantity: toText(decimal(slice.quantity)),
        filled: toText(filled),
        avgPrice: filled.eq(0) ? null : roundedQuotient(notional, filled, PRICE_DECIMALS),
        clientOrderIds: slice.clientOrderIds,
        note: slice.note,
      };
    });
}
