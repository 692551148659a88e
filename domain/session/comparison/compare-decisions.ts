import type { EpochMs } from '../../market/decimal.ts';
import type { Decision, Signal } from '../decision.ts';
import type { BlockReason } from '../journal.ts';
import type { BacktestDecision } from './backtest-of.ts';

/** Why a session decided something else than its backtest at a bar. */
export type DecisionReason =
  /** The session has no record of the bar: it was not handled. */
  | 'NOT_DECIDED'
  /** The backtest's strategy was not asked at the bar. */
  | 'NOT_ASKED'
  /** The candle is another one than the session saw. */
  | 'CANDLE'
  /** Lines of the strategy have other values. */
  | 'VALUES'
  /** The strategy asked for the same, and the session did not do it. */
  | BlockReason
  /** The books of the session refused what it asked for: the signal's `reason` says why. */
  | 'REFUSED'
  /** Other units were held, and so the strategy asked for something else. */
  | 'POSITION'
  /** The strategy asked for something else, although candle, lines and position are the same. */
  | 'SIGNALS';

export interface DecisionDifference {
  readonly bar: EpochMs;
  readonly symbol: string;
  /** What was asked for, in order, such as `buy`; `null` where nothing was decided. */
  readonly session: readonly string[] | null;
  readonly backtest: readonly string[] | null;
  readonly reason: DecisionReason;
  readonly detail: string;
}

export interface DecisionComparison {
  readonly compared: number;
  readonly equal: number;
  /** In time. */
  readonly differences: readonly DecisionDifference[];
  /** Opening times, rising, of bars that the session did not decide on in time, whether the strategy asked for something there or not. */
  readonly missedBars: readonly EpochMs[];
}

/** Whether the backtest's books refused an order of that symbol that was given at the bar, or filled after it. */
export type WasRefused = (symbol: string, bar: EpochMs) => boolean;

/** Relative distance within which numbers of units are the same: the books count in decimals, the engine in binary fractions. */
const SAME_UNITS = 1e-9;

/** Holds what a session decided, bar by bar and symbol by symbol, against what its backtest decided. */
export function compareDecisions(
  session: readonly Decision[],
  backtest: readonly BacktestDecision[],
  wasRefused: WasRefused,
): DecisionComparison {
  // By symbol, then by bar: a year of minutes has half a million of them.
  const asked = new Map<string, Map<EpochMs, BacktestDecision>>();
  for (const decision of backtest) {
    const own = asked.get(decision.symbol);
    if (own === undefined) asked.set(decision.symbol, new Map([[decision.bar, decision]]));
    else own.set(decision.bar, decision);
  }
  let compared = 0;
  const missed = new Set<EpochMs>();
  const differences: DecisionDifference[] = [];
  const compare = (decided: Decision | null, answer: BacktestDecision | null): void => {
    compared += 1;
    if (decided === null || decided.blocked === 'MISSED') missed.add((decided ?? answer)!.bar);
    const difference = differenceOf(decided, answer, wasRefused);
    if (difference !== null) differences.push(difference);
  };
  for (const decision of session) {
    const own = asked.get(decision.symbol);
    compare(decision, own?.get(decision.bar) ?? null);
    own?.delete(decision.bar);
  }
  for (const own of asked.values()) for (const decision of own.values()) compare(null, decision);
  differences.sort((a, b) => a.bar - b.bar || (a.symbol < b.symbol ? -1 : 1));
  const missedBars = [...missed].toSorted((a, b) => a - b);
  return { compared, equal: compared - differences.length, differences, missedBars };
}

function differenceOf(
  session: Decision | null,
  backtest: BacktestDecision | null,
  wasRefused: WasRefused,
): DecisionDifference | null {
  const found = reasonOf(session, backtest, wasRefused);
  if (found === null) return null;
  const { bar, symbol } = (session ?? backtest)!;
  const told = (signals: readonly Pick<Signal, 'action'>[]): readonly string[] => signals.map(({ action }) => action);
  return {
    bar,
    symbol,
    session: session === null ? null : told(session.signals),
    backtest: backtest === null ? null : told(backtest.signals),
    reason: found[0],
    detail: found[1],
  };
}

function reasonOf(
  session: Decision | null,
  backtest: BacktestDecision | null,
  wasRefused: WasRefused,
): readonly [DecisionReason, string] | null {
  if (session === null) return ['NOT_DECIDED', 'the session has not handled the bar'];
  if (backtest === null) {
    // Before its lines are warm the backtest's strategy is not asked, and nor is that of the session.
    return session.signals.length === 0 ? null : ['NOT_ASKED', 'the strategy of the backtest was not asked at the bar'];
  }
  if (session.close !== backtest.close)
    return ['CANDLE', `the session saw a close of ${session.close}, the backtest of ${backtest.close}`];
  const line = otherLine(session, backtest) ?? otherLine(backtest, session);
  if (line !== undefined) {
    const values = [session, backtest].map(({ values: all }) => String(all[line] ?? 'none'));
    return ['VALUES', `${line} is ${values[0]!} in the session and ${values[1]!} in the backtest`];
  }
  if (session.blocked === 'STRATEGY' && backtest.signals.length > 0)
    return ['STRATEGY', 'the strategy had failed and was not asked'];
  if (!areSame(session.signals, backtest.signals)) return otherSignals(session, backtest);
  const blocked = session.signals.find(({ outcome }) => outcome === 'blocked');
  if (blocked !== undefined)
    return [session.blocked ?? 'PAUSED', `what the strategy asked for was blocked: ${blocked.reason ?? session.mode}`];
  const refused = session.signals.find(({ outcome }) => outcome === 'refused');
  if (refused === undefined || isRefusedAlike(refused, backtest, wasRefused)) return null;
  return ['REFUSED', `the books refused the ${refused.action}: ${refused.reason ?? 'no reason is known'}`];
}

/** A line of `a` that has another value in `b`. */
function otherLine(a: Pick<Decision, 'values'>, b: Pick<Decision, 'values'>): string | undefined {
  for (const name in a.values) if ((a.values[name] ?? null) !== (b.values[name] ?? null)) return name;
  return undefined;
}

/** An exit of nothing is refused by books and engine alike; the engine does not write it down. */
function isRefusedAlike(
  { reason }: Signal,
  { symbol, bar, position }: BacktestDecision,
  wasRefused: WasRefused,
): boolean {
  return wasRefused(symbol, bar) || (reason === 'NOTHING_TO_REDUCE' && position === 0);
}

function otherSignals(session: Decision, backtest: BacktestDecision): readonly [DecisionReason, string] {
  const distance = Math.abs(session.position - backtest.position);
  if (distance > SAME_UNITS * Math.max(Math.abs(session.position), Math.abs(backtest.position)))
    return ['POSITION', `the session held ${session.position} units, the backtest ${backtest.position}`];
  return [
    'SIGNALS',
    'candle, lines and position are the same: other orders were waiting, or the strategy remembers something else',
  ];
}

function areSame(
  a: readonly Pick<Signal, 'action' | 'side'>[],
  b: readonly Pick<Signal, 'action' | 'side'>[],
): boolean {
  return a.length === b.length && a.every(({ action, side }, i) => action === b[i]!.action && side === b[i]!.side);
}
