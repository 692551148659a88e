import Big from 'big.js';
import type { Decimal } from '../../market/decimal.ts';
import type { SessionComparison } from './compare-session.ts';

const CENTS = 2;
const PARTS = ['timing', 'price', 'size', 'missed'] as const;

/** Says in one sentence how a session compares with its backtest. Its figures are rounded such that they add up. */
export function sentenceOf({
  quote,
  decisions,
  pairs,
  missed,
  extra,
  totals,
}: Omit<SessionComparison, 'firstBar' | 'lastBar' | 'sentence'>): string {
  const { compared, equal, missedBars } = decisions;
  const missing =
    missedBars.length === 0 ? '' : `, ${missedBars.length} ${missedBars.length === 1 ? 'bar was' : 'bars were'} missed`;
  const asked = `${equal === compared ? 'All' : `${equal} of`} ${compared} decisions are equal${missing}`;
  const singles = [
    ...(missed.length > 0 ? [`${missed.length} only in the backtest`] : []),
    ...(extra.length > 0 ? [`${extra.length} only in the session`] : []),
  ];
  const trades = `${pairs.length} ${pairs.length === 1 ? 'trade is' : 'trades are'} in both${singles.map((each) => `, ${each}`).join('')}`;
  return `${asked}; ${trades}; ${moneyTold(totals, quote)}.`;
}

function moneyTold(totals: SessionComparison['totals'], quote: string): string {
  const [backtest, ...parts] = roundedParts([totals.backtest, ...PARTS.map((part) => totals[part])]);
  const difference = sum(parts);
  const made = `the session made ${shown(backtest!.plus(difference))} ${quote} and the backtest ${shown(backtest!)}`;
  if (parts.every((part) => part.eq(0))) return made;
  const told = PARTS.map((part, i) => `${part} ${shown(parts[i]!)}`).join(', ');
  return `${made}: a difference of ${shown(difference)} ${quote}, of which ${told}`;
}

/** Amounts rounded to cents such that their sum is the rounded sum: what is missing goes to those that rounding moved the most. */
export function roundedParts(amounts: readonly Decimal[]): readonly Big[] {
  const exact = amounts.map((amount) => new Big(amount));
  const rounded = exact.map((amount) => amount.round(CENTS));
  const total = sum(exact).round(CENTS);
  let missing = total.minus(sum(rounded));
  const cent = new Big(missing.lt(0) ? '-0.01' : '0.01');
  const byError = exact
    .map((amount, i) => ({ i, error: amount.minus(rounded[i]!).times(cent.s) }))
    .toSorted((a, b) => b.error.cmp(a.error));
  for (const { i } of byError) {
    if (missing.eq(0)) break;
    rounded[i] = rounded[i]!.plus(cent);
    missing = missing.minus(cent);
  }
  return rounded;
}

function sum(amounts: readonly Big[]): Big {
  return amounts.reduce((total, amount) => total.plus(amount), new Big(0));
}

/** Minus zero is no amount. */
function shown(amount: Big): string {
  return (amount.eq(0) ? new Big(0) : amount).toFixed(CENTS);
}
