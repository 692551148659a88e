import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { allocateCandles, type Candles } from '../../domain/market/candles.ts';
import { testData } from '../helpers/test-data.ts';
import { randomWalk } from './indicator-bars.ts';

/** Quarter-hour bars in ticks of 0.01 with gaps between them, equal prices, and bars without range or volume. */
export function tickBars(seed: number, length: number): Candles {
  return { symbol: 'WALK', timeframe: '15m', length, ...randomWalk(seed, length) };
}

/** The first bars of a month of BTC-PERP minutes. */
export function btcCandles(length: number): Candles {
  const text = gunzipSync(readFileSync(testData('backtesting/bars/BTC-PERP_1m_2022-01.csv.gz'))).toString('utf8');
  const lines = text.split(/\r?\n/).slice(1, length + 1);
  const candles = allocateCandles('BTC-PERP', '1m', length);
  lines.forEach((line, i) => {
    const [time, open, high, low, close, volume] = line.split(',');
    candles.time[i] = Date.parse(time!);
    candles.open[i] = Number(open);
    candles.high[i] = Number(high);
    candles.low[i] = Number(low);
    candles.close[i] = Number(close);
    candles.volume[i] = Number(volume);
  });
  return candles;
}
