import Big from 'big.js';
import type { GateConfig } from '../risk/gate-input.ts';
import type { Denial } from '../risk/verdict.ts';
import { type ExecutionPlan, numberParam } from './plan.ts';
import { ownPriceOf } from './single/own-price.ts';
import { orderKindOf } from './style.ts';

/** Denials that no time within an execution heals: quantity, symbol and the gate's own settings stay what they are. */
const LASTING: readonly Denial['code'][] = [
  'SYMBOL_NOT_ALLOWED',
  'ALLOWED_SYMBOLS_UNSET',
  'ORDER_NOTIONAL_TOO_LARGE',
  'MAX_ORDER_NOTIONAL_UNSET',
  'ORDER_QUOTE_RATE_UNSET',
  'MAX_OPEN_NOTIONAL_UNSET',
  'OPEN_QUOTE_RATE_UNSET',
  'COLLAR_UNSET',
  'QUOTE_AGE_LIMIT_UNSET',
  'ORDER_RATE_LIMIT_UNSET',
];

/**
 * The first of a gate's denials that the one order of an execution would meet again whenever it is tried; `null` when all of them may pass, and for an
 * execution of many orders, whose later ones are others.
 */
export function lastingDenial(
  plan: ExecutionPlan,
  denials: readonly Denial[],
  config: Pick<GateConfig, 'collarBps'>,
): Denial | null {
  const kind = orderKindOf(plan);
  if (kind === null) return null;
  const isLasting = ({ code }: Denial): boolean => {
    if (code !== 'PRICE_OUTSIDE_COLLAR') return LASTING.includes(code);
    // A stop is held against its own trigger. A limit may be reached by the market, as may a price of its own.
    if (kind !== 'marketable') return kind === 'stop';
    if (ownPriceOf(plan) !== null) return false;
    return config.collarBps !== null && reachesCollar(numberParam(plan, 'aggressionBps', 0), config.collarBps);
  };
  return denials.find(isLasting) ?? null;
}

/** Whether orders that may trade so far beyond the best price lie beyond the collar, which counts from the mid: the best price is beyond that already. */
export function reachesCollar(reachBps: number, collarBps: string): boolean {
  return new Big(reachBps).gte(collarBps);
}
