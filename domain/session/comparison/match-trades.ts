import type { ComparedTrade } from './compared-trade.ts';
import { groupedBy } from './grouped-by.ts';

/** Trades of a session and of its backtest that answer to each other, and those that have no answer. */
export interface MatchedTrades {
  readonly pairs: readonly TradePair[];
  /** Only in the backtest. */
  readonly missed: readonly ComparedTrade[];
  /** Only in the session. */
  readonly extra: readonly ComparedTrade[];
}

export interface TradePair {
  readonly session: ComparedTrade;
  readonly backtest: ComparedTrade;
}

/**
 * Finds which trades answer to each other: first those of a symbol that were decided at the same bar, in the order of their entries and exits; then,
 * of what is left, a trade of the session and the one of the backtest that was held over the longest part of the same time, such as one that was
 * entered late after an outage.
 */
export function matchTrades(session: readonly ComparedTrade[], backtest: readonly ComparedTrade[]): MatchedTrades {
  const pairs: TradePair[] = [];
  const extra: ComparedTrade[] = [];
  const left = new Set(inOrder(backtest));
  const byDecision = groupedBy(left, keyOf);
  const late: ComparedTrade[] = [];
  for (const trade of inOrder(session)) {
    const answer = trade.decidedAt === null ? undefined : byDecision.get(keyOf(trade))?.shift();
    if (answer === undefined) late.push(trade);
    else {
      pairs.push({ session: trade, backtest: answer });
      left.delete(answer);
    }
  }
  for (const trade of late) {
    const answer = longestBeside(trade, left);
    if (answer === null) extra.push(trade);
    else {
      pairs.push({ session: trade, backtest: answer });
      left.delete(answer);
    }
  }
  return { pairs: pairs.toSorted((a, b) => compareTrades(a.session, b.session)), missed: [...left], extra };
}

function keyOf({ symbol, decidedAt }: ComparedTrade): string {
  return `${decidedAt} ${symbol}`;
}

function inOrder(trades: readonly ComparedTrade[]): readonly ComparedTrade[] {
  return trades.toSorted(compareTrades);
}

function compareTrades(a: ComparedTrade, b: ComparedTrade): number {
  if (a.entry.bar !== b.entry.bar) return a.entry.bar - b.entry.bar;
  if (a.symbol !== b.symbol) return a.symbol < b.symbol ? -1 : 1;
  return endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b);
}

function endOf({ exit, isOpen }: ComparedTrade): number {
  return isOpen ? Number.MAX_SAFE_INTEGER : exit.bar;
}

/** The trade of those that was held over the longest part of the time of `trade`; the first of equals, `null` when none was. */
function longestBeside(trade: ComparedTrade, others: Iterable<ComparedTrade>): ComparedTrade | null {
  let best: ComparedTrade | null = null;
  let longest = 0;
  for (const other of others) {
    if (other.symbol !== trade.symbol) continue;
    const together = Math.min(endOf(trade), endOf(other)) - Math.max(trade.entry.bar, other.entry.bar);
    if (together <= longest) continue;
    best = other;
    longest = together;
  }
  return best;
}
