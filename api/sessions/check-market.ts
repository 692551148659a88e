import Big from 'big.js';
import type { CandleHorizon } from '../../adapters/ports/candle-horizon.ts';
import type { MarketReader } from '../../adapters/ports/venue.ts';
import { barOpen, gridOf } from '../../domain/market/bar-grid.ts';
import { ceilToStep, decimal, type EpochMs, maxOf, toText } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { midOf } from '../../domain/market/quote.ts';
import { canResample } from '../../domain/market/resample.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionSpec } from '../../domain/session/spec.ts';
import { iso } from '../iso.ts';
import { Problem } from '../problems.ts';
import { type CheckLine, fine, wrong, wrongBy } from './check-line.ts';

/** Bars of history that are taken where the venue has them: by then averages with a long memory have forgotten where their data began. */
const SETTLING_BARS = 500;

export type SessionMarket = Pick<MarketReader, 'quote' | 'candleTimeframes'> & CandleHorizon;

/** Where a session begins in the time of its market. */
export interface SessionBars {
  readonly startBar: EpochMs;
  readonly firstCandle: EpochMs;
}

/** The longest timeframe of the venue of which bars of `timeframe` can be made; `null` when there is none. */
export function partOf(timeframe: Timeframe, known: readonly Timeframe[]): Timeframe | null {
  const fitting = known.filter((each) => /^\d+[smhdw]$/.test(each) && canResample(each, timeframe));
  return fitting.toSorted((a, b) => timeframeMs(b) - timeframeMs(a))[0] ?? null;
}

/** Whether the venue's candles begin early enough for the warm-up; and the bars with which the session begins. */
export async function candlesLine(
  { venue, symbols, timeframe }: SessionSpec,
  neededBars: number,
  market: SessionMarket,
  marketTime: 'wall' | 'candles',
  venueNow: EpochMs,
): Promise<{ readonly line: CheckLine; readonly bars: SessionBars | null }> {
  const known = market.candleTimeframes();
  const part = partOf(timeframe, known);
  if (part === null) {
    const message = `venue ${venue} has no candles that ${timeframe} bars could be made of; it has ${known.join(', ') || 'none'}: give one of these, or a multiple of one`;
    return {
      line: wrong('candles', 'INVALID_SESSION', message, [{ field: 'timeframe', value: timeframe, message }]),
      bars: null,
    };
  }
  try {
    return await reachOf(
      { venue, symbols, timeframe },
      neededBars,
      market,
      part,
      marketTime === 'wall' ? venueNow : null,
    );
  } catch (error) {
    return { line: wrongBy('candles', unreachable(venue, 'candles', error)), bars: null };
  }
}

async function reachOf(
  { venue, symbols, timeframe }: Pick<SessionSpec, 'venue' | 'symbols' | 'timeframe'>,
  neededBars: number,
  market: SessionMarket,
  part: Timeframe,
  wallTime: EpochMs | null,
): Promise<{ readonly line: CheckLine; readonly bars: SessionBars | null }> {
  const grid = gridOf(timeframe);
  const now = wallTime ?? (await newestOf(market, symbols, part));
  const startBar = now === null ? null : barOpen(grid, now);
  const wantedFrom = startBar === null ? 0 : startBar - Math.max(neededBars, SETTLING_BARS) * grid.stepMs;
  const firsts =
    startBar === null ? [] : await Promise.all(symbols.map((symbol) => market.firstSince(symbol, part, wantedFrom)));
  let firstCandle = wantedFrom;
  const short: { readonly symbol: string; readonly bars: number }[] = [];
  symbols.forEach((symbol, i) => {
    // A bar that lacks its first parts is no bar.
    const first = firsts[i] ?? null;
    const begins =
      first === null || startBar === null ? null : Math.min(startBar, barOpen(grid, first + grid.stepMs - 1));
    const bars = begins === null || startBar === null ? 0 : (startBar - begins) / grid.stepMs;
    if (bars < neededBars) short.push({ symbol, bars });
    if (begins !== null) firstCandle = Math.max(firstCandle, begins);
  });
  if (short.length > 0 || startBar === null) {
    const told = short.map(({ symbol, bars }) => `${bars} of ${symbol}`).join(', ');
    const message = `the strategy needs ${neededBars} closed ${timeframe} bars of history and venue ${venue} has ${told || 'none'}: wait until there are more, give a shorter timeframe, or shorter windows`;
    return {
      line: wrong('candles', 'TOO_FEW_BARS', message, [{ field: 'timeframe', value: timeframe, message }]),
      bars: null,
    };
  }
  const count = (startBar - firstCandle) / grid.stepMs;
  const made = part === timeframe ? '' : `, made of ${part} candles`;
  return {
    line: fine(
      'candles',
      `${count} ${timeframe} bars of history${made}, ${neededBars} are needed; the first bar decided opens at ${iso(startBar)}`,
    ),
    bars: { startBar, firstCandle },
  };
}

/** The market of a replay has the time of its newest candle; of several symbols all must have come so far. */
async function newestOf(market: SessionMarket, symbols: readonly string[], part: Timeframe): Promise<EpochMs | null> {
  const newest = await Promise.all(symbols.map((symbol) => market.newestBegun(symbol, part)));
  return newest.includes(null) ? null : Math.min(...(newest as EpochMs[]));
}

/** Whether the largest entry that the sizing can come to is one that the venue takes. */
export async function sizeLine(
  { venue, capital, sizing }: SessionSpec,
  instruments: readonly Instrument[],
  market: SessionMarket,
): Promise<CheckLine> {
  const told: string[] = [];
  for (const { symbol, base, quote, lot, minQuantity, minNotional } of instruments) {
    let price: Big;
    try {
      price = decimal(midOf(await market.quote(symbol)));
    } catch (error) {
      return wrongBy('size', unreachable(venue, `price of ${symbol}`, error));
    }
    const least = ceilToStep(maxOf(decimal(minQuantity), decimal(minNotional).div(price)), decimal(lot));
    const units = sizing.kind === 'units' ? new Big(sizing.value) : largestNotional(sizing, capital).div(price);
    if (units.lt(least)) {
      const field = sizing.kind === 'units' || sizing.kind === 'cash' ? 'sizing.value' : 'capital';
      const message = `an entry is at most ${toText(units.round(8, Big.roundDown))} ${base} at a price of ${toText(price)}, and venue ${venue} takes no order of ${symbol} below ${toText(least)} ${base} (${toText(least.times(price).round(2, Big.roundUp))} ${quote}): give more`;
      return wrong('size', 'INVALID_SESSION', message, [
        { field, value: field === 'capital' ? capital : sizing.value, message },
      ]);
    }
    told.push(`${symbol} from ${toText(least)} ${base}`);
  }
  return fine('size', `the venue takes orders of ${told.join(', ')}; the sizing reaches that`);
}

/** The most quote currency that one entry of a session without leverage can come to. */
export function largestNotional(sizing: SessionSpec['sizing'], capital: string): Big {
  const all = decimal(capital);
  if (sizing.kind === 'cash') return all.lt(sizing.value) ? all : new Big(sizing.value);
  return sizing.kind === 'cashShare' || sizing.kind === 'equityShare' ? all.times(Math.min(1, sizing.value)) : all;
}

function unreachable(venue: string, what: string, error: unknown): Problem {
  const why = error instanceof Error ? error.message : String(error);
  return new Problem(
    'VENUE_UNREACHABLE',
    `No ${what} from venue ${venue}: ${why}. Nothing was started; try again.`,
    [],
    error,
  );
}
