import Big from 'big.js';
import { decimal, toText } from '../../market/decimal.ts';
import { nonNegative } from '../amounts.ts';
import type { AssetAmounts, GateInput, GateOrder } from '../gate-input.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export type BalanceDenial =
  | (DenialShape & { readonly code: 'BALANCE_INSUFFICIENT'; readonly asset: string })
  | (DenialShape & { readonly code: 'BALANCE_MISSING' | 'RESERVED_MISSING' | 'FEE_RATE_MISSING' });

/**
 * Refuses an order that needs more than what is free and not held back for other intents: quantity * price * (1 + feeRate) of the
 * quote asset for a buy, the quantity of the base asset for a sell (whose fee comes out of the proceeds).
 */
export const balance: RiskLimit<BalanceDenial> = {
  id: 'balance',
  codes: ['BALANCE_INSUFFICIENT', 'BALANCE_MISSING', 'RESERVED_MISSING', 'FEE_RATE_MISSING'],
  needs: ['balances', 'reserved', 'feeRate'],
  check({ order, balances, reserved, feeRate }: GateInput) {
    if (balances === null) {
      const message = `The balances at ${order.venue} are not known, so it is not known whether they suffice.`;
      return [{ code: 'BALANCE_MISSING', value: null, limit: null, message }];
    }
    if (reserved === null) {
      const message = 'What is held back for other orders is not known, so it is not known what is free.';
      return [{ code: 'RESERVED_MISSING', value: null, limit: null, message }];
    }
    if (feeRate === null) {
      const message = `The fee rate at ${order.venue} is not known, so it is not known what the order needs.`;
      return [{ code: 'FEE_RATE_MISSING', value: null, limit: null, message }];
    }
    const { asset, amount } = needOf(order, nonNegative('feeRate', feeRate));
    const available = availableOf(order, balances, reserved);
    if (amount.lte(available)) return [];
    const value = toText(amount);
    const limit = toText(available);
    const message =
      `The order needs ${value} ${asset}; ${limit} ${asset} are free at ${order.venue} after what other orders hold back. ` +
      'Order less or add funds.';
    return [{ code: 'BALANCE_INSUFFICIENT', value, limit, asset, message }];
  },
};

/**
 * What an order takes from the account at worst, and in which asset; the caller reserves the same amount with the intent. It is
 * rounded up to the 18 decimals that decimal text may have, as price, quantity and rate together can have more.
 */
export function needOf(
  order: Pick<GateOrder, 'side' | 'base' | 'quote' | 'quantity' | 'price'>,
  feeRate: Big,
): { asset: string; amount: Big } {
  const quantity = decimal(order.quantity);
  if (order.side === 'sell') return { asset: order.base, amount: quantity };
  return {
    asset: order.quote,
    amount: quantity.times(decimal(order.price)).times(feeRate.plus(1)).round(18, Big.roundUp),
  };
}

function availableOf(order: GateOrder, balances: AssetAmounts, reserved: AssetAmounts): Big {
  const asset = order.side === 'sell' ? 'base' : 'quote';
  return decimal(balances[asset]).minus(nonNegative(`reserved.${asset}`, reserved[asset]));
}
