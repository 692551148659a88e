import type { AnyParamSpec } from '../../parameters/param-spec.ts';
import { ORDER_KINDS } from '../style.ts';

/** How far beyond its trigger a stop may trade, in basis points, unless the plan says otherwise. */
export const STOP_SLIPPAGE_BPS = 50;

/**
 * Parameters of a single order that anybody may give, beside quantity, duration and limit, which every execution has. Plans of sessions may
 * have one more: `ownPriceOf`.
 */
export const singleParams: readonly AnyParamSpec[] = [
  {
    name: 'kind',
    kind: 'choice',
    title:
      'what the one order is: marketable = trade at once, not beyond the limit; limit = rest at the limit until it fills; stop = sleep at the venue until the market trades at stopPrice, then trade not beyond the limit',
    choices: ORDER_KINDS,
    default: 'marketable',
  },
  {
    name: 'stopPrice',
    kind: 'decimal',
    title: 'price at which a stop is triggered, in quote per base, in whole ticks; for kind stop alone',
  },
  {
    name: 'aggressionBps',
    kind: 'number',
    title: 'how far beyond the best opposite price a marketable order may trade, in basis points',
    min: 0,
    max: 1_000,
    default: 50,
  },
  {
    name: 'stopSlippageBps',
    kind: 'number',
    title: 'how far beyond stopPrice a stop without a limit may trade, in basis points',
    min: 0,
    max: 1_000,
    default: STOP_SLIPPAGE_BPS,
  },
  {
    name: 'reduceOnly',
    kind: 'integer',
    title:
      '1 for a sell that only reduces what is held, such as a protective stop: a halt neither refuses it nor takes it back',
    min: 0,
    max: 1,
    default: 0,
  },
];
