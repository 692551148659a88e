import type { DownloadRecord, NewDownload } from '../../adapters/ports/download-store.ts';
import { gridOf, barOpen, isOnGrid } from '../../domain/market/bar-grid.ts';
import { isoOf } from '../../domain/market/candle-checks.ts';
import { isTimeframe } from '../../domain/market/timeframe.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { downloadWorkflowId } from '../../workflows/download/messages.ts';
import { suggestion } from '../../domain/parameters/closest-match.ts';
import { hashBody, idFromKey } from '../idempotency.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import type { DownloadRequest } from '../routes/datasets/download-schema.ts';

type Stores = Pick<ApiDependencies, 'downloads' | 'venues' | 'market' | 'clock' | 'newId'>;

/** More bars than anybody wants at once: a typing error in a date. */
const MOST_BARS = 20_000_000;

export interface AcceptedDownload {
  readonly download: DownloadRecord;
  /** `false` when the idempotency key had led to it before. */
  readonly created: boolean;
}

/** Checks a download and stores it with its idempotency key. Throws `Problem` for whatever is wrong; nothing is stored then. */
export async function acceptDownload(
  stores: Stores,
  request: DownloadRequest,
  by: { readonly owner: string; readonly key: string | null },
): Promise<AcceptedDownload> {
  const { key, owner } = by;
  const id = key === null ? stores.newId() : idFromKey(owner, key);
  const claim = key === null ? null : { key, bodyHash: hashBody(request) };
  // A request that was accepted before is answered from the store: its times may not pass the checks any more.
  const known = key === null ? null : await stores.downloads.findDownload(id);
  const download = known ?? (await planDownload(stores, request, id, owner));
  const acceptance = await stores.downloads.acceptDownload(download, claim);
  if (acceptance.kind === 'key-reused') {
    throw new Problem(
      'IDEMPOTENCY_KEY_REUSED',
      `The key "${key}" was used for another body before; choose a new key for a new download.`,
      [{ field: 'Idempotency-Key', value: key, message: 'belongs to another body' }],
    );
  }
  return { download: acceptance.download, created: acceptance.kind === 'accepted' };
}

async function planDownload(
  stores: Stores,
  { venue, symbol, timeframe, from, to }: DownloadRequest,
  id: string,
  owner: string,
): Promise<NewDownload> {
  await checkMarket(stores, venue, symbol);
  if (!isTimeframe(timeframe)) {
    const message = 'give a number and s, m, h, d or w, for example "15m"';
    throw fieldsProblem('INVALID_FIELDS', [{ field: 'timeframe', value: timeframe, message }]);
  }
  // Without a connection of our own to the venue its worker says so, when it has begun.
  const offered = stores.market(venue)?.candleTimeframes();
  if (offered !== undefined && !offered.includes(timeframe)) {
    const message = `venue ${venue} has no ${timeframe} candles; known: ${offered.join(', ') || 'none'}`;
    throw fieldsProblem('INVALID_FIELDS', [{ field: 'timeframe', value: timeframe, message }]);
  }
  const grid = gridOf(timeframe);
  const closed = barOpen(grid, stores.clock.now());
  const range = { from: Date.parse(from), to: to === undefined ? closed : Date.parse(to) };
  const problems: FieldProblem[] = [];
  for (const [field, value] of Object.entries(range)) {
    if (!isOnGrid(grid, value)) {
      const message = `no ${timeframe} bar opens then; the nearest before is ${isoOf(barOpen(grid, value))}`;
      problems.push({ field, value: isoOf(value), message });
    }
  }
  if (range.to > closed) {
    const message = `the bars until then have not all closed; give at most ${isoOf(closed)}, or leave it out`;
    problems.push({ field: 'to', value: isoOf(range.to), message });
  }
  if (range.from >= range.to) {
    problems.push({ field: 'from', value: isoOf(range.from), message: `give a time before ${isoOf(range.to)}` });
  } else if ((range.to - range.from) / grid.stepMs > MOST_BARS) {
    const message = `more than ${MOST_BARS} bars until ${isoOf(range.to)}; give a later time`;
    problems.push({ field: 'from', value: isoOf(range.from), message });
  }
  if (problems.length > 0) throw fieldsProblem('INVALID_FIELDS', problems);
  return { id, workflowId: downloadWorkflowId(id), owner, venue, symbol, timeframe, ...range };
}

async function checkMarket({ venues }: Stores, venue: string, symbol: string): Promise<void> {
  const ids = (await venues.listVenues()).map((entry) => entry.profile.id);
  if (!ids.includes(venue)) {
    throw fieldsProblem('UNKNOWN_VENUE', [
      { field: 'venue', value: venue, message: `no such venue; ${suggestion(venue, ids)}` },
    ]);
  }
  if ((await venues.findInstrument(venue, symbol)) !== null) return;
  const symbols = (await venues.listInstruments(venue)).map((each) => each.symbol);
  throw fieldsProblem('UNKNOWN_SYMBOL', [
    { field: 'symbol', value: symbol, message: `venue ${venue} does not trade it; ${suggestion(symbol, symbols)}` },
  ]);
}
