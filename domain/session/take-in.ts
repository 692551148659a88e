import Big from 'big.js';
import type { Problem } from '../execution/commands.ts';
import { type Decimal, toText } from '../market/decimal.ts';
import type { JournalEntry, SessionEvent } from './journal.ts';
import type { PlacedOrder } from './order.ts';

/** How the execution of an order stands in the order ledger: sums over all its trades so far. */
export interface OrderProgress {
  readonly executionId: string;
  readonly filled: Decimal;
  /** Sum of price times quantity. */
  readonly notional: Decimal;
  readonly feeBase: Decimal;
  readonly feeQuote: Decimal;
  /** Fees in neither asset, by asset: they are in no book, and told. */
  readonly otherFees: Readonly<Record<string, Decimal>>;
  /** Number of trades. */
  readonly fills: number;
  readonly allMaker: boolean;
  readonly atVenue: boolean;
  readonly final: {
    readonly status: 'completed' | 'cancelled' | 'expired' | 'failed';
    readonly problem: Problem | null;
  } | null;
}

/** What of it the journal does not have yet. */
export interface Intake {
  readonly events: readonly SessionEvent[];
  /** Execution ids that the venue has, and that will trade no more. */
  readonly working: readonly string[];
  readonly ended: readonly string[];
  /** Those that have traded all that they were to: there is nothing left to cancel. */
  readonly complete: readonly string[];
  readonly taken: readonly { readonly executionId: string; readonly quantity: Decimal; readonly fills: number }[];
}

interface Sums {
  readonly quantity: Big;
  readonly notional: Big;
  readonly feeBase: Big;
  readonly feeQuote: Big;
  readonly otherFees: Readonly<Record<string, Big>>;
}

const ZERO = new Big(0);
const NOTHING: Sums = { quantity: ZERO, notional: ZERO, feeBase: ZERO, feeQuote: ZERO, otherFees: {} };
/** Decimals that a price in the journal has at most. */
const PRICE_DECIMALS = 18;

/**
 * Turns how orders stand into what has happened to them since the journal was written: sells before buys, so that what is sold can pay for what is bought.
 * Taking in the same again gives nothing.
 */
export function takeIn(
  placed: readonly PlacedOrder[],
  progress: readonly OrderProgress[],
  journal: readonly JournalEntry[],
): Intake {
  const known = new Map(progress.map((each) => [each.executionId, each]));
  const taken = takenBefore(journal);
  const intake = {
    events: [] as SessionEvent[],
    working: [] as string[],
    ended: [] as string[],
    complete: [] as string[],
  };
  const counted: { executionId: string; quantity: Decimal; fills: number }[] = [];
  for (const order of inOrder(placed)) {
    const now = known.get(order.executionId);
    if (now === undefined) continue;
    const execution = executionSince(order, now, taken.get(keyOf(order)) ?? NOTHING);
    if (execution !== null) {
      intake.events.push(execution);
      counted.push({ executionId: order.executionId, quantity: now.filled, fills: now.fills });
    }
    if (new Big(now.filled).gte(order.quantity)) intake.complete.push(order.executionId);
    if (order.state === 'ended') continue;
    if (now.final !== null) {
      const { order: number, version } = order;
      const { status, problem } = now.final;
      intake.events.push({
        kind: 'ended',
        order: number,
        version,
        status: status === 'completed' ? 'filled' : status,
        problem,
      });
      intake.ended.push(order.executionId);
    } else if (order.state === 'open' && now.atVenue) intake.working.push(order.executionId);
  }
  return { ...intake, taken: counted };
}

function inOrder(placed: readonly PlacedOrder[]): readonly PlacedOrder[] {
  return placed.toSorted(
    (a, b) => Number(a.side === 'buy') - Number(b.side === 'buy') || a.order - b.order || a.version - b.version,
  );
}

function keyOf({ order, version }: { readonly order: number; readonly version: number }): string {
  return `${order}.${version}`;
}

function takenBefore(journal: readonly JournalEntry[]): ReadonlyMap<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { event } of journal) {
    if (event.kind !== 'execution') continue;
    const before = sums.get(keyOf(event)) ?? NOTHING;
    sums.set(keyOf(event), {
      quantity: before.quantity.plus(event.quantity),
      notional: before.notional.plus(new Big(event.quantity).times(event.price)),
      feeBase: before.feeBase.plus(event.feeBase),
      feeQuote: before.feeQuote.plus(event.feeQuote),
      otherFees: Object.entries(event.otherFees ?? {}).reduce(
        (all, [asset, fee]) => ({ ...all, [asset]: (all[asset] ?? ZERO).plus(fee) }),
        before.otherFees,
      ),
    });
  }
  return sums;
}

/** The trades that came since as one. The price is that of the sum, so that rounding one entry is made good by the next. */
function executionSince({ order, version }: PlacedOrder, now: OrderProgress, before: Sums): SessionEvent | null {
  const quantity = new Big(now.filled).minus(before.quantity);
  if (quantity.lte(0)) return null;
  const otherFees = Object.entries(now.otherFees).flatMap(([asset, fee]): [string, Decimal][] => {
    const more = new Big(fee).minus(before.otherFees[asset] ?? 0);
    return more.eq(0) ? [] : [[asset, toText(more)]];
  });
  return {
    kind: 'execution',
    order,
    version,
    quantity: toText(quantity),
    price: toText(new Big(now.notional).minus(before.notional).div(quantity).round(PRICE_DECIMALS)),
    feeBase: toText(new Big(now.feeBase).minus(before.feeBase)),
    feeQuote: toText(new Big(now.feeQuote).minus(before.feeQuote)),
    ...(otherFees.length === 0 ? {} : { otherFees: Object.fromEntries(otherFees) }),
    maker: now.allMaker,
  };
}
