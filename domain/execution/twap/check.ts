import Big from 'big.js';
import { type Decimal, floorToStep, maxOf, toText } from '../../market/decimal.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';
import { CROSS_AFTER, isMakerFirst } from '../style.ts';

/** Room between a slice and the venue's minimum notional, so that a falling price does not put slices below it. */
const NOTIONAL_ROOM = '1.1';

/** Least time between two slices: a slice's order is never sent after the next one is due. */
const MIN_SLICE_GAP_MS = 100;

/** Least time that a maker-first slice has for waiting, and for crossing: an order and its cancel take their time. */
const MIN_PART_MS = 1_000;

function makerFirstProblem(plan: ExecutionPlan, intervalMs: number): FieldProblem | null {
  if (!isMakerFirst(plan)) return null;
  const crossAfter = numberParam(plan, 'crossAfter', CROSS_AFTER);
  const shorter = Math.floor(intervalMs * Math.min(crossAfter, 1 - crossAfter));
  if (shorter >= MIN_PART_MS) return null;
  return {
    field: 'style',
    value: plan.params['style'],
    message: `a maker-first slice would have ${shorter} ms to wait or to cross, and needs ${MIN_PART_MS}: use fewer slices, more time or a crossAfter nearer to 0.5`,
  };
}

/**
 * Whether every slice can be an order: N <= Q / lot, N <= Q * price / (1.1 * minNotional), and slices at least 100 ms apart
 * whatever the jitter of time draws. Jitter of size is not counted: a slice that it makes too small is carried to the next.
 *
 * @param price mid at acceptance, in quote per base.
 */
export function checkTwap(plan: ExecutionPlan, instrument: Instrument, price: Decimal): readonly FieldProblem[] {
  const slices = numberParam(plan, 'slices');
  const durationMs = plan.endAt - plan.startAt;
  // Two neighbours may come nearer to each other by half of j intervals each.
  const nearest = 1 - numberParam(plan, 'jitterTime', 0);
  const mostInTime = Math.floor(Math.round(durationMs * nearest) / MIN_SLICE_GAP_MS);
  if (slices > mostInTime) {
    const jittered = nearest === 1 ? '' : ', less jitter of time';
    const message = `use at most ${mostInTime} slices in ${durationMs} ms${jittered}, or more time: slices are at least ${MIN_SLICE_GAP_MS} ms apart`;
    return [{ field: 'slices', value: slices, message }];
  }
  const waitingProblem = makerFirstProblem(plan, (durationMs * nearest) / slices);
  if (waitingProblem !== null) return [waitingProblem];
  const least = maxOf(
    maxOf(new Big(instrument.lot), new Big(instrument.minQuantity)),
    new Big(instrument.minNotional).times(NOTIONAL_ROOM).div(price),
  );
  const most = Number(floorToStep(new Big(plan.quantity).div(least), new Big(1)).toFixed());
  if (slices <= most) return [];
  const advice =
    most >= 1
      ? `use at most ${most} slices, or a larger quantity`
      : `the quantity itself is below the venue's minimum of ${toText(least.round(8, Big.roundUp))} ${instrument.base}`;
  return [
    {
      field: most >= 1 ? 'slices' : 'quantity',
      value: most >= 1 ? slices : plan.quantity,
      message: `a slice would be below the venue's minimum order (lot ${instrument.lot}, minimum quantity ${instrument.minQuantity} ${instrument.base}, minimum notional ${instrument.minNotional} ${instrument.quote}): ${advice}`,
    },
  ];
}
