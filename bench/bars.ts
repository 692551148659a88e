import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCandleFile } from '../adapters/candles/read-candle-file.ts';
import { BadCandles } from '../domain/market/candle-checks.ts';
import type { Candles } from '../domain/market/candles.ts';
import { syntheticCandles, type SyntheticCandlesOptions } from '../domain/market/synthetic-candles.ts';
import { projectRoot } from '../bin/terminal/home.ts';
import { InvalidInput } from '../bin/stack/failures.ts';
import { writeBarFolder } from './bar-folder.ts';
import type { BarsName } from './workload.ts';

const DAYS_FILE = join('backtesting', 'bars', 'GOOG_1d_2004-2013.csv');
const DAYS = 2_148;
const SEED = 20_040_819;
/** So large that a random walk of millions of bars stays far above the cents that its prices are rounded to. */
const LARGE_PRICE = 100_000;

/** Bars in a folder that all programs read. */
export interface BarFolder {
  readonly folder: string;
  readonly length: number;
  /** What they are, for the report. */
  readonly data: string;
}

/** The data folder: what was asked for, else `TRADEWIND_TEST_DATA`, else the one beside the project; `null` where there is none. */
export function dataFolder(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string | null {
  const named = option ?? (env['TRADEWIND_TEST_DATA'] || undefined);
  if (named !== undefined) {
    if (!existsSync(join(named, DAYS_FILE))) {
      throw new InvalidInput(`the data folder ${resolve(named)} has no ${DAYS_FILE}: give another --data-folder`);
    }
    return named;
  }
  const beside = join(projectRoot(), '..', 'shared', 'data');
  return existsSync(join(beside, DAYS_FILE)) ? beside : null;
}

/** Makes the bars of workloads in folders below `root`, each once. */
export class BarSource {
  readonly #root: string;
  readonly #data: string | null;
  readonly #made = new Map<BarsName, Promise<BarFolder>>();

  /** @param data folder of market data, or `null` for bars of the same shape that are made up */
  constructor(root: string, data: string | null) {
    this.#root = root;
    this.#data = data;
  }

  folderOf(name: BarsName): Promise<BarFolder> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#made.set(name, made);
    return made;
  }

  async #make(name: BarsName): Promise<BarFolder> {
    const { candles, data } = await this.#candles(name);
    const folder = join(this.#root, name);
    await writeBarFolder(folder, candles);
    return { folder, length: candles.length, data };
  }

  async #candles(name: BarsName): Promise<{ readonly candles: Candles; readonly data: string }> {
    switch (name) {
      case 'days':
        return this.#data === null
          ? synthetic({ bars: DAYS, timeframe: '1d', price: 100, volatility: 0.02 })
          : fileOfDays(join(this.#data, DAYS_FILE));
      case 'minutes-200k':
        return synthetic({ bars: 200_000, timeframe: '1m', price: 100, volatility: 0.001 });
      case 'minutes-200k-fine':
        return synthetic({ bars: 200_000, timeframe: '1m', price: LARGE_PRICE, volatility: 0.0005 });
      case 'minutes-1m':
        return synthetic({ bars: 1_000_000, timeframe: '1m', price: LARGE_PRICE, volatility: 0.0005 });
      case 'minutes-10m':
        return synthetic({ bars: 10_000_000, timeframe: '1m', price: LARGE_PRICE, volatility: 0.001 });
    }
  }
}

async function fileOfDays(file: string): Promise<{ readonly candles: Candles; readonly data: string }> {
  try {
    const { candles } = await readCandleFile(file, { symbol: 'GOOG', timeframe: '1d', stamp: 'open' });
    return { candles, data: `GOOG, ${candles.length} days from 2004 to 2013` };
  } catch (error) {
    if (error instanceof BadCandles) throw new InvalidInput(`${file}: ${error.message}`);
    throw error;
  }
}

function synthetic(shape: Required<Pick<SyntheticCandlesOptions, 'bars' | 'timeframe' | 'price' | 'volatility'>>): {
  readonly candles: Candles;
  readonly data: string;
} {
  const candles = syntheticCandles({ seed: SEED, ...shape });
  const { bars, timeframe, price, volatility } = shape;
  const data = `${bars} synthetic bars of ${timeframe}, seed ${SEED}, first price ${price}, volatility of a bar ${volatility}`;
  return { candles, data };
}
