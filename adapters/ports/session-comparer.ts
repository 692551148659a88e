/** Compares sessions with the backtest over the same time, apart from the thread that asks: it runs the session's strategy. */
export interface SessionComparer {
  /**
   * The comparison as a document. Throws `BacktestFailure` when the strategy cannot be run, and the reason of `cancel` once that aborts.
   */
  compare(sessionId: string, cancel: AbortSignal): Promise<unknown>;
}
