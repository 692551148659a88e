import type { DurationMs, EpochMs } from '../market/decimal.ts';
import type { BarMode, BlockReason } from './journal.ts';
import type { CatchUp } from './spec.ts';
import type { EntryBlock, SessionStatus } from './status.ts';

/** A bar that has closed and was not handled yet. */
export interface DueBar {
  /** Opening time. */
  readonly time: EpochMs;
  readonly mode: BarMode;
  readonly reason: BlockReason | null;
}

/** What decides how bars are handled. */
export interface BarPolicy {
  readonly status: SessionStatus;
  readonly block: EntryBlock | null;
  readonly catchUp: CatchUp;
  readonly maxBarAgeMs: DurationMs;
  readonly barMs: DurationMs;
  /** The time of the market; `null` where it has none of its own, as on a venue that replays candles: then the newest bar has just closed. */
  readonly now: EpochMs | null;
  /** Whether positions may be opened at that instant. */
  readonly mayOpen: (instant: EpochMs) => boolean;
}

/** Bars that are handled without a decision, in one step. */
const MOST_AT_ONCE = 1_000;
/** Under `skip` a bar is missed when nobody decided on it within so much of its length, but at least so many milliseconds. */
const PROMPT_SHARE = 0.1;
const PROMPT_MS = 10_000;

/**
 * How the next bars are handled: those about which nothing is asked, up to and with the first about which something is. What that one orders is
 * on its way before the next is looked at.
 *
 * @param times opening times of all bars that have closed and were not handled, rising
 */
export function dueBars(times: readonly EpochMs[], policy: BarPolicy): readonly DueBar[] {
  const due: DueBar[] = [];
  for (const [i, time] of times.entries()) {
    const bar = barOf(time, i === times.length - 1, policy);
    due.push(bar);
    if (bar.mode !== 'mute' || due.length === MOST_AT_ONCE) break;
  }
  return due;
}

function barOf(time: EpochMs, isNewest: boolean, policy: BarPolicy): DueBar {
  const { status, block, barMs, mayOpen } = policy;
  // Not even to be ignored: what has failed is not asked.
  if (block?.reason === 'STRATEGY') return { time, mode: 'mute', reason: 'STRATEGY' };
  if (status === 'stopping') return { time, mode: 'mute', reason: 'STOPPING' };
  if (status === 'paused') return { time, mode: 'mute', reason: 'PAUSED' };
  if (isMissed(time + barMs, isNewest, policy)) return { time, mode: 'mute', reason: 'MISSED' };
  if (!mayOpen(time + barMs)) return { time, mode: 'exits', reason: 'HOURS' };
  if (block !== null) return { time, mode: 'exits', reason: block.reason === 'ORDERS' ? 'ORDERS' : 'RECONCILIATION' };
  return { time, mode: 'ask', reason: null };
}

/** Whether a bar closed while nobody could decide on it, and is too old by now. */
function isMissed(closedAt: EpochMs, isNewest: boolean, { catchUp, maxBarAgeMs, barMs, now }: BarPolicy): boolean {
  if (catchUp === 'replay') return false;
  if (!isNewest) return true;
  if (now === null) return false;
  const prompt = catchUp === 'skip' ? Math.max(PROMPT_MS, barMs * PROMPT_SHARE) : Number.POSITIVE_INFINITY;
  return now - closedAt > Math.min(maxBarAgeMs, prompt);
}
