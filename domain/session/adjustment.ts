import Big from 'big.js';
import { type Decimal, decimal, toText } from '../market/decimal.ts';
import { suggestion } from '../parameters/closest-match.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { JournalEntry, SessionEvent } from './journal.ts';

export type Adjusted = Extract<SessionEvent, { readonly kind: 'adjusted' }>;

/** What a person asks to be put right: the session holds so much more, or less, than its books say. */
export interface AdjustmentRequest {
  readonly symbol: string;
  /** Base; negative when it holds less. */
  readonly quantity: Decimal;
  /** What it is booked at; `null` for the last mark. */
  readonly price: Decimal | null;
  readonly reason: string;
}

/** What an adjustment is held against. */
export interface AdjustedBooks {
  readonly symbols: readonly string[];
  /** As the last step left them; `null` before the first. */
  readonly books: {
    readonly positions: readonly {
      readonly symbol: string;
      readonly units: number;
      /** The units, exact; absent in books that were stored before it was told. */
      readonly quantity?: Decimal;
      readonly entryPrice: number | null;
      readonly mark: number | null;
    }[];
    readonly dust: Readonly<Record<string, Decimal>>;
  } | null;
  /** Adjustments that are on record and not in these books yet. */
  readonly pending: readonly Adjusted[];
}

/** What a session may come to hold of a symbol, in base and at the price in quote: more than any account has, and a slip of the keyboard. */
const MOST = new Big(10).pow(15);

export type Adjustment =
  | { readonly ok: true; readonly event: Adjusted }
  | { readonly ok: false; readonly problem: FieldProblem };

/** The journal entry of an adjustment, or why the books cannot take it: what is taken out has to be in them, in trades or as dust. */
export function adjustmentOf(
  { symbol, quantity, price, reason }: AdjustmentRequest,
  { symbols, books, pending }: AdjustedBooks,
): Adjustment {
  const refuse = (field: string, value: unknown, message: string): Adjustment => ({
    ok: false,
    problem: { field, value, message },
  });
  if (!symbols.includes(symbol))
    return refuse('symbol', symbol, `the session does not trade it; ${suggestion(symbol, symbols)}`);
  const change = decimal(quantity);
  if (change.eq(0)) return refuse('quantity', quantity, 'give how much more it holds, or less with a minus sign');
  const position = books?.positions.find((each) => each.symbol === symbol);
  const inTrades = new Big(position?.quantity ?? position?.units ?? 0);
  const dust = new Big(books?.dust[symbol] ?? 0);
  const waiting = pending
    .filter((each) => each.symbol === symbol)
    .reduce((sum, each) => sum.plus(each.quantity), new Big(0));
  const held = inTrades.plus(dust).plus(waiting);
  if (held.plus(change).lt(0)) {
    const parts = [`${toText(inTrades)} in trades`, `${toText(dust)} left by rounding`];
    if (!waiting.eq(0)) parts.push(`${toText(waiting)} of adjustments that are not booked yet`);
    const least = held.gt(0) ? `give at least ${toText(held.neg())}` : 'there is nothing to take out';
    return refuse('quantity', quantity, `by its books it holds ${toText(held)} (${parts.join(', ')}): ${least}`);
  }
  const mark = position?.mark ?? position?.entryPrice ?? null;
  const booked = price ?? (mark === null ? null : toText(new Big(mark)));
  if (booked === null)
    return refuse('price', null, 'the session has no price of it yet: give the one that the change is to be booked at');
  if (decimal(booked).lte(0)) return refuse('price', booked, 'give a price above 0');
  // What takes out may always: that is how a slip of before is put right.
  const after = held.plus(change);
  if (change.gt(0) && after.gte(MOST))
    return refuse('quantity', quantity, `it would hold ${toText(after)} then: give less, up to 10^15 together`);
  if (change.gt(0) && after.times(booked).gte(MOST)) {
    const message = `what it holds would be worth ${toText(after.times(booked))} at ${booked}: give less, up to 10^15 together`;
    return decimal(booked).gte(MOST) ? refuse('price', booked, message) : refuse('quantity', quantity, message);
  }
  return {
    ok: true,
    event: { kind: 'adjusted', symbol, quantity: toText(change), price: toText(decimal(booked)), reason },
  };
}

/** How far the journal is in books as they are stored: a fold says it with its print, and a stop that takes no fold says it itself. */
export interface Booked {
  readonly bookedUpTo?: number;
  readonly fold?: { readonly seq: number };
}

/** The last entry of the journal whose adjustment is in these books. Those that were stored before a print was told have all up to the session's `seq`. */
export function bookedUpTo(books: Booked | null, seq: number): number {
  if (books === null) return 0;
  return books.bookedUpTo ?? books.fold?.seq ?? seq;
}

/** Adjustments on record that are not in books which have the journal up to that entry. */
export function pendingAdjustments(journal: readonly JournalEntry[], booked: number): readonly Adjusted[] {
  return journal.flatMap(({ seq, event }) => (seq > booked && event.kind === 'adjusted' ? [event] : []));
}
