import { failure } from '../../domain/backtest/failure.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { firstAtOrAfter } from '../../domain/backtest/engine/equity-curve.ts';
import { sliceCandles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { SessionBooks } from '../../domain/session/books/session-books.ts';
import { entryCommission } from '../../domain/session/books/size-entry.ts';
import type { ParamsFrom } from '../../domain/session/comparison/backtest-of.ts';
import { compareSession } from '../../domain/session/comparison/compare-session.ts';
import type { BookedTrade, SentOrder } from '../../domain/session/comparison/session-trades.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';
import { partChanges } from '../../domain/strategies/strategy-part.ts';
import type { Strategy } from '../../domain/strategies/strategy.ts';
import { RunControl } from '../backtests/control.ts';
import { findOrLoadStrategy } from '../backtests/resolve-strategy.ts';
import type { PageOf } from '../ports/reconciliation-store.ts';
import type { SessionOrderRow } from '../ports/session-reader.ts';
import type { SessionRecord } from '../ports/session-store.ts';
import type { Database } from '../storage/database.ts';
import { createSessionCandles } from '../storage/session-candles.ts';
import { createSessionReader } from '../storage/session-reader.ts';
import { createSessionStore } from '../storage/session-store.ts';
import { decisionsUpTo } from './decisions-up-to.ts';
import { paidCommission } from './paid-commission.ts';
import { passedOver, passingOver } from './passing-over.ts';
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
  const strategy = await strategyOf(record);
  const commission = paidCommission(journal);
  const instruments = record.spec.symbols.map((symbol) => ({
    ...record.instruments[symbol]!,
    restsStops: record.restsStops,
  }));
  const books = new SessionBooks({
    spec: record.spec,
    strategy,
    params: record.spec.strategy.params,
    instruments,
    candles,
    startBar: record.startBar,
    commission: entryCommission(record.feeRate),
  });
  // Whatever has been taken in after the last bar belongs to the bar in progress, of which the backtest knows nothing.
  const told = journal.filter(({ event, after }) => after !== lastBar || event.kind === 'bar');
  books.fold(told, lastBar);
  const { trades, openTrades, openedBy } = books.view();
  const comparison = compareSession({
    course: {
      strategy: passingOver(strategy, passedOver(told)),
      params: paramsOf(record, told),
      sizing: record.spec.sizing,
      broker: { cash: Number(record.spec.capital), commission, instruments: stepsOf(record) },
      candles,
      startBar: record.startBar,
      lastBar,
    },
    quote: record.quote,
    decisions,
    trades: [
      ...trades.map(({ trade, entryOrder, exitOrder }): BookedTrade => ({
        trade,
        // What a person has put on record has no order.
        entryOrder: entryOrder ?? 0,
        exitOrder: exitOrder ?? 0,
      })),
      ...openTrades.map((trade, i): BookedTrade => ({
        trade,
        entryOrder: openedBy[i] ?? 0,
        exitOrder: null,
      })),
    ],
    // A session that runs goes on ordering between two pages: an order is shown twice then.
    orders: [...new Map(orders.map((order) => [order.executionId, order])).values()].map(sentOrder),
  });
  return { ...comparison, commission };
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

function paramsOf({ spec }: SessionRecord, journal: readonly JournalEntry[]): readonly ParamsFrom[] {
  const changes = journal.flatMap(({ after, event }) =>
    event.kind === 'params' ? [{ after, params: event.params }] : [],
  );
  return [{ after: null, params: spec.strategy.params }, ...changes];
}

function stepsOf({ instruments }: SessionRecord) {
  return Object.fromEntries(
    Object.entries(instruments).map(([symbol, { tick, lot, minNotional }]) => [
      symbol,
      { tick: Number(tick), lot: Number(lot), minNotional: Number(minNotional) },
    ]),
  );
}

function sentOrder({ wanted, decided, filled }: SessionOrderRow): SentOrder {
  const { order, version, kind, limit, stop, bar, purpose } = wanted;
  const isTarget = purpose === 'take-profit';
  return { order, version, kind, limit, stop, bar, isTarget, mid: decided?.mid ?? null, filled };
}
