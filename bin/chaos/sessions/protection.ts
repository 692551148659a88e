import Big from 'big.js';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import type { Finding } from '../judge.ts';
import type { SessionEvidence } from './evidence.ts';
import { heldBy } from './holdings.ts';
import { firstOf, type Interval, lengthOf, without } from './interval.ts';

/** How long a position may be without its stop while nothing is down. */
const UNPROTECTED_AT_MOST_MS: DurationMs = 10_000;
/** As long as a session tries a marketable order: one that takes longer to leave has nothing that protects it. */
const EXIT_WITHIN_MS: DurationMs = 30_000;

/** Some time in which a session held more than its working stops would have sold. */
export interface Gap {
  readonly from: EpochMs;
  /** Without the time of exits, and that in which something was down. */
  readonly ms: DurationMs;
  /** Without the time of exits alone. */
  readonly wholeMs: DurationMs;
}

/**
 * The gaps in the protection of a session, by the exchange's ledger. What is too little to be an order needs no stop. The session's own exits take
 * their stop away first: their time does not count, 30 s of each at most, nor does time in which something was `down`.
 */
export function gapsOf(evidence: SessionEvidence, down: readonly Interval[]): readonly Gap[] {
  const exits = evidence.exits.flatMap(({ from, until }) => {
    const whole = { from, until: Math.max(from, until ?? evidence.readAt) };
    return firstOf(without([whole], down), EXIT_WITHIN_MS);
  });
  return unprotected(evidence).flatMap((gap) => {
    const wholeMs = lengthOf(without([gap], exits));
    if (wholeMs === 0) return [];
    return [{ from: gap.from, ms: lengthOf(without([gap], [...exits, ...down])), wholeMs }];
  });
}

/** One finding for each gap that was too long. */
export function unprotectedFindings(
  { sessionId, name }: Pick<SessionEvidence, 'sessionId' | 'name'>,
  gaps: readonly Gap[],
): readonly Finding[] {
  return gaps
    .filter(({ ms }) => ms > UNPROTECTED_AT_MOST_MS)
    .map(({ from, ms }) => ({
      executionId: sessionId,
      kind: 'unprotected',
      detail: `${name}: from ${new Date(from).toISOString()} on it held a position without a working stop for ${ms / 1_000} s in which nothing was down`,
    }));
}

/** Something of the ledger that changes what is held or what is protected. */
interface Change {
  readonly at: EpochMs;
  /** At one instant: stops are accepted, then trade, and end after that. */
  readonly rank: number;
  readonly apply: () => void;
}

/** When more was held than working stops would have sold, whatever the reason. */
function unprotected(evidence: SessionEvidence): readonly Interval[] {
  const { orders, fills, least, readAt } = evidence;
  const stops = new Map<string, Big>();
  let held = new Big(0);
  const changes: Change[] = fills.map((fill) => ({
    at: fill.at,
    rank: 1,
    apply: () => {
      held = held.plus(heldBy(fill));
      const stop = stops.get(fill.orderId);
      if (stop !== undefined) stops.set(fill.orderId, stop.minus(fill.quantity));
    },
  }));
  for (const { orderId, isStop, side, quantity, acceptedAt, endedAt } of orders) {
    if (!isStop || side !== 'sell') continue;
    changes.push({ at: acceptedAt, rank: 0, apply: () => stops.set(orderId, new Big(quantity)) });
    if (endedAt !== null) changes.push({ at: endedAt, rank: 2, apply: () => stops.delete(orderId) });
  }
  changes.sort((a, b) => a.at - b.at || a.rank - b.rank);

  const gaps: Interval[] = [];
  let since: EpochMs | null = null;
  for (const [i, { at, apply }] of changes.entries()) {
    apply();
    if (changes[i + 1]?.at === at) continue;
    const covered = [...stops.values()].reduce((sum, rest) => sum.plus(rest), new Big(0));
    const isBare = held.minus(covered).gt(least);
    if (isBare) since ??= at;
    else if (since !== null) {
      gaps.push({ from: since, until: at });
      since = null;
    }
  }
  if (since !== null) gaps.push({ from: since, until: Math.max(since, readAt) });
  return gaps;
}
