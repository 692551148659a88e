import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';

/** A bar that ended, as one session decided on it. */
export interface DecidedBar {
  readonly session: string;
  readonly symbol: string;
  readonly openAt: EpochMs;
  /** Start of the transaction that stored the decision. */
  readonly decidedAt: EpochMs;
  /** Nobody could decide on it in time: it is on record and was not asked about. */
  readonly isMissed: boolean;
  readonly close: number;
}

/** Bars of all sessions that ended in a window. */
export interface WindowBars {
  readonly due: number;
  readonly decided: readonly DecidedBar[];
  /** Bars without a decision, or decided as missed: none is left out in silence. */
  readonly undecided: number;
  /** Decisions beyond one for a bar of a session. */
  readonly twice: number;
}

/** When the bars of a grid end in `[from, to)`. */
export function barEnds(barMs: DurationMs, from: EpochMs, to: EpochMs): readonly EpochMs[] {
  const ends: EpochMs[] = [];
  for (let end = Math.ceil(from / barMs) * barMs; end < to; end += barMs) ends.push(end);
  return ends;
}

/** What became of every bar that was due: which are due follows from sessions and clock alone. */
export function barsIn(
  sessions: readonly string[],
  decisions: readonly DecidedBar[],
  ends: readonly EpochMs[],
  barMs: DurationMs,
): WindowBars {
  const keyOf = (session: string, openAt: EpochMs): string => `${session}|${openAt}`;
  const due = new Set(sessions.flatMap((session) => ends.map((end) => keyOf(session, end - barMs))));
  const first = new Map<string, DecidedBar>();
  let twice = 0;
  for (const decision of decisions) {
    const key = keyOf(decision.session, decision.openAt);
    if (!due.has(key)) continue;
    if (first.has(key)) twice += 1;
    else first.set(key, decision);
  }
  const decided = [...first.values()].filter(({ isMissed }) => !isMissed);
  return { due: due.size, decided, undecided: due.size - decided.length, twice };
}

/** When candles were stored, by symbol and the end of the bar. */
export type StoredAt = ReadonlyMap<string, EpochMs>;

export function storedKey(symbol: string, end: EpochMs): string {
  return `${symbol}|${end}`;
}

/** How late decisions were, and of what that is made, in ms. */
export interface Lateness {
  /** Decision minus end of the bar. */
  readonly decidedMs: readonly number[];
  /** Storing of the candle minus end of the bar, once for each candle. */
  readonly storedMs: readonly number[];
  /** Decision minus storing of its candle: the session is woken, reads, and its strategy is asked. */
  readonly answeredMs: readonly number[];
}

export function latenessOf(decided: readonly DecidedBar[], storedAt: StoredAt, barMs: DurationMs): Lateness {
  const answeredMs: number[] = [];
  const candles = new Map<string, DurationMs>();
  for (const { symbol, openAt, decidedAt } of decided) {
    const end = openAt + barMs;
    const key = storedKey(symbol, end);
    const at = storedAt.get(key);
    if (at === undefined) continue;
    candles.set(key, at - end);
    answeredMs.push(decidedAt - at);
  }
  const decidedMs = decided.map(({ openAt, decidedAt }) => decidedAt - openAt - barMs);
  return { decidedMs, storedMs: [...candles.values()], answeredMs };
}
