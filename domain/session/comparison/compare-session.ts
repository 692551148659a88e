import Big from 'big.js';
import { type Decimal, type EpochMs, toText } from '../../market/decimal.ts';
import type { Decision } from '../decision.ts';
import { backtestOf, type SessionBacktest, type SessionCourse } from './backtest-of.ts';
import {
  compareDecisions,
  type DecisionComparison,
  type DecisionReason,
  type WasRefused,
} from './compare-decisions.ts';
import { type ComparedTrade, profitOf } from './compared-trade.ts';
import { matchTrades } from './match-trades.ts';
import { sentenceOf } from './sentence.ts';
import { type BookedTrade, type SentOrder, sessionTrades } from './session-trades.ts';
import { addSplits, type DifferenceSplit, splitExtra, splitMissed, splitPair } from './split-difference.ts';

/** A session as it was, from its stores. */
export interface SessionAsItWas {
  readonly course: SessionCourse;
  readonly quote: string;
  readonly decisions: readonly Decision[];
  /** Closed ones, and those that are open, valued at the last close as the engine's open trades are. */
  readonly trades: readonly BookedTrade[];
  readonly orders: readonly SentOrder[];
}

/** Money in quote, exact; `session - backtest = difference = timing + price + size + missed`. */
export interface Money extends DifferenceSplit {
  readonly session: Decimal;
  readonly backtest: Decimal;
  readonly difference: Decimal;
}

/** Trades that answer to each other. */
export interface TradeDifference extends Money {
  readonly sessionTrade: ComparedTrade;
  readonly backtestTrade: ComparedTrade;
}

/** A trade that only one of the two has made, and why as far as the decision on it tells. */
export interface SingleTrade extends Money {
  readonly trade: ComparedTrade;
  /** `NOT_FILLED`: both decided the same, and the order of the other did not trade; `BY_HAND`: no bar has decided it. */
  readonly reason: DecisionReason | 'NOT_FILLED' | 'BY_HAND';
  readonly detail: string;
}

export interface SessionComparison {
  /** Opening times of the first and the last bar that are compared. */
  readonly firstBar: EpochMs;
  readonly lastBar: EpochMs;
  readonly quote: string;
  readonly decisions: DecisionComparison;
  readonly pairs: readonly TradeDifference[];
  /** Only in the backtest. */
  readonly missed: readonly SingleTrade[];
  /** Only in the session. */
  readonly extra: readonly SingleTrade[];
  readonly totals: Money;
  /** All of it in one sentence, in hundredths of the quote. */
  readonly sentence: string;
}

/**
 * Holds a session against the backtest over the same candles with the same parameters: decision by decision, and trade by trade with the money that
 * they differ by. Each difference is split into timing, price, size and missed, which sum to it exactly: see `splitPair`. Throws what `runBacktest`
 * throws.
 */
export function compareSession(session: SessionAsItWas): SessionComparison {
  const { course, quote } = session;
  const backtest = backtestOf(course);
  const decisions = compareDecisions(session.decisions, backtest.decisions, refusalsOf(backtest, course));
  const matched = matchTrades(sessionTrades(session.trades, session.orders), backtest.trades);
  const pairs = matched.pairs.map((pair): TradeDifference => ({
    sessionTrade: pair.session,
    backtestTrade: pair.backtest,
    ...moneyOf(profitOf(pair.session), profitOf(pair.backtest), splitPair(pair.session, pair.backtest)),
  }));
  const missed = matched.missed.map((trade): SingleTrade => ({
    trade,
    ...whyMissed(trade, session.decisions, decisions),
    ...moneyOf(new Big(0), profitOf(trade), splitMissed(trade)),
  }));
  const extra = matched.extra.map((trade): SingleTrade => ({
    trade,
    ...whyExtra(trade, decisions),
    ...moneyOf(profitOf(trade), new Big(0), splitExtra(trade)),
  }));
  const totals = totalOf([...pairs, ...missed, ...extra]);
  return {
    firstBar: course.startBar,
    lastBar: course.lastBar,
    quote,
    decisions,
    pairs,
    missed,
    extra,
    totals,
    sentence: sentenceOf({ quote, decisions, pairs, missed, extra, totals }),
  };
}

function moneyOf(session: Big, backtest: Big, split: DifferenceSplit): Money {
  return {
    session: toText(session),
    backtest: toText(backtest),
    difference: toText(session.minus(backtest)),
    ...split,
  };
}

function totalOf(all: readonly Money[]): Money {
  const sum = (of: (money: Money) => Decimal): Big =>
    all.reduce((total, money) => total.plus(new Big(of(money))), new Big(0));
  return moneyOf(
    sum(({ session }) => session),
    sum(({ backtest }) => backtest),
    addSplits(all),
  );
}

/**
 * A market order is refused at the bar after the one that gave it, an order whose exits make no sense at once. Of orders of the last bar the engine
 * cannot know yet, and it writes down the first refusals only: there the backtest is taken to have refused what the session did, and if it did not,
 * the trades tell.
 */
function refusalsOf({ run }: SessionBacktest, { candles, lastBar }: SessionCourse): WasRefused {
  const timesOf = new Map(candles.map(({ symbol, time }) => [symbol, time]));
  const refused = new Set<string>();
  for (const { symbol, bar } of run.refusals) {
    const times = timesOf.get(symbol)!;
    for (const at of [times[bar], times[bar - 1]]) if (at !== undefined) refused.add(`${at} ${symbol}`);
  }
  const last = run.refusals.at(-1);
  const isFull = last !== undefined && run.orders.refused > run.refusals.length;
  const known = isFull ? Math.min(lastBar, timesOf.get(last.symbol)![last.bar]!) : lastBar;
  return (symbol, bar) => bar >= known || refused.has(`${bar} ${symbol}`);
}

type Why = Pick<SingleTrade, 'reason' | 'detail'>;

function whyMissed(trade: ComparedTrade, decisions: readonly Decision[], { differences }: DecisionComparison): Why {
  const isOf = ({ symbol, bar }: { readonly symbol: string; readonly bar: EpochMs }): boolean =>
    symbol === trade.symbol && bar === trade.decidedAt;
  const difference = differences.find(isOf);
  if (difference !== undefined) return { reason: difference.reason, detail: difference.detail };
  if (decisions.some(isOf))
    return { reason: 'NOT_FILLED', detail: 'the session decided the same, and its order did not trade' };
  return { reason: 'NOT_DECIDED', detail: 'the session has not handled the bar' };
}

function whyExtra({ symbol, decidedAt }: ComparedTrade, { differences }: DecisionComparison): Why {
  if (decidedAt === null) return { reason: 'BY_HAND', detail: 'no bar has decided it' };
  const difference = differences.find((each) => each.symbol === symbol && each.bar === decidedAt);
  if (difference !== undefined) return { reason: difference.reason, detail: difference.detail };
  return { reason: 'NOT_FILLED', detail: 'the backtest decided the same, and its order did not trade' };
}
