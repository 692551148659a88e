import Big from 'big.js';
import type { DecisionDifference } from '../../domain/session/comparison/compare-decisions.ts';
import type { SessionComparison, TradeDifference } from '../../domain/session/comparison/compare-session.ts';
import { listOf, tableOf } from './output.ts';

/** A comparison as the API gives it. */
export type ComparisonView = SessionComparison;

/** Rows of a list that can be as long as the session; `--json` has all. */
const MOST_SHOWN = 20;

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
      ['missed bars', shownOf(decisions.missedBars.map(shortTime), 'none')],
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
    decisions.differences.length === 0 ? '' : decisionTable(decisions.differences),
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

function shownOf(items: readonly string[], none: string): string {
  const more = items.length - MOST_SHOWN;
  if (items.length === 0) return none;
  return `${items.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function decisionTable(differences: readonly DecisionDifference[]): string {
  const more = differences.length - MOST_SHOWN;
  const signals = (asked: readonly string[] | null): string => (asked === null ? '–' : asked.join(', ') || 'nothing');
  const table = tableOf(
    ['bar (UTC)', 'symbol', 'session', 'backtest', 'reason', 'detail'],
    differences
      .slice(0, MOST_SHOWN)
      .map(({ bar, symbol, session, backtest, reason, detail }) => [
        shortTime(bar),
        symbol,
        signals(session),
        signals(backtest),
        reason,
        detail,
      ]),
  );
  return more > 0 ? `${table}and ${more} more: --json has all\n` : table;
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
