import Big from 'big.js';
import { type Decimal, decimal, toText } from '../../market/decimal.ts';
import { type Side, signOf } from '../../orders/order.ts';
import type { Reasons } from './reasons.ts';
import { BPS_DECIMALS, roundedQuotient } from './rounding.ts';

/** One fill as the shortfall sees it. */
export interface CostedFill {
  readonly tradeId: string;
  /** Quote per base. */
  readonly price: Decimal;
  /** Base. */
  readonly quantity: Decimal;
  /** Positive = paid, in `feeAsset`. */
  readonly fee: Decimal;
  readonly feeAsset: string;
  /** Mid of the book at the fill, in quote per base: converts a fee in base, and splits spread from timing. */
  readonly mid: Decimal | null;
  /** Mid at the fill of a third fee asset, in quote per unit of it. Needed only where `feeAsset` is neither base nor quote. */
  readonly feePrice?: Decimal | null;
}

export interface ShortfallInput {
  readonly side: Side;
  readonly base: string;
  readonly quote: string;
  /** Q: what was ordered, in base. */
  readonly ordered: Decimal;
  /** p_d: mid when the execution was accepted. */
  readonly decision: Decimal | null;
  /** p_0: mid at the first slice. */
  readonly arrival: Decimal | null;
  /** p_c: mid when the execution ended; prices what was not filled. */
  readonly end: Decimal | null;
  readonly fills: readonly CostedFill[];
}

/** The parts of a shortfall; positive = a cost. */
interface ShortfallParts {
  readonly delay: Decimal | null;
  readonly execution: Decimal | null;
  readonly opportunity: Decimal | null;
  readonly fees: Decimal | null;
}

/** Money is exact and in quote currency; figures in bps are of Q * p_d and rounded to 6 decimals. */
export interface Shortfall extends ShortfallParts {
  readonly quote: Decimal | null;
  readonly bps: Decimal | null;
  readonly partsBps: ShortfallParts;
  /** Part of `execution`: s * sum(q_k * (p_k - mid_k)), what crossing the spread and the instant impact cost. */
  readonly spread: Decimal | null;
  /** The rest of `execution`: s * sum(q_k * (mid_k - p_0)). One order cannot tell the market's drift from its own lasting impact. */
  readonly timing: Decimal | null;
  /** Why a field above is `null`. */
  readonly reasons: Reasons;
}

/**
 * Implementation shortfall: what an execution cost against having traded all of it at the decision mid, free of charge.
 *
 *     quote = s * [sum(q_k * (p_k - p_d)) + (Q - F) * (p_c - p_d)] + fees
 *           = s * F * (p_0 - p_d)                 delay
 *           + s * (sum(q_k * p_k) - F * p_0)      execution
 *           + s * (Q - F) * (p_c - p_d)           opportunity
 *           + fees                                fees
 *
 * with s = +1 for a buy, -1 for a sell, and F = sum(q_k). No money figure is computed through a rounded average, so the parts sum to
 * `quote` exactly. A fee in base is converted at the fill's mid, one in a third asset at its `feePrice`. A missing price makes only
 * those figures `null` that it multiplies with something other than zero.
 *
 * @see Perold, A. (1988), The implementation shortfall: paper versus reality, Journal of Portfolio Management 14(3).
 */
export function implementationShortfall(input: ShortfallInput): Shortfall {
  const sign = signOf(input.side);
  const ordered = decimal(input.ordered);
  const decision = input.decision === null ? null : decimal(input.decision);
  const arrival = input.arrival === null ? null : decimal(input.arrival);
  const end = input.end === null ? null : decimal(input.end);
  const { filled, notional } = totalsOf(input.fills);
  const residual = ordered.minus(filled);
  const reasons: Record<string, string> = {};
  const undefinedBecause = (field: string, reason: string): null => {
    reasons[field] = reason;
    return null;
  };
  let delay: Big | null = new Big(0);
  let execution: Big | null = new Big(0);
  if (!filled.eq(0)) {
    delay =
      arrival === null || decision === null
        ? undefinedBecause('delay', decision === null ? NO_MID.decision : NO_MID.arrival)
        : filled.times(arrival.minus(decision)).times(sign);
    execution =
      arrival === null
        ? undefinedBecause('execution', NO_MID.arrival)
        : notional.minus(filled.times(arrival)).times(sign);
  }
  let opportunity: Big | null = new Big(0);
  if (!residual.eq(0)) {
    opportunity =
      end === null || decision === null
        ? undefinedBecause('opportunity', decision === null ? NO_MID.decision : NO_MID.end)
        : residual.times(end.minus(decision)).times(sign);
  }
  const charged = feesInQuote(input);
  const fees = charged.defined ? charged.total : undefinedBecause('fees', charged.reason);

  const { spread, timing } = splitExecution(input, arrival, undefinedBecause);
  const total = totalOf({ sign, filled, notional, decision, opportunity, fees });
  if (total === null) {
    undefinedBecause('quote', reasons['opportunity'] ?? reasons['fees'] ?? NO_MID.decision);
  }

  const base = decision === null ? null : ordered.times(decision);
  const inBps = (field: string, money: Big | null, moneyField: string): Decimal | null => {
    if (money === null) return undefinedBecause(field, reasons[moneyField] ?? '');
    if (base === null) return undefinedBecause(field, NO_MID.decision);
    if (base.eq(0)) return undefinedBecause(field, 'ordered quantity times decision mid is zero');
    return roundedQuotient(money.times(10_000), base, BPS_DECIMALS);
  };
  const partsBps = {
    delay: inBps('partsBps.delay', delay, 'delay'),
    execution: inBps('partsBps.execution', execution, 'execution'),
    opportunity: inBps('partsBps.opportunity', opportunity, 'opportunity'),
    fees: inBps('partsBps.fees', fees, 'fees'),
  };
  return {
    quote: textOf(total),
    bps: inBps('bps', total, 'quote'),
    delay: textOf(delay),
    execution: textOf(execution),
    opportunity: textOf(opportunity),
    fees: textOf(fees),
    partsBps,
    spread: textOf(spread),
    timing: textOf(timing),
    reasons,
  };
}

const NO_MID = {
  decision: 'no mid is known for the moment of acceptance',
  arrival: 'no mid is known for the first slice',
  end: 'no mid is known for the end of the execution',
} as const;

/** F = sum(q_k) in base and sum(q_k * p_k) in quote, both exact. */
export function totalsOf(fills: readonly Pick<CostedFill, 'price' | 'quantity'>[]): { filled: Big; notional: Big } {
  let filled = new Big(0);
  let notional = new Big(0);
  for (const fill of fills) {
    const quantity = decimal(fill.quantity);
    filled = filled.plus(quantity);
    notional = notional.plus(decimal(fill.price).times(quantity));
  }
  return { filled, notional };
}

interface TotalInput {
  readonly sign: 1 | -1;
  readonly filled: Big;
  readonly notional: Big;
  readonly decision: Big | null;
  readonly opportunity: Big | null;
  readonly fees: Big | null;
}

/** The total by its definition, not by adding up the parts: it needs no arrival mid, and the parts can be checked against it. */
function totalOf({ sign, filled, notional, decision, opportunity, fees }: TotalInput): Big | null {
  if (opportunity === null || fees === null) return null;
  if (filled.eq(0)) return opportunity.plus(fees);
  if (decision === null) return null;
  return notional.minus(filled.times(decision)).times(sign).plus(opportunity).plus(fees);
}

type Charged = { readonly defined: true; readonly total: Big } | { readonly defined: false; readonly reason: string };

function feesInQuote({ base, quote, fills }: ShortfallInput): Charged {
  let total = new Big(0);
  for (const fill of fills) {
    const fee = decimal(fill.fee);
    if (fee.eq(0)) continue;
    const price = fill.feeAsset === quote ? '1' : fill.feeAsset === base ? fill.mid : (fill.feePrice ?? null);
    if (price === null) {
      return {
        defined: false,
        reason: `trade ${fill.tradeId} paid its fee in ${fill.feeAsset}, and no mid in ${quote} is known for it`,
      };
    }
    total = total.plus(fee.times(decimal(price)));
  }
  return { defined: true, total };
}

function splitExecution(
  { side, fills }: ShortfallInput,
  arrival: Big | null,
  undefinedBecause: (field: string, reason: string) => null,
): { spread: Big | null; timing: Big | null } {
  const sign = signOf(side);
  let spread = new Big(0);
  let timing: Big | null =
    arrival === null && fills.length > 0 ? undefinedBecause('timing', NO_MID.arrival) : new Big(0);
  for (const fill of fills) {
    if (fill.mid === null) {
      const reason = `no mid is known for trade ${fill.tradeId}`;
      return { spread: undefinedBecause('spread', reason), timing: undefinedBecause('timing', reason) };
    }
    const mid = decimal(fill.mid);
    const quantity = decimal(fill.quantity);
    spread = spread.plus(decimal(fill.price).minus(mid).times(quantity).times(sign));
    if (timing !== null && arrival !== null) timing = timing.plus(mid.minus(arrival).times(quantity).times(sign));
  }
  return { spread, timing };
}

function textOf(value: Big | null): Decimal | null {
  return value === null ? null : toText(value);
}
