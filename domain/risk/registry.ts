import { allowedSymbols } from './limits/allowed-symbols.ts';
import { balance } from './limits/balance.ts';
import { halt } from './limits/halt.ts';
import { maxOpenNotional } from './limits/max-open-notional.ts';
import { maxOrderNotional } from './limits/max-order-notional.ts';
import { orderRate } from './limits/order-rate.ts';
import { priceCollar } from './limits/price-collar.ts';

/** Every limit of the gate, in the order in which denials are listed. A new limit is one file and one line here. */
export const limits = [
  halt,
  allowedSymbols,
  priceCollar,
  maxOrderNotional,
  maxOpenNotional,
  orderRate,
  balance,
] as const;

/** Any denial that a limit of the registry can give: a union told apart by `code`. */
export type LimitDenial = ReturnType<(typeof limits)[number]['check']>[number];
