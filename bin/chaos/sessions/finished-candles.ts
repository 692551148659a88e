import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import type { VenueRecord } from '../../stack/stack-record.ts';
import { patiently } from '../strikes.ts';

const SECOND_MS: DurationMs = 1_000;
/** What one request brings at most. */
const MOST = 1_000;
const TIMEOUT_MS: DurationMs = 10_000;

/**
 * The closes of finished candles of `barMs` that open from `from` to `until`, by their opening times, built of the exchange's own candles of one second. It
 * is asked over its public address, past everything that the platform has.
 */
export async function finishedCloses(
  venue: Pick<VenueRecord, 'rest'>,
  symbol: string,
  { from, until, barMs }: { readonly from: EpochMs; readonly until: EpochMs; readonly barMs: DurationMs },
): Promise<ReadonlyMap<EpochMs, number>> {
  const closes = new Map<EpochMs, number>();
  const last = until + barMs - SECOND_MS;
  for (let since = from; since <= last; since += MOST * SECOND_MS) {
    const query = new URLSearchParams({
      symbol: symbol.replace('/', ''),
      interval: '1s',
      startTime: String(since),
      limit: String(MOST),
    });
    const rows = await patiently(async () => {
      const response = await fetch(`${venue.rest}/api/v3/klines?${query.toString()}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the candles of ${symbol} could not be read: HTTP ${response.status}`);
      return (await response.json()) as readonly (readonly [EpochMs, string, string, string, string])[];
    });
    // In order of time, so that the last second of each bar is what remains.
    for (const [openedAt, , , , close] of rows)
      if (openedAt <= last) closes.set(openedAt - (openedAt % barMs), Number(close));
  }
  return closes;
}
