import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import { planOrders } from '../../../domain/session/books/plan-orders.ts';
import { SessionBooks } from '../../../domain/session/books/session-books.ts';
import type { BarContext, Strategy } from '../../../domain/strategies/strategy.ts';

/** Decides with a strategy of the test's: the same as the thread does, without a registry and a file. */
export function decideWith(strategy: Strategy): SessionDecider {
  return {
    decide: async ({ session, candles, journal, handledUpTo, bars, placed, ordersWanted, knownTrades }) => {
      const { spec, instruments, restsStops, startBar } = session;
      const books = new SessionBooks({
        spec,
        strategy,
        params: {},
        instruments: Object.values(instruments).map((instrument) => ({ ...instrument, restsStops })),
        candles,
        startBar,
      });
      books.fold(journal, handledUpTo);
      const decisions = bars.flatMap(({ time, mode, reason }) => books.decide(time, mode, reason));
      const wanted = ordersWanted ? books.wanted() : [];
      const { trades, notes: _, ...view } = books.view();
      return {
        decisions,
        equity: [],
        wanted,
        plan: planOrders(wanted, placed, books.holdings()),
        trades: trades.map((trade, i) => ({ number: i + 1, ...trade })).slice(knownTrades),
        books: { ...view, closedTrades: trades.length },
      };
    },
    close: async () => undefined,
  };
}

/** A strategy that does at the bars with these numbers, from the first that it is asked at, what the script says. */
decideWith.script = (script: Readonly<Record<number, (context: BarContext) => void>>): Strategy => ({
  id: 'scripted',
  title: 'Scripted',
  params: [],
  prepare: () => {
    let asked = 0;
    return (context) => script[asked++]?.(context);
  },
});
