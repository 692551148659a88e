import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Candles } from '../../domain/market/candles.ts';
import { syntheticCandles } from '../../domain/market/synthetic-candles.ts';
import { dataFolder } from '../bars.ts';
import { SYMBOL, TIMEFRAME, VENUE } from './replayed-sessions.ts';

const MONTH_FILE = join('backtesting', 'bars', 'BTC-PERP_1m_2022-01.csv.gz');
/** Bars of history before the first that is decided: what is left of the recording when a month of 31 days is decided. */
export const WARM_UP_BARS = 26;
export const MONTH_BARS = 2_976;

/** Of the recording: all its prices are whole ticks. */
const RECORDED_TICK = '0.5';
const SYNTHETIC_TICK = '0.01';
const LOT = '0.00001';
const MIN_NOTIONAL = '5';

/** Bars that are replayed, by venue and by backtest. */
export interface ReplayedBars {
  /** What they are, for the report. */
  readonly data: string;
  /** As the data of a backtest and the feed of a venue name them. */
  readonly source: {
    readonly file: string;
    readonly timeframe: string;
    readonly stamp: 'open' | 'close';
    readonly resample?: string;
  };
  readonly isSynthetic: boolean;
  readonly tick: string;
}

/** Gives `work` one recorded month where there is the data, else made-up bars of the same number, which it takes away afterwards. */
export async function withReplayedBars<T>(
  folder: string | undefined,
  work: (bars: ReplayedBars) => Promise<T>,
): Promise<T> {
  const data = dataFolder(folder);
  if (data !== null && existsSync(join(data, MONTH_FILE))) {
    return work({
      data: 'BTC-PERP of January 2022, 1-minute bars made 15-minute bars',
      source: { file: resolve(data, MONTH_FILE), timeframe: '1m', stamp: 'close', resample: TIMEFRAME },
      isSynthetic: false,
      tick: RECORDED_TICK,
    });
  }
  const made = await mkdtemp(join(tmpdir(), 'tradewind-replay-'));
  try {
    const file = join(made, 'synthetic.csv');
    await writeFile(file, csvOf(syntheticCandles({ ...SYNTHETIC, bars: WARM_UP_BARS + MONTH_BARS + 1 })));
    return await work({
      data: `made-up 15-minute bars, seed ${SYNTHETIC.seed}`,
      source: { file, timeframe: TIMEFRAME, stamp: 'open' },
      isSynthetic: true,
      tick: SYNTHETIC_TICK,
    });
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** Of the size and the swings of the recording. */
const SYNTHETIC = { seed: 7, timeframe: TIMEFRAME, price: 40_000, volatility: 0.003 } as const;

function csvOf({ time, open, high, low, close, volume, length }: Candles): string {
  const rows = Array.from({ length }, (_, i) =>
    [new Date(time[i]!).toISOString(), open[i], high[i], low[i], close[i], volume[i]].join(','),
  );
  return `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`;
}

/** The venue that replays them, without fees: those of spot are taken from the coins, and a backtest has whole positions. */
export function venueOf({ source, isSynthetic, tick }: ReplayedBars, sessions: number): object {
  return {
    id: VENUE,
    protocol: 'binance-spot',
    feed: { kind: 'candles', ...source, warmUpBars: WARM_UP_BARS, ...(isSynthetic ? { synthetic: true } : {}) },
    markets: [{ symbol: SYMBOL, tick, lot: LOT, minNotional: MIN_NOTIONAL }],
    latencyMs: 0,
    makerBps: 0,
    takerBps: 0,
    balances: { USDT: String(sessions * 100_000), BTC: '0' },
    // Five stops of a symbol are few for several sessions of several entries each.
    limits: { openOrders: 1_000, openStopOrders: 1_000 },
  };
}

/** Steps of the market, as a backtest takes them. */
export function instrumentOf({ tick }: ReplayedBars): object {
  return { tick: Number(tick), lot: Number(LOT), minNotional: Number(MIN_NOTIONAL) };
}
