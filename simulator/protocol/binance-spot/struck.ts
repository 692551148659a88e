import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import type { FaultStroke } from '../../faults/faults.ts';
import type { WireAnswer } from '../../http/wire-server.ts';
import { type BinanceError, refuse } from './errors.ts';

const UNAVAILABLE_PAGE =
  '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n';

/** A fault of the venue's own making, which stands in the place of the answer. */
export class Struck extends Error {
  readonly answer: WireAnswer | BinanceError;
  /** For the list of requests. */
  readonly outcome: string;
  constructor(answer: WireAnswer | BinanceError, outcome: string) {
    super(outcome);
    this.answer = answer;
    this.outcome = outcome;
  }
}

/** Throws `Struck` where a fault keeps the request from being processed. */
export function strikeBefore(strokes: readonly FaultStroke[], now: EpochMs): void {
  for (const stroke of strokes) {
    const struck = struckBefore(stroke, now);
    if (struck !== null) throw struck;
  }
}

/** Throws `Struck` where a fault keeps the answer from its client after the request was processed. */
export function strikeAfter(strokes: readonly FaultStroke[]): void {
  for (const stroke of strokes) {
    if (stroke.kind === 'drop-after') throw new Struck('dropped', 'dropped after processing');
    if (stroke.kind === 'timeout') throw new Struck(refuse.timedOut(), 'timed out after processing');
  }
}

/** For how long delays hold a request up before or after it is processed. */
export function delayOf(strokes: readonly FaultStroke[], phase: 'before' | 'after'): DurationMs {
  return strokes.reduce(
    (sum, stroke) => (stroke.kind === 'delay' && stroke.phase === phase ? sum + stroke.delayMs : sum),
    0,
  );
}

/** For how long the venue stands frozen in front of a request; `null` when it does not. */
export function freezeOf(strokes: readonly FaultStroke[]): DurationMs | null {
  const frozen = strokes.flatMap((stroke) => (stroke.kind === 'freeze' ? [stroke.leftMs] : []));
  return frozen.length === 0 ? null : Math.max(...frozen);
}

/** Which share of an order may trade before the rest expires; `null` for all of it. */
export function fillShareOf(strokes: readonly FaultStroke[]): number | null {
  const shares = strokes.flatMap((stroke) => (stroke.kind === 'partial-fill' ? [stroke.fraction] : []));
  return shares.length === 0 ? null : Math.min(...shares);
}

function struckBefore(stroke: FaultStroke, now: EpochMs): Struck | null {
  switch (stroke.kind) {
    case 'drop-before':
      return new Struck('dropped', 'dropped before processing');
    case 'http-5xx':
      return new Struck({ status: 503, headers: { 'Content-Type': 'text/html' }, body: UNAVAILABLE_PAGE }, 'http 503');
    case 'rate-limit':
      return refused(refuse.tooManyRequests(inSeconds(stroke.retryAfterMs)));
    case 'ban':
      return refused(refuse.banned(now + stroke.retryAfterMs, inSeconds(stroke.retryAfterMs)));
    case 'clock':
      return refused(refuse.timestampTooOld());
    case 'reject':
      return refused(refuse.disabled());
    case 'timeout':
      return stroke.accept ? null : new Struck(refuse.timedOut(), 'timed out before processing');
    case 'delay':
    case 'drop-after':
    case 'partial-fill':
    case 'freeze':
      return null;
    default:
      return stroke satisfies never;
  }
}

function refused(error: BinanceError): Struck {
  return new Struck(error, `refused ${error.code}`);
}

/** `Retry-After` counts whole seconds. */
function inSeconds(ms: DurationMs): number {
  return Math.ceil(ms / 1_000);
}
