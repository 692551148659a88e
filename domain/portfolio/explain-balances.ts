import Big from 'big.js';
import { decimal, type DurationMs, type EpochMs, toText } from '../market/decimal.ts';
import { signOf } from '../orders/order.ts';
import { type AccountTrade, type Amounts, assetsOf } from './account-trade.ts';

export interface BalanceQuestion {
  /** What the account held when it was compared last. */
  readonly before: Amounts;
  /** All trades of the account since then that are known, in the order of `compareTrades`. */
  readonly trades: readonly AccountTrade[];
  /** What it holds now, free and locked together. */
  readonly after: Amounts;
  /** Venue time of `after`, as near as it is known. */
  readonly asOf: EpochMs;
  /** How far `asOf` may be off. */
  readonly slackMs: DurationMs;
}

/** How balances came to be: `cut` of the trades, in their order, are in `after`; `amounts` is what they leave unexplained. */
export interface BalanceAnswer {
  readonly cut: number;
  /** After minus before minus trades, by asset; empty when everything is explained. */
  readonly amounts: Amounts;
}

/** What a venue may round each trade's amounts by: eight decimals is the finest that balances are kept in. */
const ROUNDING_PER_TRADE = new Big('0.00000001');

/**
 * Explains the change of an account's balances by its trades. A balance stands between two trades, and which two is known only within
 * `slackMs`: every place there is tried, nearest to `asOf` first, and one that explains every asset is the right one. If none does,
 * the difference at `asOf` itself is the answer.
 */
export function explainBalances({ before, trades, after, asOf, slackMs }: BalanceQuestion): BalanceAnswer {
  const nominal = trades.filter(({ at }) => at <= asOf).length;
  const changes = changesAfterEach(trades);
  for (const cut of placesNear(trades, nominal, asOf, slackMs)) {
    if (Object.keys(unexplained(before, changes[cut]!, after, cut)).length === 0) return { cut, amounts: {} };
  }
  return { cut: nominal, amounts: unexplained(before, changes[nominal]!, after, nominal) };
}

/** What a trade does to the balances of its account. */
export function effectOf(trade: AccountTrade): ReadonlyMap<string, Big> {
  const { base, quote } = assetsOf(trade.symbol);
  const sign = signOf(trade.side);
  const effect = new Map<string, Big>();
  const add = (asset: string, amount: Big): void =>
    void effect.set(asset, (effect.get(asset) ?? new Big(0)).plus(amount));
  add(base, decimal(trade.quantity).times(sign));
  add(quote, decimal(trade.quantity).times(decimal(trade.price)).times(-sign));
  add(trade.feeAsset, decimal(trade.fee).times(-1));
  return effect;
}

/** The summed effects of the first 0, 1, 2… trades. */
function changesAfterEach(trades: readonly AccountTrade[]): readonly ReadonlyMap<string, Big>[] {
  let sum: ReadonlyMap<string, Big> = new Map();
  const sums = [sum];
  for (const trade of trades) {
    const next = new Map(sum);
    for (const [asset, amount] of effectOf(trade)) next.set(asset, (next.get(asset) ?? new Big(0)).plus(amount));
    sum = next;
    sums.push(sum);
  }
  return sums;
}

/** Numbers of trades that may be in a balance of `asOf`, the likeliest first. */
function placesNear(
  trades: readonly AccountTrade[],
  nominal: number,
  asOf: EpochMs,
  slackMs: DurationMs,
): readonly number[] {
  const lowest = trades.filter(({ at }) => at < asOf - slackMs).length;
  const highest = trades.filter(({ at }) => at <= asOf + slackMs).length;
  return Array.from({ length: highest - lowest + 1 }, (_, n) => lowest + n).sort(
    (a, b) => Math.abs(a - nominal) - Math.abs(b - nominal),
  );
}

function unexplained(before: Amounts, change: ReadonlyMap<string, Big>, after: Amounts, trades: number): Amounts {
  const tolerance = ROUNDING_PER_TRADE.times(trades);
  const assets = new Set([...Object.keys(before), ...Object.keys(after), ...change.keys()]);
  const left: Record<string, string> = {};
  for (const asset of [...assets].sort()) {
    const expected = decimal(before[asset] ?? '0').plus(change.get(asset) ?? 0);
    const difference = decimal(after[asset] ?? '0').minus(expected);
    if (difference.abs().gt(tolerance)) left[asset] = toText(difference);
  }
  return left;
}
