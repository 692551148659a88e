import type { ChildKey, NewDecision, NewIntent } from '../../adapters/ports/order-ledger.ts';
import { type CarryReason, type ChildDecision, orderModeOf } from '../../domain/execution/algorithm.ts';
import type { ChildCommand, Problem } from '../../domain/execution/commands.ts';
import { type Decimal, decimal, toText } from '../../domain/market/decimal.ts';
import { clientOrderId } from '../../domain/orders/client-order-id.ts';
import { needOf } from '../../domain/risk/limits/balance.ts';
import type { Denial, Verdict } from '../../domain/risk/verdict.ts';
import type { Situation } from './assess-child.ts';
import type { AccountDependencies } from './dependencies.ts';

/** What names a child on record. */
export function keyOf({ plan, child, attempt }: ChildCommand): ChildKey {
  return { executionId: plan.executionId, child, attempt };
}

/** The decision on one child as it is kept, whether or not an order comes of it. */
export function decisionRecord(
  command: ChildCommand,
  { decision, quote, mid }: Situation,
  action: NewDecision['action'],
  reason: string | null,
): NewDecision {
  return {
    executionId: command.plan.executionId,
    slice: command.slice,
    child: command.child,
    attempt: command.attempt,
    dueAt: command.dueAt,
    decidedAt: quote.at,
    target: command.target,
    action,
    reason,
    quantity: decision.quantity,
    price: decision.action === 'send' ? decision.price : null,
    bid: quote.bid,
    ask: quote.ask,
    mid,
  };
}

/** The order as it is written down before it is sent: signed now, reserving what it can cost at most. */
export function newIntent(
  deps: AccountDependencies,
  command: ChildCommand,
  { instrument, mid }: Situation,
  decision: Extract<ChildDecision, { action: 'send' }>,
): NewIntent {
  const { plan, child, attempt } = command;
  const need = needOf(
    {
      side: plan.side,
      base: instrument.base,
      quote: instrument.quote,
      quantity: decision.quantity,
      price: decision.price,
    },
    decimal(deps.risk.feeRate),
  );
  return {
    executionId: plan.executionId,
    child,
    attempt,
    clientOrderId: clientOrderId(plan.executionId, child, attempt, deps.sha256),
    venue: plan.venue,
    symbol: plan.symbol,
    side: plan.side,
    price: decision.price,
    quantity: decision.quantity,
    mode: orderModeOf(decision),
    stopPrice: stopPriceOf(decision),
    mid,
    reserve: { asset: need.asset, amount: toText(need.amount) },
    signedAt: deps.account.venueNow(),
    sentAt: deps.clock.now(),
    notAfter: command.notAfter,
  };
}

/** Trigger of the order that a decision sends; `null` where it has none. */
export function stopPriceOf(decision: ChildDecision): Decimal | null {
  return decision.action === 'send' && 'stopPrice' in decision ? decision.stopPrice : null;
}

/** Why nothing is sent now, in a sentence with the numbers. */
export function carryDetail(
  { plan, slice }: ChildCommand,
  reason: CarryReason,
  { decision, quote, participation }: Situation,
): string {
  switch (reason) {
    case 'BEYOND_LIMIT':
      return `slice ${slice}: the market (${quote.bid} / ${quote.ask}) is beyond the limit ${plan.limit}; ${decision.quantity} wait`;
    case 'BELOW_MINIMUM':
      return `slice ${slice}: ${decision.quantity} is below the venue's minimum order and waits for the next slice`;
    case 'ON_SCHEDULE':
      return `slice ${slice}: nothing to do, the execution is on schedule`;
    case 'PARTICIPATION_CAP':
      return `slice ${slice}: ${decision.quantity} would be more than the share ${plan.params['maxParticipation']} of the market's volume, of which ${participation.kind === 'bounded' ? participation.cap : '0'} is left; it waits`;
    case 'VOLUME_UNKNOWN':
      return `slice ${slice}: ${decision.quantity} wait, since the market's volume is not known${participation.kind === 'unknown' ? `: ${participation.reason}` : ''}`;
    case 'NO_POST_ONLY':
      return `slice ${slice}: the venue takes no post-only orders; ${decision.quantity} wait until it is time to cross`;
    case 'NO_STOP_ORDERS':
      return `the venue takes no stop orders; the stop at ${plan.params['stopPrice']} was not sent`;
    case 'AMENDED':
      return `slice ${slice}: the execution was amended meanwhile; nothing is sent on the older plan`;
    default:
      return reason satisfies never;
  }
}

/** All that the gate objects to, under the code of `foremost`, else of the first objection. */
export function denialProblem({ denials }: Extract<Verdict, { allowed: false }>, foremost: Denial | null): Problem {
  return {
    code: (foremost ?? denials[0]).code,
    detail: denials.map((denial) => denial.message).join(' '),
  };
}
