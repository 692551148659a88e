import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Side } from '../orders/order.ts';

/** One trade of an account, ours or not, as far as it moves balances. */
export interface AccountTrade {
  readonly tradeId: string;
  /** Unified spot symbol, e.g. `BTC/USDT`. */
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  /** Base. */
  readonly quantity: Decimal;
  /** Positive for what was paid. */
  readonly fee: Decimal;
  readonly feeAsset: string;
  /** Venue time. */
  readonly at: EpochMs;
}

/** Amounts by asset. An asset that is left out has none. */
export type Amounts = Readonly<Record<string, Decimal>>;

/** Which trade is the last of those that a snapshot of balances contains. */
export interface TradeCut {
  readonly at: EpochMs;
  readonly symbol: string;
  readonly tradeId: string;
}

/** Orders trades by time, then symbol, then trade id, which counts upwards at a venue: shorter ids are older. */
export function compareTrades(a: TradeCut, b: TradeCut): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.symbol !== b.symbol) return a.symbol < b.symbol ? -1 : 1;
  if (a.tradeId.length !== b.tradeId.length) return a.tradeId.length - b.tradeId.length;
  if (a.tradeId === b.tradeId) return 0;
  return a.tradeId < b.tradeId ? -1 : 1;
}

/** The base and quote asset of a unified spot symbol. Throws a `RangeError` that names a text which is none. */
export function assetsOf(symbol: string): { readonly base: string; readonly quote: string } {
  const match = /^([^/:]+)\/([^/:]+)$/.exec(symbol);
  if (match === null) throw new RangeError(`"${symbol}" is no spot symbol such as BTC/USDT`);
  return { base: match[1]!, quote: match[2]! };
}
