import type { Intent, NewDecision, NewIntent } from '../../adapters/ports/order-ledger.ts';
import type { Balance } from '../../adapters/ports/venue.ts';
import type { CarryReason, ChildDecision } from '../../domain/execution/algorithm.ts';
import type { ChildCommand, Problem } from '../../domain/execution/commands.ts';
import { findAlgorithm } from '../../domain/execution/registry.ts';
import { decimal, toText } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { midOf, type Quote } from '../../domain/market/quote.ts';
import { clientOrderId } from '../../domain/orders/client-order-id.ts';
import type { AssetAmounts, GateInput } from '../../domain/risk/gate-input.ts';
import { judge } from '../../domain/risk/gate.ts';
import { needOf } from '../../domain/risk/limits/balance.ts';
import type { Verdict } from '../../domain/risk/verdict.ts';
import type { AccountDependencies } from './dependencies.ts';

/** What came of a decision: an intent that must now be sent, or a reason why nothing is. */
export type Placement =
  | { readonly kind: 'intent'; readonly intent: Intent }
  | { readonly kind: 'carried'; readonly problem: Problem }
  | { readonly kind: 'denied'; readonly problem: Problem };

interface Situation {
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly mid: string;
  readonly balances: AssetAmounts;
  readonly decision: ChildDecision;
}

/**
 * Steps 1 and 2 of the order protocol: decide price and size on the market as it is now, and in one transaction record the
 * decision, pass the risk gate, reserve exposure and write down the intent. Nothing is sent here.
 */
export async function placeChild(deps: AccountDependencies, command: ChildCommand): Promise<Placement> {
  const situation = await assess(deps, command);
  const { decision } = situation;
  return deps.ledger.orderTransaction(command.plan.venue, async (transaction) => {
    if (decision.action === 'carry') {
      await transaction.recordDecision(decisionRecord(command, situation, 'carry', decision.reason));
      return {
        kind: 'carried',
        problem: { code: decision.reason, detail: carryDetail(command, decision.reason, situation) },
      };
    }
    const facts = await transaction.gateFacts();
    const reserved = {
      base: facts.reserved[situation.instrument.base] ?? '0',
      quote: facts.reserved[situation.instrument.quote] ?? '0',
    };
    const verdict = judge(gateInput(deps, command, situation, { halts: facts.halts, reserved }));
    if (!verdict.allowed) {
      const problem = denialProblem(verdict);
      await transaction.recordDecision(decisionRecord(command, situation, 'deny', problem.code));
      return { kind: 'denied', problem };
    }
    await transaction.recordDecision(decisionRecord(command, situation, 'send', null));
    const intent = newIntent(deps, command, situation, decision);
    await transaction.insertIntent(intent);
    const { reserve: _, ...written } = intent;
    return { kind: 'intent', intent: { ...written, state: 'sending', filled: '0', venueOrderId: null, problem: null } };
  });
}

async function assess(deps: AccountDependencies, command: ChildCommand): Promise<Situation> {
  const { plan } = command;
  const algorithm = findAlgorithm(plan.algo);
  if (algorithm === undefined) throw new RangeError(`there is no execution algorithm "${plan.algo}"`);
  const [instrument, balances, position] = await Promise.all([
    deps.instrumentOf(plan.symbol),
    deps.account.balances(),
    deps.ledger.position(plan.executionId),
  ]);
  // Read last, so that it is as fresh as it can be when the gate looks at its age.
  const quote = await deps.account.quote(plan.symbol);
  const decision = algorithm.decide({
    plan,
    slice: command.child,
    target: command.target,
    previousTarget: command.previousTarget,
    finalTarget: command.finalTarget,
    filled: position.filled,
    open: position.open,
    instrument,
    quote,
  });
  return { instrument, quote, mid: midOf(quote), balances: freeAmounts(balances, instrument), decision };
}

function freeAmounts(balances: readonly Balance[], instrument: Instrument): AssetAmounts {
  const free = (asset: string): string => balances.find((balance) => balance.asset === asset)?.free ?? '0';
  return { base: free(instrument.base), quote: free(instrument.quote) };
}

function decisionRecord(
  command: ChildCommand,
  { decision, quote, mid }: Situation,
  action: NewDecision['action'],
  reason: string | null,
): NewDecision {
  return {
    executionId: command.plan.executionId,
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

function gateInput(
  deps: AccountDependencies,
  { plan }: ChildCommand,
  { decision, instrument, quote, balances }: Situation & { decision: ChildDecision },
  facts: Pick<GateInput, 'halts' | 'reserved'>,
): GateInput {
  return {
    now: deps.account.venueNow(),
    order: {
      venue: plan.venue,
      symbol: plan.symbol,
      base: instrument.base,
      quote: instrument.quote,
      side: plan.side,
      quantity: decision.quantity,
      price: decision.action === 'send' ? decision.price : '0',
    },
    quote,
    balances,
    feeRate: deps.risk.feeRate,
    config: deps.risk.gate,
    ...facts,
  };
}

function newIntent(
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
    mid,
    reserve: { asset: need.asset, amount: toText(need.amount) },
    signedAt: deps.account.venueNow(),
    sentAt: deps.clock.now(),
    notAfter: command.notAfter,
  };
}

function carryDetail({ plan, child }: ChildCommand, reason: CarryReason, { decision, quote }: Situation): string {
  switch (reason) {
    case 'BEYOND_LIMIT':
      return `slice ${child}: the market (${quote.bid} / ${quote.ask}) is beyond the limit ${plan.limit}; ${decision.quantity} wait`;
    case 'BELOW_MINIMUM':
      return `slice ${child}: ${decision.quantity} is below the venue's minimum order and waits for the next slice`;
    case 'ON_SCHEDULE':
      return `slice ${child}: nothing to do, the execution is on schedule`;
    default:
      return reason satisfies never;
  }
}

function denialProblem(verdict: Extract<Verdict, { allowed: false }>): Problem {
  return {
    code: verdict.denials[0].code,
    detail: verdict.denials.map((denial) => denial.message).join(' '),
  };
}
