import type { DatasetRecord } from '../../adapters/ports/candle-store.ts';
import type { DownloadRecord } from '../../adapters/ports/download-store.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { iso } from '../iso.ts';

/** What of the time asked for a venue gave no candle for, before its first or after its last one; what lies between are gaps of the data set. */
export function downloadNotes(
  { from, to, venue }: DownloadRecord,
  { firstAt, lastAt, timeframe }: DatasetRecord,
): readonly string[] {
  const barMs = timeframeMs(timeframe);
  const end = lastAt + barMs;
  return [
    firstAt - from >= barMs
      ? [
          `asked from ${iso(from)}, venue "${venue}" gave candles from ${iso(firstAt)}: what lies before is not in the data set`,
        ]
      : [],
    to - end >= barMs
      ? [`asked to ${iso(to)}, venue "${venue}" gave candles to ${iso(end)}: what lies behind is not in the data set`]
      : [],
  ].flat();
}
