import Big from 'big.js';
import { ceilToStep, type Decimal, floorToStep, toText } from '../../market/decimal.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Side } from '../../orders/order.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';
import { STOP_SLIPPAGE_BPS } from './params.ts';

/**
 * The worst price that a triggered stop may trade at: what was asked for, else
 *
 *     sell: stop * (1 - slippage)     buy: stop * (1 + slippage)
 *
 * in whole ticks, rounded away from the stop: a tick that is too few could leave a position without its protection.
 *
 * @returns price in quote per base, at least one tick.
 */
function stopLimitPrice(
  side: Side,
  stopPrice: Decimal,
  slippageBps: number,
  limit: Decimal | null,
  { tick }: Pick<Instrument, 'tick'>,
): Decimal {
  if (limit !== null) return limit;
  const step = new Big(tick);
  const reach = new Big(slippageBps).div(10_000);
  const stop = new Big(stopPrice);
  if (side === 'buy') return toText(ceilToStep(stop.times(reach.plus(1)), step));
  const worst = floorToStep(stop.times(new Big(1).minus(reach)), step);
  return toText(worst.lt(step) ? step : worst);
}

/** The trigger of a stop. Throws a `RangeError` for a plan that has none, which `check` refuses. */
export function stopPriceOf(plan: ExecutionPlan): Decimal {
  const stop = plan.params['stopPrice'];
  if (typeof stop !== 'string') throw new RangeError(`the plan of this ${plan.algo} has no stopPrice`);
  return stop;
}

/** The worst price of the stop of a plan. */
export function stopLimitOf(plan: ExecutionPlan, instrument: Pick<Instrument, 'tick'>): Decimal {
  const slippageBps = numberParam(plan, 'stopSlippageBps', STOP_SLIPPAGE_BPS);
  return stopLimitPrice(plan.side, stopPriceOf(plan), slippageBps, plan.limit, instrument);
}
