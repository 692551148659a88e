import { type SeededRandom, seededRandom } from '../backtest/analysis/seeded-random.ts';
import { allocateCandles, type Candles } from './candles.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

/** What moves the price of a made market. */
export type MarketKind = 'noise' | 'momentum' | 'reversion' | 'trends' | 'changing';

export const MARKET_KINDS: readonly MarketKind[] = ['noise', 'momentum', 'reversion', 'trends', 'changing'];

export interface MixtureOptions {
  readonly seed: number;
  readonly bars: number;
  readonly kind: MarketKind;
  readonly timeframe: Timeframe;
  /** Standard deviation of a bar's return in calm times, as a ratio. */
  readonly volatility: number;
}

const START = Date.UTC(2024, 0, 1);
/** Steps in a bar: its open, high, low and close are those of the path. */
const STEPS = 4;
/** Share of a bar's return that the next bar repeats, at most, where there is momentum. */
const MOMENTUM = 0.15;
/** Share of the distance from its level that a price gives back in a bar, at most. */
const PULL = 0.06;
/** Drift of a trend in standard deviations of a bar, at most, and the bars that it lasts on average. */
const TREND = 0.15;
const TREND_BARS = 150;
/** A changing market is of one kind for so many bars on average. */
const CHANGE_BARS = 600;
/** Busy times have so many times the volatility of calm ones, and either last so many bars on average. */
const BUSY = 2.2;
const BUSY_BARS = 100;

/** The strength of what moves a market, drawn once for each. */
interface Strengths {
  readonly momentum: number;
  readonly pull: number;
  readonly trend: number;
}

/**
 * Bars of a market that does not exist, of known making: pure noise, momentum, reversion to a level, trends, or a change between them; each
 * with calm and busy times and of a strength that the seed draws. For measuring what a search says of the future against what comes.
 */
export function syntheticMixture({ seed, bars, kind, timeframe, volatility }: MixtureOptions): Candles {
  const candles = allocateCandles('MIX/USD', timeframe, bars);
  const random = seededRandom(seed);
  const strengths: Strengths = {
    momentum: random.next() * MOMENTUM,
    pull: random.next() * PULL,
    trend: random.next() * TREND,
  };
  const length = timeframeMs(timeframe);
  let [last, level, previous, drift, scale] = [100, 100, 0, 0, volatility];
  let now: MarketKind = kind === 'changing' ? anyKind(random) : kind;
  for (let i = 0; i < bars; i++) {
    if (random.next() * BUSY_BARS < 1) scale = random.next() < 0.5 ? volatility : volatility * BUSY;
    if (random.next() * TREND_BARS < 1) drift = (random.index(3) - 1) * strengths.trend * volatility;
    if (kind === 'changing' && random.next() * CHANGE_BARS < 1) now = anyKind(random);
    let pull = 0;
    if (now === 'momentum') pull = strengths.momentum * previous;
    else if (now === 'reversion') pull = strengths.pull * (level / last - 1);
    else if (now === 'trends') pull = drift;
    level *= 1 + near(random) * volatility * 0.3;
    let [value, high, low] = [last, last, last];
    for (let step = 0; step < STEPS; step++) {
      value *= 1 + pull / STEPS + (near(random) * scale) / Math.sqrt(STEPS);
      high = Math.max(high, value);
      low = Math.min(low, value);
    }
    candles.time[i] = START + i * length;
    candles.open[i] = last;
    candles.high[i] = high;
    candles.low[i] = low;
    candles.close[i] = value;
    candles.volume[i] = 1;
    previous = value / last - 1;
    last = value;
  }
  return candles;
}

function anyKind(random: SeededRandom): MarketKind {
  return MARKET_KINDS[random.index(MARKET_KINDS.length - 1)]!;
}

/** Near a normal draw: the sum of three uniforms has variance 1/4. */
function near(random: SeededRandom): number {
  return (random.next() + random.next() + random.next() - 1.5) * 2;
}
