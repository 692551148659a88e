import type { ExecutionPosition } from '../../adapters/ports/order-ledger.ts';
import type { Balance, RecentBalances } from '../../adapters/ports/venue.ts';
import type { ChildDecision } from '../../domain/execution/algorithm.ts';
import type { ChildCommand } from '../../domain/execution/commands.ts';
import type { Decimal, DurationMs } from '../../domain/market/decimal.ts';
import type { Participation } from '../../domain/execution/participation.ts';
import { findAlgorithm } from '../../domain/execution/registry.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { midOf, type Quote } from '../../domain/market/quote.ts';
import type { AssetAmounts } from '../../domain/risk/gate-input.ts';
import type { AccountDependencies } from './dependencies.ts';
import { participationOf } from './participation.ts';

/** The market and the account as one child was decided on them, and the decision. */
export interface Situation {
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly mid: string;
  /** Free at the venue. */
  readonly balances: AssetAmounts;
  /** Locked there by open orders, whosever they are. */
  readonly locked: AssetAmounts;
  /** What `balances` were read from, and how long ago. */
  readonly funds: Pick<RecentBalances, 'shared' | 'ageMs'>;
  readonly position: ExecutionPosition;
  readonly participation: Participation;
  readonly decision: ChildDecision;
}

/**
 * Step 1 of the order protocol: reads market, balances and position, and lets the algorithm decide price and size.
 *
 * @param balancesAgeMs how old the balances may be at most; 0 for a look of its own
 */
export async function assess(
  deps: AccountDependencies,
  command: ChildCommand,
  balancesAgeMs: DurationMs,
): Promise<Situation> {
  const { plan } = command;
  const algorithm = findAlgorithm(plan.algo);
  if (algorithm === undefined) throw new RangeError(`there is no execution algorithm "${plan.algo}"`);
  const [instrument, funds, position, participation] = await Promise.all([
    deps.instrumentOf(plan.symbol),
    deps.account.recentBalances(balancesAgeMs),
    deps.ledger.position(plan.executionId),
    participationOf(deps, command),
  ]);
  // Read last, so that it is as fresh as it can be when the gate looks at its age.
  const quote = await deps.account.quote(plan.symbol);
  const decision = algorithm.decide({
    plan,
    slice: command.slice,
    role: command.role,
    canRest: deps.account.hasPostOnly,
    canStop: deps.account.hasStopOrders,
    participation,
    target: command.target,
    previousTarget: command.previousTarget,
    finalTarget: command.finalTarget,
    filled: position.filled,
    open: position.open,
    instrument,
    quote,
  });
  const amounts = (part: 'free' | 'locked'): AssetAmounts => ({
    base: amountOf(funds.balances, instrument.base, part),
    quote: amountOf(funds.balances, instrument.quote, part),
  });
  const [balances, locked] = [amounts('free'), amounts('locked')];
  return { instrument, quote, mid: midOf(quote), balances, locked, funds, position, participation, decision };
}

function amountOf(balances: readonly Balance[], asset: string, part: 'free' | 'locked'): Decimal {
  return balances.find((balance) => balance.asset === asset)?.[part] ?? '0';
}
