import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleFeedConfig } from '../../../simulator/feeds/candles/candle-feed-config.ts';
import { adminRequest, type Answered } from './requests.ts';
import { type RunningVenue, startVenue, temporaryFolder, type VenueOptions } from './running-venue.ts';

export const BAR_MS = 900_000;
/** When the first bar of a written file opens. */
export const FIRST_BAR = Date.UTC(2024, 0, 1);

/** A row of a file: open, high, low, close, volume. */
export type WrittenBar = readonly [open: string, high: string, low: string, close: string, volume: string];

/** Writes 15-minute bars that follow one another from `FIRST_BAR` on, stamped with their opens. */
export function writeCandles(bars: readonly WrittenBar[], folder = temporaryFolder()): string {
  const file = join(folder, 'candles.csv');
  const rows = bars.map((bar, index) => [new Date(FIRST_BAR + index * BAR_MS).toISOString(), ...bar].join(','));
  writeFileSync(file, `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`);
  return file;
}

/** The feed of a venue that replays a file of 15-minute bars, of which one is history. */
export function candleFeed(file: string, options: Partial<CandleFeedConfig> = {}): CandleFeedConfig {
  return {
    kind: 'candles',
    file,
    timeframe: '15m',
    stamp: 'open',
    zone: 'UTC',
    columns: {},
    resample: null,
    warmUpBars: 1,
    from: null,
    to: null,
    synthetic: false,
    ...options,
  };
}

/** Starts a venue on the bars; the first is its history. */
export async function startCandleVenue(bars: readonly WrittenBar[], options: VenueOptions = {}): Promise<RunningVenue> {
  return startVenue(candleFeed(writeCandles(bars)), options);
}

export function release({ admin }: RunningVenue, phase: string, index?: number): Promise<Answered> {
  return adminRequest(admin, 'POST', '/candles/release', index === undefined ? { phase } : { phase, index });
}
