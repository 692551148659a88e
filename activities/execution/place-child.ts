import type { Intent, NewDecision, OrderTransaction } from '../../adapters/ports/order-ledger.ts';
import type { CarryReason, ChildDecision } from '../../domain/execution/algorithm.ts';
import { lastingDenial } from '../../domain/execution/lasting-denial.ts';
import type { ChildCommand, Problem } from '../../domain/execution/commands.ts';
import { isReduceOnly } from '../../domain/execution/style.ts';
import { compare, type Decimal, type DurationMs } from '../../domain/market/decimal.ts';
import type { GateInput } from '../../domain/risk/gate-input.ts';
import { heldBack } from '../../domain/risk/held-back.ts';
import { judge } from '../../domain/risk/gate.ts';
import { sumAtRates } from '../../domain/risk/notional.ts';
import { assess, type Situation } from './assess-child.ts';
import { carryDetail, decisionRecord, denialProblem, keyOf, newIntent, stopPriceOf } from './child-records.ts';
import type { AccountDependencies } from './dependencies.ts';

/**
 * How long one look at the balances serves all orders of an account. On Binance it costs as much of the request budget as twenty orders. What our own
 * orders may have taken since is held back, so that only what others do with the account goes unseen for so long; and then the venue refuses.
 */
const SHARED_BALANCES_MS: DurationMs = 2_000;

/** What came of a decision: an intent that must now be sent, or a reason why nothing is. */
export type Placement =
  | { readonly kind: 'intent'; readonly intent: Intent }
  | { readonly kind: 'carried'; readonly problem: Problem }
  /** `isLasting`: the same order would be denied whenever it is tried. */
  | { readonly kind: 'denied'; readonly problem: Problem; readonly isLasting: boolean };

/**
 * How long after one look the next is taken by orders for which money is missing. Without it an account that is short would spend its request budget on
 * looks, one for each child, and none would be left for its orders.
 */
const NEXT_LOOK_AFTER_MS: DurationMs = 1_000;

/**
 * Steps 1 and 2 of the order protocol: decide price and size on the market as it is now, and in one transaction record the
 * decision, pass the risk gate, reserve exposure and write down the intent. Nothing is sent here.
 */
export async function placeChild(deps: AccountDependencies, command: ChildCommand): Promise<Placement> {
  const began = deps.clock.now();
  const placement = await placeOn(deps, command, SHARED_BALANCES_MS, true);
  if ('kind' in placement) return placement;
  // What is held back on shared balances may count twice: they can only be too low. Money is missing once a look says so that began after this child.
  await deps.wait(Math.max(1, NEXT_LOOK_AFTER_MS - placement.looked));
  const since = Math.min(SHARED_BALANCES_MS, Math.max(0, deps.clock.now() - began));
  return (await placeOn(deps, command, since, false)) as Placement;
}

/** Nothing was written down: all that stands in the way are balances that were asked for so long ago, for another order. */
interface Short {
  readonly looked: DurationMs;
}

async function placeOn(
  deps: AccountDependencies,
  command: ChildCommand,
  balancesAgeMs: DurationMs,
  mayLookAgain: boolean,
): Promise<Placement | Short> {
  const situation = await assess(deps, command, balancesAgeMs);
  const { decision, funds } = situation;
  return deps.ledger.orderTransaction(command.plan.venue, async (transaction) => {
    const earlier = await transaction.findDecision(keyOf(command));
    if (earlier !== null) return asDecidedBefore(command, earlier);
    const carried = async (reason: CarryReason): Promise<Placement> => {
      await transaction.recordDecision(decisionRecord(command, situation, 'carry', reason));
      return { kind: 'carried', problem: { code: reason, detail: carryDetail(command, reason, situation) } };
    };
    // From the amendment's commit on, its quantity, end and limit hold for every order that is not written down yet.
    const amendment = await transaction.amendmentNumber(command.plan.executionId);
    if (amendment !== command.amendment) return carried('AMENDED');
    await mustStand(transaction, command, situation);
    if (decision.action === 'carry') return carried(decision.reason);
    const facts = await transaction.gateFacts(deps.clock.now(), funds.ageMs());
    const held = (asset: 'base' | 'quote'): Decimal => {
      const name = situation.instrument[asset];
      return heldBack(facts.reserved[name] ?? '0', facts.resting[name] ?? '0', situation.locked[asset]);
    };
    const verdict = judge(
      gateInput(deps, command, situation, {
        halts: facts.halts,
        reserved: { base: held('base'), quote: held('quote') },
        openNotional: sumAtRates(facts.openNotional, deps.risk.gate.quoteRates),
        recentOrders: facts.recentOrders,
        reducible: isReduceOnly(command.plan) ? await transaction.reducible(command.plan.executionId) : null,
      }),
    );
    if (!verdict.allowed) {
      const isShort = verdict.denials.every(({ code }) => code === 'BALANCE_INSUFFICIENT');
      if (mayLookAgain && funds.shared && isShort) return { looked: funds.ageMs() };
      const lasting = lastingDenial(command.plan, verdict.denials, deps.risk.gate);
      const problem = denialProblem(verdict, lasting);
      await transaction.recordDecision(decisionRecord(command, situation, 'deny', problem.code));
      return { kind: 'denied', problem, isLasting: lasting !== null };
    }
    await transaction.recordDecision(decisionRecord(command, situation, 'send', null));
    const intent = newIntent(deps, command, situation, decision);
    await transaction.insertIntent(intent);
    const { reserve: _, ...written } = intent;
    return {
      kind: 'intent',
      intent: { ...written, state: 'sending', filled: '0', venueOrderId: null, problem: null, retryable: true },
    };
  });
}

/** An attempt that was thought dead may wake up after another has decided: the first decision stands, whichever is later. */
function asDecidedBefore(command: ChildCommand, { action, reason }: Pick<NewDecision, 'action' | 'reason'>): Placement {
  const problem = { code: reason ?? 'DECIDED', detail: `slice ${command.slice} had been decided before` };
  switch (action) {
    case 'carry':
      return { kind: 'carried', problem };
    case 'deny':
      return { kind: 'denied', problem, isLasting: false };
    case 'send':
      throw new Error(`another attempt has written down the order of slice ${command.slice}: looking it up next`);
    default:
      return action satisfies never;
  }
}

/** The size was decided on a position read before the transaction; if it has changed since, the size is wrong. */
async function mustStand(
  transaction: OrderTransaction,
  { plan }: ChildCommand,
  { position }: Situation,
): Promise<void> {
  const now = await transaction.position(plan.executionId);
  if (compare(now.filled, position.filled) === 0 && compare(now.open, position.open) === 0) return;
  throw new Error(
    `the execution has moved on from ${position.filled} filled and ${position.open} open to ${now.filled} and ${now.open}: deciding again`,
  );
}

function gateInput(
  deps: AccountDependencies,
  { plan }: ChildCommand,
  { decision, instrument, quote, balances }: Situation & { decision: ChildDecision },
  facts: Pick<GateInput, 'halts' | 'reserved' | 'openNotional' | 'recentOrders' | 'reducible'>,
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
      stopPrice: stopPriceOf(decision),
      reduceOnly: isReduceOnly(plan),
    },
    quote,
    balances,
    feeRate: deps.risk.feeRate,
    config: deps.risk.gate,
    ...facts,
  };
}
