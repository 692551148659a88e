import Big from 'big.js';
import { type Decimal, decimal, type DurationMs, type EpochMs, toText } from '../../market/decimal.ts';
import type { Fill } from '../../orders/fill.ts';
import { type Side, signOf } from '../../orders/order.ts';
import { type ExecutionStatus, isFinal } from '../commands.ts';
import type { MarketBenchmarks } from './market-benchmarks.ts';
import { type Reasons, underPath } from './reasons.ts';
import { BPS_DECIMALS, PRICE_DECIMALS, RATIO_DECIMALS, roundedQuotient } from './rounding.ts';
import { implementationShortfall, type Shortfall, totalsOf } from './shortfall.ts';
import { type SliceLine, type SliceRecord, sliceLines } from './slice-lines.ts';

/** A mid price, in quote per base, and the venue time at which it was read. */
export interface MidAt {
  readonly mid: Decimal;
  readonly at: EpochMs;
}

/** One of our trades with what the report needs beside the venue's own words. */
export interface ReportFill extends Fill {
  readonly clientOrderId: string;
  /** Mid of the book at the fill, in quote per base; `null` when none was recorded. */
  readonly mid: Decimal | null;
  /** Only for a fee in a third asset: that asset's mid at the fill, in quote per unit of it. */
  readonly feePrice?: Decimal | null;
  /** Whether an order of the same account was on the other side. */
  readonly selfTrade?: boolean;
}

/** Where an execution traded, and under which assumptions its venue is simulated (`null` for a real one). */
export interface ReportVenue {
  readonly id: string;
  readonly label: string;
  /** Shown as it is: feed, speed and impact (permanent part, half-life) of a simulated venue. */
  readonly assumptions: Readonly<Record<string, unknown>> | null;
}

/** All that a report is made of. A pure function of it, so the same records give the same report. */
export interface ReportInput {
  readonly id: string;
  readonly status: ExecutionStatus;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly side: Side;
  /** Base. */
  readonly ordered: Decimal;
  /** The part of `ordered` that nothing could trade (no whole lot, or a rest below the minimum), in base: part of the residual. */
  readonly dust: Decimal;
  readonly venue: ReportVenue;
  /** At acceptance of the execution. */
  readonly decision: MidAt | null;
  /** At the first slice. */
  readonly arrival: MidAt | null;
  /** At the end of the execution; of a running one `null`, or the present mid to value the residual at. */
  readonly end: MidAt | null;
  readonly fills: readonly ReportFill[];
  readonly slices: readonly SliceRecord[];
  /** Of [arrival, end]; `noMarketBenchmarks(reason)` where there is none. */
  readonly market: MarketBenchmarks;
}

interface FeeTotal {
  readonly asset: string;
  readonly amount: Decimal;
}

/** Slippage of the average price in bps, positive = a cost, rounded to 6 decimals. */
interface SlippageBps {
  readonly arrival: Decimal | null;
  readonly vwap: Decimal | null;
  readonly twap: Decimal | null;
}

/**
 * What an execution did and cost. Quantities in base, money in quote currency, both exact decimal text; average and benchmark prices
 * are rounded to 12 decimals, bps to 6, ratios to 10. Times are ISO 8601 in UTC. A figure that is not defined is `null` and
 * has its reason in `reasons` under its path, e.g. `shortfall.opportunity`.
 */
export interface ExecutionReport {
  readonly id: string;
  readonly status: ExecutionStatus;
  readonly symbol: string;
  readonly side: Side;
  readonly venue: ReportVenue;
  readonly ordered: Decimal;
  readonly filled: Decimal;
  /** `ordered - filled` exactly; `dust` is part of it. */
  readonly residual: Decimal;
  readonly dust: Decimal;
  /** filled / ordered. */
  readonly fillRatio: Decimal | null;
  readonly avgPrice: Decimal | null;
  readonly decision: Decimal | null;
  readonly decisionAt: string | null;
  readonly arrival: Decimal | null;
  readonly arrivalAt: string | null;
  readonly end: Decimal | null;
  readonly endAt: string | null;
  /** Without our own trades, as are the next three. */
  readonly marketVwap: Decimal | null;
  readonly marketTwap: Decimal | null;
  readonly marketVolume: Decimal | null;
  readonly marketTrades: number | null;
  /** filled / volume of the others on [arrival, end]: above 1 when we traded more than everybody else together. */
  readonly participation: Decimal | null;
  readonly slippageBps: SlippageBps;
  readonly shortfall: Omit<Shortfall, 'reasons'>;
  readonly feesByAsset: readonly FeeTotal[];
  readonly fills: number;
  /** Filled as maker / filled. */
  readonly makerShare: Decimal | null;
  /** What of `filled` was traded with other orders of the same account, in base. */
  readonly selfTraded: Decimal;
  readonly worstLatenessMs: DurationMs | null;
  readonly medianLatenessMs: DurationMs | null;
  readonly slices: readonly SliceLine[];
  readonly reasons: Reasons;
}

/** Builds the cost report of an execution, finished or still running. Throws a `RangeError` only for text that is no decimal number. */
export function buildReport(input: ReportInput): ExecutionReport {
  const ordered = decimal(input.ordered);
  const { filled, notional } = totalsOf(input.fills);
  const reasons: Record<string, string> = {};
  const undefinedBecause = (field: string, reason: string): null => {
    reasons[field] = reason;
    return null;
  };
  const mid = (field: 'decision' | 'arrival' | 'end', because: string): Decimal | null =>
    input[field]?.mid ?? undefinedBecause(`${field}At`, because) ?? undefinedBecause(field, because);

  const { reasons: shortfallReasons, ...shortfall } = implementationShortfall({
    side: input.side,
    base: input.base,
    quote: input.quote,
    ordered: input.ordered,
    decision: input.decision?.mid ?? null,
    arrival: input.arrival?.mid ?? null,
    end: input.end?.mid ?? null,
    fills: input.fills,
  });
  Object.assign(reasons, underPath('shortfall', shortfallReasons));

  const slippage = (field: keyof SlippageBps, benchmark: Decimal | null, because: string): Decimal | null => {
    const path = `slippageBps.${field}`;
    if (filled.eq(0)) return undefinedBecause(path, NOTHING_FILLED);
    if (benchmark === null) return undefinedBecause(path, because);
    const paper = filled.times(benchmark);
    return roundedQuotient(notional.minus(paper).times(signOf(input.side)).times(10_000), paper, BPS_DECIMALS);
  };
  const arrival = mid('arrival', 'no slice has been sent, or no mid was recorded when the first one was');
  const slippageBps: SlippageBps = {
    arrival: slippage('arrival', arrival, reasons['arrival'] ?? ''),
    vwap: slippage('vwap', input.market.vwap, input.market.reasons['vwap'] ?? ''),
    twap: slippage('twap', input.market.twap, input.market.reasons['twap'] ?? ''),
  };
  for (const [field, name] of MARKET_FIELDS) {
    if (input.market[field] === null) reasons[name] = input.market.reasons[field] ?? '';
  }

  const lines = sliceLines(input.slices, input.fills);
  const lateness = lines
    .flatMap((line) => (line.latenessMs === null ? [] : [line.latenessMs]))
    .toSorted((a, b) => a - b);
  if (lateness.length === 0) {
    reasons['worstLatenessMs'] = 'no slice has been sent';
    reasons['medianLatenessMs'] = 'no slice has been sent';
  }
  const makerFilled = totalsOf(input.fills.filter((fill) => fill.maker)).filled;
  return {
    id: input.id,
    status: input.status,
    symbol: input.symbol,
    side: input.side,
    venue: input.venue,
    ordered: toText(ordered),
    filled: toText(filled),
    residual: toText(ordered.minus(filled)),
    dust: toText(decimal(input.dust)),
    fillRatio: ordered.eq(0)
      ? undefinedBecause('fillRatio', 'nothing was ordered')
      : roundedQuotient(filled, ordered, RATIO_DECIMALS),
    avgPrice: filled.eq(0)
      ? undefinedBecause('avgPrice', NOTHING_FILLED)
      : roundedQuotient(notional, filled, PRICE_DECIMALS),
    decision: mid('decision', 'no mid was recorded when the execution was accepted'),
    decisionAt: isoOf(input.decision),
    arrival,
    arrivalAt: isoOf(input.arrival),
    end: mid(
      'end',
      isFinal(input.status) ? 'no mid was recorded when the execution ended' : 'the execution has not ended',
    ),
    endAt: isoOf(input.end),
    marketVwap: input.market.vwap,
    marketTwap: input.market.twap,
    marketVolume: input.market.volume,
    marketTrades: input.market.trades,
    participation: participationOf(filled, input.market, undefinedBecause),
    slippageBps,
    shortfall,
    feesByAsset: feesByAsset(input.fills),
    fills: input.fills.length,
    makerShare: filled.eq(0)
      ? undefinedBecause('makerShare', NOTHING_FILLED)
      : roundedQuotient(makerFilled, filled, RATIO_DECIMALS),
    selfTraded: toText(totalsOf(input.fills.filter((fill) => fill.selfTrade === true)).filled),
    worstLatenessMs: lateness.at(-1) ?? null,
    medianLatenessMs: medianOf(lateness),
    slices: lines,
    reasons,
  };
}

const NOTHING_FILLED = 'nothing has been filled';

const MARKET_FIELDS = [
  ['vwap', 'marketVwap'],
  ['twap', 'marketTwap'],
  ['volume', 'marketVolume'],
  ['trades', 'marketTrades'],
] as const;

/**
 * Our share against the rest of the market: filled / volume of the others. The market figures of a report leave out our own trades,
 * so the denominator does too; the share of the whole tape would be p / (1 + p).
 */
function participationOf(
  filled: Big,
  market: MarketBenchmarks,
  undefinedBecause: (field: string, reason: string) => null,
): Decimal | null {
  if (market.volume === null) return undefinedBecause('participation', market.reasons['volume'] ?? '');
  const volume = decimal(market.volume);
  if (volume.eq(0)) return undefinedBecause('participation', 'nobody else traded in the interval');
  return roundedQuotient(filled, volume, RATIO_DECIMALS);
}

/** What was paid in each asset, exact, in order of asset name. */
function feesByAsset(fills: readonly ReportFill[]): FeeTotal[] {
  const totals = new Map<string, Big>();
  for (const fill of fills)
    totals.set(fill.feeAsset, (totals.get(fill.feeAsset) ?? new Big(0)).plus(decimal(fill.fee)));
  return [...totals]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([asset, total]) => ({ asset, amount: toText(total) }));
}

/** The median of sorted numbers; of an even count the mean of the middle two. */
function medianOf(sorted: readonly number[]): number | null {
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

function isoOf(moment: MidAt | null): string | null {
  return moment === null ? null : new Date(moment.at).toISOString();
}
