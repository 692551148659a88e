import Big from 'big.js';
import type { SessionComparison, TradeDifference } from '../../domain/session/comparison/compare-session.ts';
import { listOf, tableOf } from './output.ts';

/** A comparison as the API gives it. */
export type ComparisonView = SessionComparison;

/** Digits after the point of amounts: what lies beyond is the noise of binary fractions. */
const DIGITS = 8;
const money = (amount: string): string => new Big(amount).round(DIGITS).toFixed();

const shortTime = (time: number): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** A session against its backtest, for people: the sentence, the sums, and each trade that differs. */
export function readableComparison(view: ComparisonView): string {
  const { decisions, pairs, missed, extra, totals, quote } = view;
  const differing = pairs.filter(({ difference }) => !new Big(difference).round(DIGITS).eq(0));
  return [
    `${view.sentence}\n`,
    listOf([
      ['bars', `${shortTime(view.firstBar)} to ${shortTime(view.lastBar)}`],
      ['decisions', `${decisions.equal} of ${decisions.compared} equal`],
      ['trades', `${pairs.length} in both, ${missed.length} only in the backtest, ${extra.length} only in the session`],
      [
        'profit',
        `${money(totals.session)} ${quote} in the session, ${money(totals.backtest)} in the backtest: ${money(totals.difference)}`,
      ],
      [
        'of it',
        `timing ${money(totals.timing)}, price ${money(totals.price)}, size ${money(totals.size)}, missed ${money(totals.missed)}`,
      ],
    ]),
    differing.length === 0 ? '' : pairTable(differing),
    ...missed.map(
      ({ trade, reason, backtest }) =>
        `only in the backtest: ${trade.units} ${trade.symbol} entered ${shortTime(trade.entry.bar)}, ${money(backtest)}: ${reason}\n`,
    ),
    ...extra.map(
      ({ trade, reason, session }) =>
        `only in the session: ${trade.units} ${trade.symbol} entered ${shortTime(trade.entry.bar)}, ${money(session)}: ${reason}\n`,
    ),
  ].join('');
}

function pairTable(pairs: readonly TradeDifference[]): string {
  return tableOf(
    ['symbol', 'entered (UTC)', 'left (UTC)', 'session', 'backtest', 'difference', 'timing', 'price', 'size', 'missed'],
    pairs.map(({ sessionTrade: { symbol, entry, exit }, ...parts }) => [
      symbol,
      shortTime(entry.bar),
      shortTime(exit.bar),
      money(parts.session),
      money(parts.backtest),
      money(parts.difference),
      money(parts.timing),
      money(parts.price),
      money(parts.size),
      money(parts.missed),
    ]),
  );
}
