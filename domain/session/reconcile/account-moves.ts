import Big from 'big.js';
import type { EpochMs } from '../../market/decimal.ts';
import type { Side } from '../../orders/order.ts';
import { type AccountTrade, type Amounts, assetsOf } from '../../portfolio/account-trade.ts';
import { effectOf } from '../../portfolio/explain-balances.ts';

/** What an account's own reconciliation could not explain by trades: after minus before, by asset. A deposit is positive. */
export interface UnexplainedChange {
  readonly amounts: Amounts;
  readonly at: EpochMs;
}

/** An order by hand that is open at the venue. */
export interface OpenForeignOrder {
  readonly symbol: string;
  readonly orderId: string;
  readonly side: Side;
  /** `null` where the venue names none. */
  readonly price: string | null;
  readonly quantity: string;
  readonly filled: string;
}

/** What others than our sessions and executions have done to an account since a time. */
export interface AccountMoves {
  readonly foreignTrades: readonly AccountTrade[];
  readonly unexplained: readonly UnexplainedChange[];
  readonly foreignOrders: readonly OpenForeignOrder[];
}

/** Net amounts by asset: what trades by hand, deposits and withdrawals did, and what open orders by hand hold back (positive). */
export interface MovedAmounts {
  readonly byHand: ReadonlyMap<string, Big>;
  readonly byTransfer: ReadonlyMap<string, Big>;
  readonly heldBack: ReadonlyMap<string, Big>;
}

/** Sums up what others have done to an account, exactly. */
export function movedAmounts({ foreignTrades, unexplained, foreignOrders }: AccountMoves): MovedAmounts {
  const byHand = new Map<string, Big>();
  const byTransfer = new Map<string, Big>();
  const heldBack = new Map<string, Big>();
  for (const trade of foreignTrades) for (const [asset, amount] of effectOf(trade)) add(byHand, asset, amount);
  for (const { amounts } of unexplained)
    for (const [asset, amount] of Object.entries(amounts)) add(byTransfer, asset, new Big(amount));
  for (const order of foreignOrders) holdBack(heldBack, order);
  return { byHand, byTransfer, heldBack };
}

/** A sale holds base back, a purchase its price in quote; one without a price holds what nobody knows. */
function holdBack(heldBack: Map<string, Big>, { symbol, side, price, quantity, filled }: OpenForeignOrder): void {
  const { base, quote } = assetsOf(symbol);
  const open = new Big(quantity).minus(new Big(filled));
  if (!open.gt(0)) return;
  if (side === 'sell') add(heldBack, base, open);
  else if (price !== null) add(heldBack, quote, open.times(new Big(price)));
}

function add(amounts: Map<string, Big>, asset: string, amount: Big): void {
  amounts.set(asset, (amounts.get(asset) ?? new Big(0)).plus(amount));
}
