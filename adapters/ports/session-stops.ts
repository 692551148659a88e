/** Stop orders of one symbol that one owner has at the venue of an account, or may come to have. */
export interface StopsOf {
  readonly symbol: string;
  /** A session that has not ended; `null` for all others together, such as executions that people have started. */
  readonly sessionId: string | null;
  /** That wait at the venue now, or are on their way there. */
  readonly open: number;
  /** Whether it may want one: it has sent one before, or has not traded yet, so that nobody knows. */
  readonly mayWant: boolean;
}

/** What others have of a symbol beside one session. */
export interface StopsBeside {
  /** Those that are there, and one for each session that may want one and has none now. */
  readonly stops: number;
  /** How many sessions these belong to, and how many belong to none. */
  readonly sessions: number;
  readonly byHand: number;
}

/** What there is of a symbol beside that session, `null` for one that is not there yet. */
export function stopsBeside(all: readonly StopsOf[], symbol: string, sessionId: string | null): StopsBeside {
  const others = all.filter(
    (each) => each.symbol === symbol && (each.sessionId === null || each.sessionId !== sessionId),
  );
  const wanted = others.filter(({ open, mayWant }) => open > 0 || mayWant);
  return {
    stops: wanted.reduce((sum, { open }) => sum + Math.max(1, open), 0),
    sessions: wanted.filter((each) => each.sessionId !== null).length,
    byHand: wanted.reduce((sum, each) => sum + (each.sessionId === null ? each.open : 0), 0),
  };
}
