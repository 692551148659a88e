import { dema } from './averages/dema.ts';
import { ema } from './averages/ema.ts';
import { hma } from './averages/hma.ts';
import { kama } from './averages/kama.ts';
import { midpoint } from './averages/midpoint.ts';
import { midprice } from './averages/midprice.ts';
import { sma } from './averages/sma.ts';
import { t3 } from './averages/t3.ts';
import { tema } from './averages/tema.ts';
import { trima } from './averages/trima.ts';
import { vwma } from './averages/vwma.ts';
import { wma } from './averages/wma.ts';
import type { Indicator } from './indicator.ts';
import { apo } from './momentum/apo.ts';
import { bop } from './momentum/bop.ts';
import { cci } from './momentum/cci.ts';
import { cmo } from './momentum/cmo.ts';
import { macd } from './momentum/macd.ts';
import { mfi } from './momentum/mfi.ts';
import { mom } from './momentum/mom.ts';
import { ppo } from './momentum/ppo.ts';
import { roc } from './momentum/roc.ts';
import { rsi } from './momentum/rsi.ts';
import { stoch } from './momentum/stoch.ts';
import { stochf } from './momentum/stochf.ts';
import { stochrsi } from './momentum/stochrsi.ts';
import { trix } from './momentum/trix.ts';
import { ultosc } from './momentum/ultosc.ts';
import { willr } from './momentum/willr.ts';

/** All indicators, by family. To add one: one file, one import and one line here. */
export const indicators: readonly Indicator[] = [
  // Averages
  sma,
  ema,
  wma,
  dema,
  tema,
  trima,
  kama,
  t3,
  hma,
  vwma,
  midpoint,
  midprice,
  // Momentum
  macd,
  ppo,
  apo,
  rsi,
  stoch,
  stochf,
  stochrsi,
  cci,
  willr,
  roc,
  mom,
  cmo,
  ultosc,
  mfi,
  bop,
  trix,
  // Trend
  // Volatility and channels
  // Volume
  // Statistics
  // Candle patterns
];

/** The indicator of that name, spelt as in its `name` (`SMA`), or `undefined`. */
export function findIndicator(name: string): Indicator | undefined {
  return indicators.find((indicator) => indicator.name === name);
}
