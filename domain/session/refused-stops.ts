import type { EpochMs } from '../market/decimal.ts';
import type { JournalEntry } from './journal.ts';
import type { PlacedOrder, WantedOrder } from './order.ts';
import type { EntryBlock } from './status.ts';

/** Code of the problem of a session whose position the venue does not protect. */
const STOP_NOT_PLACED = 'STOP_NOT_PLACED';

/** Protective stops that the venue keeps for others and has refused too often here: the session watches their prices meanwhile. */
export function refusedStops(wanted: readonly WantedOrder[], restsStops: boolean): readonly WantedOrder[] {
  return restsStops
    ? wanted.filter(
        ({ held, kind, purpose, isSpare }) =>
          held === 'session' && kind === 'stop' && purpose === 'stop-loss' && isSpare !== true,
      )
    : [];
}

export interface StopsSeen {
  readonly block: EntryBlock | null;
  readonly restsStops: boolean;
  readonly wanted: readonly WantedOrder[];
  readonly placed: readonly PlacedOrder[];
  readonly journal: readonly JournalEntry[];
  /** Our clock. */
  readonly now: EpochMs;
}

/**
 * The block of entries after a look at the stops: set while one is refused, and until the venue has it, or its trade is gone. What somebody else has
 * blocked stays as it is.
 */
export function blockByStops({ block, restsStops, wanted, placed, journal, now }: StopsSeen): EntryBlock | null {
  if (block !== null && block.reason !== 'ORDERS') return block;
  const refused = refusedStops(wanted, restsStops);
  if (refused.length > 0) {
    const detail = `${refused.map((stop) => told(stop, journal)).join('; ')}. Until the venue takes it, its price is watched and the position is sold at market once that is reached; it is sent again every minute, and nothing is opened`;
    return { reason: 'ORDERS', problem: { code: STOP_NOT_PLACED, detail }, since: block?.since ?? now };
  }
  const stops = wanted.filter(({ purpose, held }) => purpose === 'stop-loss' && held === 'venue');
  const isThere = (stop: WantedOrder): boolean =>
    placed.some(({ order, version, state }) => order === stop.order && version === stop.version && state === 'working');
  return stops.every(isThere) ? null : block;
}

/** In the venue's words. */
function told({ order, symbol, quantity, stop }: WantedOrder, journal: readonly JournalEntry[]): string {
  const last = journal.findLast(({ event }) => event.kind === 'ended' && event.order === order)?.event;
  const problem = last?.kind === 'ended' ? last.problem : null;
  const why = problem === null ? 'it ended there' : `${problem.code}: ${problem.detail}`;
  return `the stop of ${quantity} ${symbol} at ${stop} cannot be placed (${why})`;
}
