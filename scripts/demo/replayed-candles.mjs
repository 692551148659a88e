import { writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

export const SYMBOL = 'BTC/USDT';
/** History before the first candle that is decided. */
const WARM_UP_BARS = 50;
/** Candles that are played. */
export const BARS = 300;
/** With fewer there is nothing to prove. */
const LEAST_BARS = 100;
/** Digits of prices and quantities together, as the wire has them. */
const WIRE_DIGITS = 8;
const MOST_LOT_DIGITS = 5;

const SYNTHETIC = { seed: 11, timeframe: '15m', price: 40_000, volatility: 0.003 };

/** The folder of the built program: it is built after this file is loaded. */
const built = (path) => import(new URL(`../../dist/${path}`, import.meta.url));

/**
 * Candles of the second act: what they are in words, how venue and backtest read them, and the steps of a market that has their prices.
 * @param recorded `{file, timeframe, stamp, resample}` of candles of one's own; made-up ones without
 */
export async function candlesOf(home, recorded) {
  const { resample } = await built('domain/market/resample.js');
  const { readCandleFile } = await built('adapters/candles/read-candle-file.js');
  const isSynthetic = recorded === undefined;
  const source = isSynthetic ? await synthetic(home) : { ...recorded, file: resolve(recorded.file) };
  const { candles: read } = await readCandleFile(source.file, { ...source, symbol: SYMBOL });
  const timeframe = source.resample ?? source.timeframe;
  const candles = timeframe === source.timeframe ? read : resample(read, timeframe).candles;
  const bars = Math.min(BARS, candles.length - WARM_UP_BARS - 1);
  if (bars < LEAST_BARS) {
    throw new Error(
      `${source.file} has ${candles.length} candles of ${timeframe}: give at least ${LEAST_BARS + WARM_UP_BARS + 1}`,
    );
  }
  return {
    isSynthetic,
    title: isSynthetic
      ? `${bars} SYNTHETIC candles of ${timeframe} (made up, seed ${SYNTHETIC.seed})`
      : `${bars} RECORDED candles of ${timeframe} from ${basename(source.file)}`,
    source,
    timeframe,
    bars,
    warmUpBars: WARM_UP_BARS,
    ...stepsOf(candles),
    stopLoss: stopOf(candles),
  };
}

async function synthetic(home) {
  const { syntheticCandles } = await built('domain/market/synthetic-candles.js');
  const made = syntheticCandles({ ...SYNTHETIC, bars: WARM_UP_BARS + BARS + 1 });
  const rows = Array.from(made.time, (time, i) =>
    [new Date(time).toISOString(), made.open[i], made.high[i], made.low[i], made.close[i], made.volume[i]].join(','),
  );
  const file = join(home, 'synthetic-candles.csv');
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return { file, timeframe: SYNTHETIC.timeframe, stamp: 'open' };
}

/** The finest step that the prices need, and one of quantities of which a trade of a third of the capital has about a thousand. */
function stepsOf({ open, high, low, close, length }) {
  let digits = 0;
  for (let i = 0; i < length; i += 1) {
    for (const price of [open[i], high[i], low[i], close[i]]) {
      while (Number(price.toFixed(digits)) !== price) {
        digits += 1;
        if (digits > WIRE_DIGITS) throw new Error(`the price ${price} has more than ${WIRE_DIGITS} digits`);
      }
    }
  }
  const wanted = Math.ceil(Math.log10(open[0])) - 1;
  const lotDigits = Math.max(0, Math.min(MOST_LOT_DIGITS, wanted, WIRE_DIGITS - digits));
  return {
    tick: (10 ** -digits).toFixed(digits),
    lot: (10 ** -lotDigits).toFixed(lotDigits),
    lotDigits,
    price: open[0],
  };
}

/** Ranges of a candle between entry and stop loss: near enough to be hit now and then. */
const STOP_RANGES = 1.2;

/** Distance of the protective stop, as a share of the price. */
function stopOf({ high, low, close, length }) {
  let sum = 0;
  for (let i = 0; i < length; i += 1) sum += (high[i] - low[i]) / close[i];
  return Number(((STOP_RANGES * sum) / length).toPrecision(2));
}
