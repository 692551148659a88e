import { failure } from '../../domain/backtest/failure.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { firstAtOrAfter } from '../../domain/backtest/engine/equity-curve.ts';
import { sliceCandles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { partChanges } from '../../domain/strategies/strategy-part.ts';
import type { Strategy } from '../../domain/strategies/strategy.ts';
import { RunControl } from '../backtests/control.ts';
import { findOrLoadStrategy } from '../backtests/resolve-strategy.ts';
import type { PageOf } from '../ports/reconciliation-store.ts';
import type { SessionRecord } from '../ports/session-store.ts';
import type { Database } from '../storage/database.ts';
import { createSessionCandles } from '../storage/session-candles.ts';
import { createSessionReader } from '../storage/session-reader.ts';
import { createSessionStore } from '../storage/session-store.ts';
import { compareRecorded } from './compare-recorded.ts';
import { decisionsUpTo } from './decisions-up-to.ts';
import type { ComparisonDocument } from './thread-job.ts';

const PAGE = 1_000;

/**
 * Reads all of a session and holds it against its backtest. It runs the session's strategy, so it belongs into a thread. Throws `BacktestFailure` when
 * the strategy cannot be run any more, or candles are missing.
 */
export async function compareStored(database: Database, sessionId: string): Promise<ComparisonDocument> {
  const store = createSessionStore(database);
  const reader = createSessionReader(database);
  const record = await store.find(sessionId);
  if (record === null || record.lastBar === null) throw new Error(`session ${sessionId} has nothing to be compared`);
  const { lastBar } = record;
  const [journal, decisions, orders] = await Promise.all([
    store.journal(sessionId),
    decisionsUpTo(database, sessionId, lastBar),
    allOf((page) => reader.orders(sessionId, page)),
  ]);
  const candles = await candlesOf(database, record, lastBar);
  return compareRecorded({ record, lastBar, journal, decisions, orders, candles }, () => strategyOf(record));
}

async function allOf<T>(read: (page: { limit: number; cursor?: string }) => Promise<PageOf<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: PageOf<T> = await read({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

async function candlesOf(
  database: Database,
  { spec: { venue, symbols, timeframe }, firstCandle }: SessionRecord,
  lastBar: EpochMs,
): Promise<readonly Candles[]> {
  const source = createSessionCandles(database);
  return Promise.all(
    symbols.map(async (symbol) => {
      const found = await source.list({ venue, symbol, timeframe }, firstCandle);
      if (found === null) {
        const message = `the ${timeframe} candles of ${symbol} since ${new Date(firstCandle).toISOString()} are not stored any more`;
        throw failure('UNKNOWN_DATASET', message, [{ field: 'id', value: symbol, message }]);
      }
      return sliceCandles(found, 0, firstAtOrAfter(found.time, lastBar + 1));
    }),
  );
}

/** The strategy as it was: a file that has changed would be another one. */
async function strategyOf({ spec, strategyHash, strategyParts = [] }: SessionRecord): Promise<Strategy> {
  const { strategy, hash, parts } = await findOrLoadStrategy(spec.strategy, new RunControl());
  if (hash === strategyHash) return strategy;
  const changes = partChanges('its file', strategyParts, parts);
  const message = `the strategy is not the one that the session began with (${changes}): bring it back to compare them`;
  throw failure('INVALID_STRATEGY', message, [{ field: 'strategy.file', value: hash, message }]);
}
