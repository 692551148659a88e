import Big from 'big.js';
import type { Decimal, EpochMs } from '../../market/decimal.ts';
import { toText } from '../../market/decimal.ts';
import type { PublicTrade } from '../../market/public-trade.ts';
import type { Fill } from '../../orders/fill.ts';
import type { Reasons } from './reasons.ts';
import { PRICE_DECIMALS, roundedQuotient } from './rounding.ts';

/** The public tape of a closed interval of venue time, or why it cannot be had complete. */
type Tape =
  | {
      readonly complete: true;
      /** In order of trade id, without a gap. */
      readonly trades: readonly PublicTrade[];
      /** The last print before the interval; `null` when the tape has none. */
      readonly before: PublicTrade | null;
    }
  | { readonly complete: false; readonly reason: string };

export interface MarketBenchmarksInput {
  readonly tape: Tape;
  /** Arrival, in venue time. */
  readonly from: EpochMs;
  /** End of the execution, in venue time. */
  readonly to: EpochMs;
  /** Our own trades of this execution: they are left out of every figure. */
  readonly own: readonly Pick<Fill, 'tradeId' | 'at'>[];
}

/** What the rest of the market did on [from, to]. A figure that is not defined is `null` and has its reason. */
export interface MarketBenchmarks {
  /** Volume-weighted average price of the others' trades, in quote per base. */
  readonly vwap: Decimal | null;
  /** Time-weighted last price of the others' trades, in quote per base. */
  readonly twap: Decimal | null;
  /** The others' volume, in base, exact. */
  readonly volume: Decimal | null;
  /** How many trades of others. */
  readonly trades: number | null;
  readonly reasons: Reasons;
}

/** Benchmarks that cannot be had at all, for one reason. */
export function noMarketBenchmarks(reason: string): MarketBenchmarks {
  return {
    vwap: null,
    twap: null,
    volume: null,
    trades: null,
    reasons: { vwap: reason, twap: reason, volume: reason, trades: reason },
  };
}

/**
 * Interval VWAP, TWAP and volume of the public tape on [from, to], all without our own trades, which are told by trade id.
 *
 * VWAP = sum(price * quantity) / sum(quantity). TWAP = sum(last price * ms it stood) / (to - from), where the price that
 * stands at `from` is that of the last print before it. Sums are exact; the two quotients are rounded to 12 decimals.
 *
 * A tape that is incomplete, has a gap in its ids, or lacks one of our own trades of the interval gives `null` with the reason:
 * a benchmark over part of the market would look like one over all of it.
 */
export function marketBenchmarks(input: MarketBenchmarksInput): MarketBenchmarks {
  const { tape, from, to } = input;
  if (!tape.complete) return noMarketBenchmarks(`the public tape is incomplete: ${tape.reason}`);
  if (to < from) return noMarketBenchmarks(`the interval ends (${to}) before it starts (${from})`);
  const flaw = flawOf(tape.trades, input);
  if (flaw !== null) return noMarketBenchmarks(flaw);

  const ownIds = new Set(input.own.map((trade) => trade.tradeId));
  const others = tape.trades.filter((trade) => !ownIds.has(trade.tradeId));
  let volume = new Big(0);
  let notional = new Big(0);
  for (const trade of others) {
    volume = volume.plus(trade.quantity);
    notional = notional.plus(new Big(trade.price).times(trade.quantity));
  }
  const reasons: Record<string, string> = {};
  let vwap: Decimal | null = null;
  if (volume.gt(0)) vwap = roundedQuotient(notional, volume, PRICE_DECIMALS);
  else reasons['vwap'] = 'nobody else traded in the interval';

  let twap: Decimal | null = null;
  const before = tape.before !== null && !ownIds.has(tape.before.tradeId) ? tape.before : null;
  const weighted = timeWeighted(others, before, from, to);
  if (weighted.defined) twap = weighted.price;
  else reasons['twap'] = weighted.reason;
  return { vwap, twap, volume: toText(volume), trades: others.length, reasons };
}

/** What makes a tape unfit as the whole market of the interval, or `null`. */
function flawOf(trades: readonly PublicTrade[], { from, to, own }: MarketBenchmarksInput): string | null {
  let previous: PublicTrade | null = null;
  const onTape = new Set<string>();
  for (const trade of trades) {
    if (trade.at < from || trade.at > to) return `trade ${trade.tradeId} at ${trade.at} lies outside [${from}, ${to}]`;
    if (previous !== null && BigInt(trade.tradeId) !== BigInt(previous.tradeId) + 1n) {
      return `the public tape has a gap between trade ${previous.tradeId} and trade ${trade.tradeId}`;
    }
    onTape.add(trade.tradeId);
    previous = trade;
  }
  const missing = own.find((trade) => trade.at >= from && trade.at <= to && !onTape.has(trade.tradeId));
  return missing === undefined ? null : `our own trade ${missing.tradeId} is not on the public tape`;
}

type TimeWeighted =
  | { readonly defined: true; readonly price: Decimal }
  | { readonly defined: false; readonly reason: string };

function timeWeighted(
  trades: readonly PublicTrade[],
  before: PublicTrade | null,
  from: EpochMs,
  to: EpochMs,
): TimeWeighted {
  if (to === from) return { defined: false, reason: 'the interval has no length' };
  let last = before?.price ?? null;
  let since = from;
  let sum = new Big(0);
  for (const trade of trades) {
    // Prints of one id sequence may carry equal or slightly falling times: a price then stands for no time, never for a negative one.
    const at = Math.max(trade.at, since);
    if (at > since) {
      if (last === null)
        return { defined: false, reason: 'the tape has no price of others before the first trade of the interval' };
      sum = sum.plus(new Big(last).times(at - since));
    }
    last = trade.price;
    since = at;
  }
  if (last === null) return { defined: false, reason: 'nobody else has traded before or in the interval' };
  sum = sum.plus(new Big(last).times(to - since));
  return { defined: true, price: roundedQuotient(sum, new Big(to - from), PRICE_DECIMALS) };
}
