import type { SessionComparison, TradeDifference } from '../../domain/session/comparison/compare-session.ts';
import { listOf, tableOf } from './output.ts';

/** A comparison as the API gives it. */
export type ComparisonView = SessionComparison;

const shortTime = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** A session against its backtest, for people: the sentence, the sums, and each trade that differs. */
export function readableComparison(view: ComparisonView): string {
  const { decisions, pairs, missed, extra, totals, quote } = view;
  const differing = pairs.filter(({ difference }) => Number(difference) !== 0);
  return [
    `${view.sentence}\n`,
    listOf([
      ['bars', `${shortTime(view.firstBar)} to ${shortTime(view.lastBar)}`],
      ['decisions', `${decisions.equal} of ${decisions.compared} equal`],
      ['trades', `${pairs.length} in both, ${missed.length} only in the backtest, ${extra.length} only in the session`],
      ['profit', `${totals.session} ${quote} in the session, ${totals.backtest} in the backtest: ${totals.difference}`],
      ['of it', `timing ${totals.timing}, price ${totals.price}, size ${totals.size}, missed ${totals.missed}`],
    ]),
    differing.length === 0 ? '' : pairTable(differing),
    ...missed.map(
      ({ trade, reason, backtest }) =>
        `only in the backtest: ${trade.units} ${trade.symbol} entered ${shortTime(trade.entry.bar)}, ${backtest}: ${reason}\n`,
    ),
    ...extra.map(
      ({ trade, reason, session }) =>
        `only in the session: ${trade.units} ${trade.symbol} entered ${shortTime(trade.entry.bar)}, ${session}: ${reason}\n`,
    ),
  ].join('');
}

function pairTable(pairs: readonly TradeDifference[]): string {
  return tableOf(
    ['symbol', 'entered (UTC)', 'left (UTC)', 'session', 'backtest', 'difference', 'timing', 'price', 'size', 'missed'],
    pairs.map(({ sessionTrade: { symbol, entry, exit }, ...money }) => [
      symbol,
      shortTime(entry.bar),
      shortTime(exit.bar),
      money.session,
      money.backtest,
      money.difference,
      money.timing,
      money.price,
      money.size,
      money.missed,
    ]),
  );
}
