import type { ExecutionPosition } from '../../adapters/ports/order-ledger.ts';
import type { Balance } from '../../adapters/ports/venue.ts';
import type { ChildDecision } from '../../domain/execution/algorithm.ts';
import type { ChildCommand } from '../../domain/execution/commands.ts';
import { findAlgorithm } from '../../domain/execution/registry.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { midOf, type Quote } from '../../domain/market/quote.ts';
import type { AssetAmounts } from '../../domain/risk/gate-input.ts';
import type { AccountDependencies } from './dependencies.ts';

/** The market and the account as one child was decided on them, and the decision. */
export interface Situation {
  readonly instrument: Instrument;
  readonly quote: Quote;
  readonly mid: string;
  readonly balances: AssetAmounts;
  readonly position: ExecutionPosition;
  readonly decision: ChildDecision;
}

/** Step 1 of the order protocol: reads market, balances and position, and lets the algorithm decide price and size. */
export async function assess(deps: AccountDependencies, command: ChildCommand): Promise<Situation> {
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
    slice: command.slice,
    target: command.target,
    previousTarget: command.previousTarget,
    finalTarget: command.finalTarget,
    filled: position.filled,
    open: position.open,
    instrument,
    quote,
  });
  return { instrument, quote, mid: midOf(quote), balances: freeAmounts(balances, instrument), position, decision };
}

function freeAmounts(balances: readonly Balance[], instrument: Instrument): AssetAmounts {
  const free = (asset: string): string => balances.find((balance) => balance.asset === asset)?.free ?? '0';
  return { base: free(instrument.base), quote: free(instrument.quote) };
}
