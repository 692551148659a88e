import type { Trade } from '../trade.ts';

/** What trades can be told apart by. Times are those of the entry, in UTC. */
export type Dimension = 'symbol' | 'side' | 'hour' | 'weekday' | 'month' | 'exitReason' | 'tag';

/** The trades that have one key in common; money in quote currency, net of commission. */
export interface BreakdownRow {
  readonly key: string;
  readonly trades: number;
  readonly pnl: number;
  readonly winRate: number;
  readonly meanReturnRatio: number;
  /** `null` where no trade lost. */
  readonly profitFactor: number | null;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** Key of a trade, and what rows are sorted by where that is not the key itself. */
const KEYS: Readonly<Record<Dimension, (trade: Trade) => readonly [key: string, order?: number]>> = {
  symbol: ({ symbol }) => [symbol],
  side: ({ size }) => [size > 0 ? 'long' : 'short'],
  hour: ({ entryTime }) => [twoDigits(new Date(entryTime).getUTCHours())],
  weekday: ({ entryTime }) => {
    const day = new Date(entryTime).getUTCDay();
    return [WEEKDAYS[day]!, (day + 6) % 7];
  },
  month: ({ entryTime }) => [twoDigits(new Date(entryTime).getUTCMonth() + 1)],
  exitReason: ({ exitReason }) => [exitReason],
  tag: ({ tag }) => [tag ?? ''],
};

export const DIMENSIONS = Object.keys(KEYS) as readonly Dimension[];

/** What the trades of one key add up to. */
interface Tally {
  readonly order: number;
  trades: number;
  wins: number;
  grossProfit: number;
  grossLoss: number;
  returnRatios: number;
}

/**
 * Closed trades told apart by one dimension, a row for each key that occurs: `hour` 00 to 23, `weekday` Monday first, `month` of the
 * year 01 to 12, the others in alphabetical order. The profits of the rows add up to that of all trades.
 */
export function breakdown(trades: readonly Trade[], dimension: Dimension): readonly BreakdownRow[] {
  const keyOf = KEYS[dimension];
  const tallies = new Map<string, Tally>();
  for (let i = 0; i < trades.length; i++) {
    const trade = trades[i]!;
    const [key, order = 0] = keyOf(trade);
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = { order, trades: 0, wins: 0, grossProfit: 0, grossLoss: 0, returnRatios: 0 };
      tallies.set(key, tally);
    }
    add(tally, trade);
  }
  return [...tallies]
    .toSorted(([a, one], [b, other]) => one.order - other.order || (a < b ? -1 : 1))
    .map(([key, tally]) => rowOf(key, tally));
}

function add(tally: Tally, { pnl, returnRatio }: Trade): void {
  tally.trades += 1;
  tally.returnRatios += returnRatio;
  if (pnl > 0) {
    tally.wins += 1;
    tally.grossProfit += pnl;
  } else tally.grossLoss -= pnl;
}

/** A row has a trade, so only the profit factor can be undefined. */
function rowOf(key: string, { trades, wins, grossProfit, grossLoss, returnRatios }: Tally): BreakdownRow {
  return {
    key,
    trades,
    pnl: grossProfit - grossLoss,
    winRate: wins / trades,
    meanReturnRatio: returnRatios / trades,
    profitFactor: grossLoss === 0 ? null : grossProfit / grossLoss,
  };
}
