import Big from 'big.js';
import { type Decimal, floorToStep, maxOf, toText } from '../../market/decimal.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { FieldProblem } from '../param-spec.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';

/** Room between a slice and the venue's minimum notional, so that a falling price does not put slices below it. */
const NOTIONAL_ROOM = '1.1';

/**
 * Whether every slice can be an order: N <= Q / lot and N <= Q * price / (1.1 * minNotional).
 *
 * @param price mid at acceptance, in quote per base.
 */
export function checkTwap(plan: ExecutionPlan, instrument: Instrument, price: Decimal): readonly FieldProblem[] {
  const slices = numberParam(plan, 'slices');
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
