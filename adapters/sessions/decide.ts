import { failure } from '../../domain/backtest/failure.ts';
import type { BooksView } from '../../domain/session/books/books-view.ts';
import { entryCommission } from '../../domain/session/books/size-entry.ts';
import { planOrders } from '../../domain/session/books/plan-orders.ts';
import { SessionBooks } from '../../domain/session/books/session-books.ts';
import type { Decision } from '../../domain/session/decision.ts';
import { partChanges } from '../../domain/strategies/strategy-part.ts';
import type { RunControl } from '../backtests/control.ts';
import { type ResolvedStrategy, resolveStrategy } from '../backtests/resolve-strategy.ts';
import type { Decided, DecideRequest } from '../ports/session-decider.ts';
import { foldPrint, mustAgree } from './fold-print.ts';
import type { KeptBooks, WarmBooks } from './warm-books.ts';

/** Notes that are stored with each step. */
const NOTES_SHOWN = 10;
/** Books that are kept have room for so many bars more, or an eighth of those that they have: then they are folded anew. */
const LEAST_SPARE = 256;

/**
 * Folds the books of a session, decides its bars and says what has to be done. Throws `BacktestFailure` for whatever is wrong with the strategy; it
 * runs the code of a user's where the strategy is a file.
 *
 * @param warm books of the steps before, to go on from where they can be
 */
export async function decide(
  request: DecideRequest,
  control: RunControl,
  warm: WarmBooks | null = null,
): Promise<Decided> {
  const kept = (await warmBooks(warm, request)) ?? booksOf(request, await strategyOf(request, control), warm !== null);
  const { books } = kept;
  const decisions: Decision[] = [];
  const equity: { bar: number; equity: number; cash: number }[] = [];
  for (const { time, mode, reason } of request.bars) {
    decisions.push(...books.decide(time, mode, reason));
    equity.push({ bar: time, ...books.balance });
  }
  const wanted = request.ordersWanted ? books.wanted() : [];
  const view = books.view();
  const fold = foldPrint(books, seqAfter(request));
  warm?.keep(request, kept, fold);
  return {
    decisions,
    equity,
    wanted,
    plan: planOrders(wanted, request.placed, books.holdings()),
    trades: view.trades.map((trade, i) => ({ number: i + 1, ...trade })).slice(request.knownTrades),
    books: { ...booksView(view), fold },
  };
}

/** Folds the past, and holds it against what it had come to at the step before: whatever was traded since belongs to the orders of then. */
function foldAsBefore(books: SessionBooks, { session, journal, handledUpTo }: DecideRequest): void {
  const recorded = session.books?.fold;
  if (recorded !== undefined) {
    const known = journal.filter(({ seq }) => seq <= recorded.seq);
    books.fold(known, recorded.lastBar);
    mustAgree(books, recorded);
  }
  books.fold(journal, handledUpTo);
}

/** Number of the last entry of the journal once the bars are in it: one for each that was not asked about. */
function seqAfter({ journal, bars }: DecideRequest): number {
  return (journal.at(-1)?.seq ?? 0) + bars.filter(({ mode, reason }) => mode !== 'ask' && reason !== null).length;
}

/** Books that were kept, with what has happened since: `null` where there are none, or where they cannot take it in. */
async function warmBooks(warm: WarmBooks | null, request: DecideRequest): Promise<KeptBooks | null> {
  const kept = warm?.take(request) ?? null;
  if (kept === null || !(await kept.isAsLoaded())) return null;
  kept.books.fold(request.journal, request.handledUpTo);
  return kept;
}

function booksOf(
  request: DecideRequest,
  { strategy, params, isAsLoaded }: ResolvedStrategy,
  isKept: boolean,
): KeptBooks {
  const { session, candles } = request;
  const { spec, instruments, restsStops, startBar, feeRate } = session;
  const longest = Math.max(...candles.map(({ length }) => length));
  const books = new SessionBooks({
    spec,
    strategy,
    params,
    instruments: Object.values(instruments).map((instrument) => ({ ...instrument, restsStops })),
    candles,
    startBar,
    commission: entryCommission(feeRate),
    spare: isKept ? Math.max(LEAST_SPARE, Math.ceil(longest / 8)) : 0,
  });
  foldAsBefore(books, request);
  return { books, foldedUpTo: request.handledUpTo, isAsLoaded };
}

/** The strategy with the parameters of the start. A file must be the one that the session was started with: other code would make other books. */
async function strategyOf({ session }: DecideRequest, control: RunControl): Promise<ResolvedStrategy> {
  const { spec, strategyHash, strategyParts = [] } = session;
  const resolved = await resolveStrategy(spec.strategy, control);
  if (resolved.hash !== strategyHash) {
    const file = 'file' in spec.strategy ? spec.strategy.file : spec.strategy.id;
    const changes = partChanges(file, strategyParts, resolved.parts);
    throw failure(
      'INVALID_STRATEGY',
      `the strategy is no longer what this session was started with: ${changes} (SHA-256 ${strategyHash ?? 'none'}, now ${resolved.hash ?? 'none'}): restore that and resume, or stop the session and start a new one`,
    );
  }
  return resolved;
}

function booksView({ notes, trades, ...view }: BooksView): Decided['books'] {
  const { cash, equity, positions, commission, dust, otherFees } = view;
  const newest = notes.slice(-NOTES_SHOWN);
  return { cash, equity, positions, commission, closedTrades: trades.length, dust, otherFees, notes: newest };
}
