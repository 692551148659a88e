import type { EpochMs } from '../market/decimal.ts';
import type { LimitDenial } from '../risk/registry.ts';
import type { CarryReason } from './algorithm.ts';
import type { Problem } from './commands.ts';

/** The halt in force that covers an execution; of several, the first that was set. */
export interface CoveringHalt {
  readonly scope: 'all' | 'venue' | 'symbol';
  readonly target: string | null;
  readonly reason: string;
  readonly setBy: string;
}

/** The child of an execution that was decided last, and what came of it so far. */
export interface LatestChild {
  readonly slice: number;
  readonly action: 'send' | 'carry' | 'deny';
  /** Why nothing was sent, as a code; `null` when something was. */
  readonly reason: string | null;
  /** Venue time. */
  readonly decidedAt: EpochMs;
  /** What its order met; `null` when it met nothing, or there was none. */
  readonly problem: Problem | null;
}

/** What is on record about an execution that has not ended. */
export interface OpenStanding {
  readonly halt: CoveringHalt | null;
  readonly latest: LatestChild | null;
  /** When it was last amended; `null` when never. */
  readonly amendedAt: EpochMs | null;
}

/** Decisions that are no problem: there was nothing to do, or it is done on the amended plan next. */
const NO_PROBLEM: readonly string[] = ['ON_SCHEDULE', 'AMENDED', 'NO_POST_ONLY'] satisfies CarryReason[];

/** What a code means for whoever asks why nothing is traded; a code that is not here speaks for itself. */
const IN_WORDS: Readonly<Record<string, string>> = {
  BELOW_MINIMUM: "it is below the venue's minimum order and waits for the next slice",
  BEYOND_LIMIT: 'the market is beyond the limit',
  PARTICIPATION_CAP: "it would be more than its share of the market's volume",
  NO_STOP_ORDERS: 'the venue takes no stop orders',
  VOLUME_UNKNOWN: "the market's volume is not known",
  BALANCE_INSUFFICIENT: 'the account has too little of what the order costs',
  ORDER_NOTIONAL_TOO_LARGE: 'it is larger than the largest order that the account may send',
  OPEN_NOTIONAL_TOO_LARGE: 'the open orders of the account would be worth more than they may',
  ORDER_RATE_TOO_HIGH: 'the account has sent as many orders as it may in that time',
  PRICE_OUTSIDE_COLLAR: 'its price is too far from the market',
  QUOTE_STALE: 'the quote of the market is too old',
  SYMBOL_NOT_ALLOWED: 'the account may not trade the symbol',
} satisfies Partial<Record<CarryReason | LimitDenial['code'], string>>;

/**
 * What keeps an execution that has not ended from trading now, or `null` when nothing is known to: a halt in force; else what its latest child met,
 * unless a halt that has been lifted since, or a plan that has been amended since.
 */
export function currentProblem({ halt, latest, amendedAt }: OpenStanding): Problem | null {
  if (halt !== null) {
    const where = halt.target === null ? 'everything' : `${halt.scope} ${halt.target}`;
    return {
      code: 'HALTED',
      detail: `${halt.setBy} has halted ${where}: ${halt.reason}. Nothing is sent until the halt is lifted`,
    };
  }
  if (latest === null || (amendedAt !== null && latest.decidedAt < amendedAt)) return null;
  if (latest.action === 'send') return latest.problem;
  const code = latest.reason ?? 'DECIDED';
  if (NO_PROBLEM.includes(code) || code === 'HALTED') return null;
  const why = IN_WORDS[code];
  const by = latest.action === 'deny' ? 'was denied by the risk gate' : 'was not sent';
  return { code, detail: `slice ${latest.slice} ${by}${why === undefined ? `: ${code}` : `: ${why}`}` };
}
