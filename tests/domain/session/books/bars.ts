import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { allocateCandles, type Candles } from '../../../../domain/market/candles.ts';
import { resample } from '../../../../domain/market/resample.ts';
import { testData } from '../../../helpers/test-data.ts';

const MINUTE_MS = 60_000;

/** A month of BTC-PERP in quarters of an hour. The file stamps its minutes at their closes. */
export function btcQuarters(): Candles {
  const text = gunzipSync(readFileSync(testData('backtesting/bars/BTC-PERP_1m_2022-01.csv.gz'))).toString('utf8');
  const lines = text.trim().split(/\r?\n/).slice(1);
  const minutes = allocateCandles('BTC-PERP', '1m', lines.length);
  lines.forEach((line, i) => {
    const [time, open, high, low, close, volume] = line.split(',');
    minutes.time[i] = Date.parse(time!) - MINUTE_MS;
    minutes.open[i] = Number(open);
    minutes.high[i] = Number(high);
    minutes.low[i] = Number(low);
    minutes.close[i] = Number(close);
    minutes.volume[i] = Number(volume);
  });
  return resample(minutes, '15m').candles;
}
