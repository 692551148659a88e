import type { DurationMs, EpochMs } from '../market/decimal.ts';

/** How long a venue may take to make up its mind about an order; data of the venue. */
export interface ConsistencyTimes {
  /** The venue refuses a request that reaches its engine later than this after the request's own timestamp. */
  readonly recvWindowMs: DurationMs;
  /** The venue's own time-out between accepting a request and answering it. */
  readonly apiTimeoutMs: DurationMs;
  /** Slack for lagging look-ups. */
  readonly marginMs: DurationMs;
}

/**
 * What look-ups have shown so far: when the first and the latest of an unbroken row of clean negatives were made. A negative
 * is clean when the order is absent by client id, among the open orders, in the history and in the trades, all answered.
 */
export interface NegativeEvidence {
  readonly first: EpochMs | null;
  readonly latest: EpochMs | null;
}

export const noEvidence: NegativeEvidence = { first: null, latest: null };

/** Adds one clean negative made at `at` (venue time). A failed look-up breaks the row: start again from `noEvidence`. */
export function withNegative(evidence: NegativeEvidence, at: EpochMs): NegativeEvidence {
  return { first: evidence.first ?? at, latest: at };
}

/** From when on a negative counts: before it, the request may still be on its way into the engine. */
export function countsFrom(signedAt: EpochMs, times: ConsistencyTimes): EpochMs {
  return signedAt + times.recvWindowMs;
}

/**
 * Whether the order surely never reached the book: it was absent in two clean look-ups at least a receive window apart, the
 * later one after `signedAt + recvWindow + apiTimeout + margin`, all in venue time.
 */
export function isConclusive(evidence: NegativeEvidence, signedAt: EpochMs, times: ConsistencyTimes): boolean {
  const { first, latest } = evidence;
  if (first === null || latest === null) return false;
  if (first < countsFrom(signedAt, times)) return false;
  return (
    latest - first >= times.recvWindowMs && latest > signedAt + times.recvWindowMs + times.apiTimeoutMs + times.marginMs
  );
}
