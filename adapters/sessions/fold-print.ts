import { createHash } from 'node:crypto';
import { failure } from '../../domain/backtest/failure.ts';
import { ENGINE_VERSION } from '../../domain/backtest/manifest.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { SessionBooks } from '../../domain/session/books/session-books.ts';
import type { FoldPrint } from '../ports/session-store.ts';

/** What books have come to, as little as two folds of one past can be told apart by: all orders that they have made, what of it is wanted, and money. */
export function foldPrint(books: SessionBooks, seq: number): FoldPrint {
  const { cash, positions, trades } = books.view();
  const made = books.ordersMade();
  const held = positions.map(({ symbol, quantity }) => [symbol, quantity]);
  const closed = trades.map(({ trade, entryOrder, exitOrder }) => [trade.pnl, entryOrder, exitOrder]);
  const text = JSON.stringify([made, books.wanted(), cash, held, closed]);
  const hash = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
  return { engine: ENGINE_VERSION, seq, lastBar: books.handled, orders: made.length, hash };
}

/** Throws `REPLAY_DIFFERS` when books that stand where they were recorded are not what they were then: what follows in the journal is of other orders. */
export function mustAgree(books: SessionBooks, recorded: FoldPrint): void {
  const found = foldPrint(books, recorded.seq);
  if (found.hash === recorded.hash && found.lastBar === recorded.lastBar) return;
  throw failure(
    'REPLAY_DIFFERS',
    `folded anew up to ${barOf(recorded.lastBar)}, the books of the session have made ${found.orders} orders and are not those that were recorded (${recorded.orders} orders, by engine ${recorded.engine}; this is ${found.engine}): ` +
      'the strategy decides otherwise than it did, as one that uses random numbers or the clock does, or its candles or the release are others. ' +
      'Nothing is traded, and what is at the venue stays: restore what has changed and resume, or stop the session (keep or cancel) and start a new one',
  );
}

function barOf(bar: EpochMs | null): string {
  return bar === null ? 'its first bar' : `bar ${new Date(bar).toISOString()}`;
}
