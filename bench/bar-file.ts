import { writeFile } from 'node:fs/promises';
import { syntheticCandles } from '../domain/market/synthetic-candles.ts';
import type { Timeframe } from '../domain/market/timeframe.ts';

const SEED = 7;

/** Writes synthetic bars as the CSV that a spec names. @returns what they are, for the report */
export async function writeBarFile(file: string, bars: number, timeframe: Timeframe): Promise<string> {
  const volatility = 0.001;
  const { time, open, high, low, close, volume } = syntheticCandles({ seed: SEED, bars, timeframe, volatility });
  const lines = Array.from(time, (at, i) => [at, open[i], high[i], low[i], close[i], volume[i]].join(','));
  await writeFile(file, `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`);
  return `${bars} synthetic bars of ${timeframe}, seed ${SEED}, volatility of a bar ${volatility}`;
}
