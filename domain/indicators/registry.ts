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
import { htDcperiod } from './cycle/ht-dcperiod.ts';
import { htTrendline } from './cycle/ht-trendline.ts';
import { mama } from './cycle/mama.ts';
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
import { cdldoji } from './patterns/cdldoji.ts';
import { cdlengulfing } from './patterns/cdlengulfing.ts';
import { cdleveningstar } from './patterns/cdleveningstar.ts';
import { cdlhammer } from './patterns/cdlhammer.ts';
import { cdlharami } from './patterns/cdlharami.ts';
import { cdlmorningstar } from './patterns/cdlmorningstar.ts';
import { cdlshootingstar } from './patterns/cdlshootingstar.ts';
import { beta } from './statistics/beta.ts';
import { correl } from './statistics/correl.ts';
import { linearregSlope } from './statistics/linearreg-slope.ts';
import { linearreg } from './statistics/linearreg.ts';
import { max } from './statistics/max.ts';
import { min } from './statistics/min.ts';
import { sum } from './statistics/sum.ts';
import { tsf } from './statistics/tsf.ts';
import { adx } from './trend/adx.ts';
import { adxr } from './trend/adxr.ts';
import { aroon } from './trend/aroon.ts';
import { aroonosc } from './trend/aroonosc.ts';
import { dx } from './trend/dx.ts';
import { ichimoku } from './trend/ichimoku.ts';
import { minusDi } from './trend/minus-di.ts';
import { plusDi } from './trend/plus-di.ts';
import { sar } from './trend/sar.ts';
import { supertrend } from './trend/supertrend.ts';
import { atr } from './volatility/atr.ts';
import { bbands } from './volatility/bbands.ts';
import { donchian } from './volatility/donchian.ts';
import { keltner } from './volatility/keltner.ts';
import { natr } from './volatility/natr.ts';
import { stddev } from './volatility/stddev.ts';
import { trange } from './volatility/trange.ts';
import { variance } from './volatility/var.ts';
import { ad } from './volume/ad.ts';
import { adosc } from './volume/adosc.ts';
import { obv } from './volume/obv.ts';
import { vwap } from './volume/vwap.ts';

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
  adx,
  adxr,
  dx,
  plusDi,
  minusDi,
  aroon,
  aroonosc,
  sar,
  supertrend,
  ichimoku,
  // Volatility and channels
  bbands,
  atr,
  natr,
  trange,
  stddev,
  variance,
  keltner,
  donchian,
  // Volume
  obv,
  ad,
  adosc,
  vwap,
  // Statistics
  linearreg,
  linearregSlope,
  tsf,
  correl,
  beta,
  max,
  min,
  sum,
  // Cycles
  htTrendline,
  htDcperiod,
  mama,
  // Candle patterns
  cdldoji,
  cdlengulfing,
  cdlhammer,
  cdlshootingstar,
  cdlharami,
  cdlmorningstar,
  cdleveningstar,
  // A user's strategy gets hold of them: nobody may change what all others compute with.
].map((indicator) => Object.freeze(indicator));

/** The indicator of that name, spelt as in its `name` (`SMA`), or `undefined`. */
export function findIndicator(name: string): Indicator | undefined {
  return indicators.find((indicator) => indicator.name === name);
}
