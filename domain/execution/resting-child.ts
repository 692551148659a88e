import { compare, type DurationMs, type EpochMs } from '../market/decimal.ts';
import type { ChildOutcome, Problem } from './commands.ts';
import type { ChildNumber, ExecutionProgress, FinalRetry } from './progress.ts';

/**
 * Pauses before a resting order is tried again that something stands in the way of which may pass: a market that is halted, a rate, money that another
 * order still holds. Short, since it may be what protects a position; after the last one whoever asked for it has to know that it is not there.
 */
const RETRY_AFTER_MS: readonly DurationMs[] = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
/** As many refusals as end any execution. */
const TOO_MANY = 3;

/** A resting child that has ended. */
interface EndedRest {
  readonly tried: ChildNumber;
  readonly outcome: ChildOutcome;
  readonly now: EpochMs;
  /** Whether nothing of a later course makes up for what it left undone. */
  readonly last: boolean;
  /** Whether a message to the execution has asked for its order back. */
  readonly tookBack: boolean;
}

/**
 * The progress after a resting child has ended. One that surely never was an order is sent anew under the next attempt; one that was taken back by a message
 * goes on as the next child, once the message allows; but one that the venue has ended, or a halt has taken back, is never sent a second time.
 */
export function afterRest(progress: ExecutionProgress, ended: EndedRest): ExecutionProgress {
  const { tried, outcome, last } = ended;
  const { retry, refusals, problem } = last
    ? whatNext(progress, ended)
    : { retry: null, refusals: 0, problem: outcome.problem };
  return {
    ...progress,
    handledSlices: Math.max(progress.handledSlices, tried.slice),
    children: Math.max(progress.children, tried.child),
    crossing: null,
    retry,
    filled: outcome.totalFilled,
    exhausted: last && isDust(outcome),
    refusals,
    lastProblem: problem,
  };
}

interface Next {
  readonly retry: FinalRetry | null;
  readonly refusals: number;
  readonly problem: Problem | null;
}

function whatNext(progress: ExecutionProgress, { tried, outcome, now, tookBack }: EndedRest): Next {
  const { result, retryable, problem } = outcome;
  const tries = progress.retry?.tries ?? 0;
  const again = (at: EpochMs, number: Pick<FinalRetry, 'child' | 'attempt' | 'tries'>): Next => ({
    retry: { at, ...number },
    refusals: 0,
    problem,
  });
  const nextAttempt = { child: tried.child, attempt: tried.attempt + 1 };
  switch (result) {
    case 'filled':
      // Of an order that a larger quantity has overtaken: the rest is another order.
      return again(now, { child: tried.child + 1, attempt: 1, tries: 0 });
    case 'not-placed':
      return again(now + RETRY_AFTER_MS[0]!, { ...nextAttempt, tries });
    case 'refused':
    case 'carried': {
      const pause = RETRY_AFTER_MS[tries];
      const isLasting = (result === 'refused' && !retryable) || pause === undefined;
      if (isLasting) return { retry: null, refusals: TOO_MANY, problem };
      // A child that was decided on an older plan has met nothing: it is decided anew at once.
      if (problem?.code === 'AMENDED') return { ...again(now, { ...nextAttempt, tries }), problem: null };
      return again(now + pause, { ...nextAttempt, tries: tries + 1 });
    }
    case 'expired':
    case 'partially-filled':
      if (tookBack) return again(now, { child: tried.child + 1, attempt: 1, tries: 0 });
      return { retry: null, refusals: 0, problem: problem ?? endedElsewhere(outcome) };
    default:
      return result satisfies never;
  }
}

function endedElsewhere({ totalFilled }: ChildOutcome): Problem {
  return {
    code: 'ORDER_ENDED',
    detail: `its order ended at the venue with ${totalFilled} filled: it was cancelled there, or a halt has taken it back; it is not sent again`,
  };
}

/** What is left is below the venue's minimum, and something has traded: no order can be made of it. */
function isDust({ result, problem, totalFilled }: ChildOutcome): boolean {
  return result === 'carried' && problem?.code === 'BELOW_MINIMUM' && compare(totalFilled, '0') > 0;
}
