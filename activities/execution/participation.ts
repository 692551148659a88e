import { VenueReadError } from '../../adapters/ports/venue.ts';
import type { ChildCommand } from '../../domain/execution/commands.ts';
import { type Participation, participationCap } from '../../domain/execution/participation.ts';
import { numberParam } from '../../domain/execution/plan.ts';
import { type Decimal, type EpochMs, sumOf } from '../../domain/market/decimal.ts';
import type { AccountDependencies } from './dependencies.ts';

const SECOND_MS = 1_000;

/** Volume of a closed interval of venue time. */
interface Volume {
  readonly quantity: Decimal;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/**
 * What bounds a child by the market's volume over one slice interval: from the live tape the latest that it has whole, else from the venue's own the one that
 * ends now. A volume that neither gives complete is unknown and never guessed.
 */
export async function participationOf(deps: AccountDependencies, command: ChildCommand): Promise<Participation> {
  const { plan, slice, intervalMs } = command;
  const ratio = numberParam(plan, 'maxParticipation', 1);
  if (ratio >= 1) return { kind: 'unbounded' };
  // Whole seconds, as the live tape counts them.
  const to = Math.ceil(deps.account.venueNow() / SECOND_MS) * SECOND_MS;
  const from = to - Math.max(SECOND_MS, Math.ceil(intervalMs / SECOND_MS) * SECOND_MS);
  const tape = await volumeOf(deps, command, from, to);
  if ('reason' in tape) return { kind: 'unknown', reason: tape.reason };
  const [own, sliceFilled] = await Promise.all([
    // Over the very same time, so that the same trades are on both sides of the difference.
    deps.store.ownVolume(plan.venue, plan.symbol, tape.from, tape.to),
    deps.store.sliceFilled(plan.executionId, slice),
  ]);
  return { kind: 'bounded', cap: participationCap(ratio, { tape: tape.quantity, own, sliceFilled }) };
}

async function volumeOf(
  deps: AccountDependencies,
  { plan: { venue, symbol } }: ChildCommand,
  from: EpochMs,
  to: EpochMs,
): Promise<Volume | { readonly reason: string }> {
  const live = await deps.tape.volume(venue, symbol, from, to);
  if (live !== null) return live;
  const now = Math.min(to, deps.account.venueNow());
  try {
    const reading = await deps.account.tape(symbol, from, now);
    if (!reading.complete) return { reason: `no stream covers the last interval, and ${reading.reason}` };
    return { quantity: sumOf(reading.trades.map((trade) => trade.quantity)), from, to: now };
  } catch (error) {
    if (!(error instanceof VenueReadError)) throw error;
    return { reason: `no stream covers the last interval, and the venue gave no tape: ${error.message}` };
  }
}
