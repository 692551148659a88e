/** What is compared of a trade. Times are opening times of bars, in ms. */
export interface ParityTrade {
  readonly size: number;
  readonly entryTime: number;
  readonly exitTime: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly exitReason: string;
  readonly pnl: number;
}

/** The first trade, from 0, that is another one, and what of it differs; `null` for a trade that one of the two has not made. */
export interface TradeDifference {
  readonly trade: number;
  readonly field: keyof ParityTrade | 'trade';
  readonly session: number | string | null;
  readonly backtest: number | string | null;
}

const EXACT = [
  'entryTime',
  'exitTime',
  'size',
  'entryPrice',
  'exitPrice',
  'exitReason',
] as const satisfies readonly (keyof ParityTrade)[];

/** Profits are sums in floating point. */
const PNL_TOLERANCE = 1e-9;

/** The first difference of two lists of trades; `null` when they are the same trades. Profit may differ by 1e-9 of itself, all else by nothing. */
export function firstDifference(
  session: readonly ParityTrade[],
  backtest: readonly ParityTrade[],
): TradeDifference | null {
  const [ours, theirs] = [session.toSorted(inTime), backtest.toSorted(inTime)];
  for (let trade = 0; trade < Math.max(ours.length, theirs.length); trade += 1) {
    const [a, b] = [ours[trade], theirs[trade]];
    if (a === undefined || b === undefined) {
      return {
        trade,
        field: 'trade',
        session: a === undefined ? null : told(a),
        backtest: b === undefined ? null : told(b),
      };
    }
    const field = EXACT.find((name) => a[name] !== b[name]) ?? (isClose(a.pnl, b.pnl) ? null : 'pnl');
    if (field !== null) return { trade, field, session: a[field], backtest: b[field] };
  }
  return null;
}

/** Trades that end in one bar have no other order. */
function inTime(a: ParityTrade, b: ParityTrade): number {
  return a.exitTime - b.exitTime || a.entryTime - b.entryTime || a.size - b.size;
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= PNL_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function told({ size, entryTime, entryPrice }: ParityTrade): string {
  return `${size} entered ${new Date(entryTime).toISOString()} at ${entryPrice}`;
}
