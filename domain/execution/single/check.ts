import Big from 'big.js';
import { compare, type Decimal, floorToStep, toText } from '../../market/decimal.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { VenueAbilities } from '../algorithm.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';
import { orderKindOf } from '../style.ts';
import { stopLimitOf } from './stop-limit.ts';

/** Digits that a price may have, as `validatePlan` has it for the limit. */
const MOST_DIGITS = 15;

function stopProblem(plan: ExecutionPlan, { tick }: Instrument, venue: VenueAbilities): FieldProblem | null {
  const stop = plan.params['stopPrice'];
  const problem = (message: string, field = 'stopPrice', value: unknown = stop ?? null): FieldProblem => ({
    field,
    value,
    message,
  });
  if (orderKindOf(plan) !== 'stop') {
    return stop === undefined ? null : problem('is for kind stop alone: leave it out, or give kind stop');
  }
  if (!venue.hasStopOrders) {
    const message = `venue ${plan.venue} takes no stop orders: watch the price yourself and give kind marketable then`;
    return problem(message, 'kind', 'stop');
  }
  if (typeof stop !== 'string') return problem('missing; give the price at which the stop is triggered');
  const price = new Big(stop);
  if (price.c.length > MOST_DIGITS || price.e >= MOST_DIGITS)
    return problem(`give at most ${MOST_DIGITS} digits that count, and a number below 10^${MOST_DIGITS}`);
  if (!price.mod(tick).eq(0)) return problem(`give a multiple of the tick ${tick}`);
  if (plan.limit === null) return null;
  const side = compare(plan.limit, stop);
  if (plan.side === 'sell' && side > 0)
    return problem(`a sell stop at ${stop} needs a limit at or below it`, 'limit', plan.limit);
  if (plan.side === 'buy' && side < 0)
    return problem(`a buy stop at ${stop} needs a limit at or above it`, 'limit', plan.limit);
  return null;
}

function leastProblem(plan: ExecutionPlan, instrument: Instrument, price: Decimal): FieldProblem | null {
  const { lot, minQuantity, minNotional, base, quote } = instrument;
  const whole = floorToStep(new Big(plan.quantity), new Big(lot));
  const isOrder = whole.gt(0) && whole.gte(minQuantity) && whole.times(price).gte(minNotional);
  if (isOrder) return null;
  const message = `${toText(whole)} ${base} in whole lots at ${price} is below the venue's minimum order (lot ${lot}, minimum quantity ${minQuantity} ${base}, minimum notional ${minNotional} ${quote}): order more`;
  return { field: 'quantity', value: plan.quantity, message };
}

/** Price at which the order would trade at worst, or the mid for one that trades at once. */
function priceOf(plan: ExecutionPlan, instrument: Instrument, mid: Decimal): Decimal {
  const kind = orderKindOf(plan);
  if (kind === 'stop') return stopLimitOf(plan, instrument);
  return kind === 'limit' && plan.limit !== null ? plan.limit : mid;
}

/**
 * Whether the one order can be sent: a limit order needs its price, a stop its trigger and a venue that takes stops, a sell that reduces is a sell.
 * Whether a stop would be triggered at once is for the venue to say, which knows its last price.
 *
 * @param price mid at acceptance, in quote per base.
 */
export function checkSingle(
  plan: ExecutionPlan,
  instrument: Instrument,
  price: Decimal,
  venue: VenueAbilities,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (orderKindOf(plan) === 'limit' && plan.limit === null)
    problems.push({ field: 'limit', value: null, message: 'missing; a limit order needs its price' });
  const ofStop = stopProblem(plan, instrument, venue);
  if (ofStop !== null) problems.push(ofStop);
  if (plan.side === 'buy' && numberParam(plan, 'reduceOnly', 0) === 1)
    problems.push({ field: 'reduceOnly', value: 1, message: 'a buy does not reduce what is held: give 0, or sell' });
  if (problems.length > 0) return problems;
  const least = leastProblem(plan, instrument, priceOf(plan, instrument, price));
  return least === null ? [] : [least];
}
