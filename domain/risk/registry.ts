import { balance } from './limits/balance.ts';
import { halt } from './limits/halt.ts';
import { maxOrderNotional } from './limits/max-order-notional.ts';
import { priceCollar } from './limits/price-collar.ts';

/** Every limit of the gate, in the order in which denials are listed. A new limit is one file and one line here. */
export const limits = [halt, priceCollar, maxOrderNotional, balance] as const;

/** Any denial that a limit of the registry can give: a union told apart by `code`. */
export type LimitDenial = ReturnType<(typeof limits)[number]['check']>[number];
