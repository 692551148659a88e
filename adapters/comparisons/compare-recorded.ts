import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { SessionBooks } from '../../domain/session/books/session-books.ts';
import { entryCommission } from '../../domain/session/books/size-entry.ts';
import type { ParamsFrom } from '../../domain/session/comparison/backtest-of.ts';
import { compareSession } from '../../domain/session/comparison/compare-session.ts';
import type { BookedTrade, SentOrder } from '../../domain/session/comparison/session-trades.ts';
import type { Decision } from '../../domain/session/decision.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';
import type { Strategy } from '../../domain/strategies/strategy.ts';
import type { SessionOrderRow } from '../ports/session-reader.ts';
import type { SessionRecord } from '../ports/session-store.ts';
import { paidCommission } from './paid-commission.ts';
import { passedOver, passingOver } from './passing-over.ts';
import type { ComparisonDocument } from './thread-job.ts';

type ComparedRecord = Pick<SessionRecord, 'spec' | 'instruments' | 'restsStops' | 'feeRate' | 'startBar' | 'quote'>;

/** What is stored of a session up to its last bar. */
export interface RecordedSession {
  readonly record: ComparedRecord;
  /** Opening time of the last bar that it has handled. */
  readonly lastBar: EpochMs;
  readonly journal: readonly JournalEntry[];
  readonly decisions: readonly Decision[];
  readonly orders: readonly SessionOrderRow[];
  readonly candles: readonly Candles[];
}

/**
 * Folds the books of a session once more and holds it against its backtest. Throws what `compareSession` throws.
 *
 * @param load the session's strategy, loaded anew each time: what it keeps in variables of its module belongs to one run, and here are two
 */
export async function compareRecorded(
  { record, lastBar, journal, decisions, orders, candles }: RecordedSession,
  load: () => Promise<Strategy>,
): Promise<ComparisonDocument> {
  const ofSession = await load();
  const ofBacktest = await load();
  const commission = paidCommission(journal);
  const instruments = record.spec.symbols.map((symbol) => ({
    ...record.instruments[symbol]!,
    restsStops: record.restsStops,
  }));
  const books = new SessionBooks({
    spec: record.spec,
    strategy: ofSession,
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
      strategy: passingOver(ofBacktest, passedOver(told)),
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

function paramsOf({ spec }: ComparedRecord, journal: readonly JournalEntry[]): readonly ParamsFrom[] {
  const changes = journal.flatMap(({ after, event }) =>
    event.kind === 'params' ? [{ after, params: event.params }] : [],
  );
  return [{ after: null, params: spec.strategy.params }, ...changes];
}

function stepsOf({ instruments }: ComparedRecord) {
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
