import type { ExecutionPlan, ParamValue } from '../execution/plan.ts';
import { findAlgorithm } from '../execution/registry.ts';
import { completeParams } from '../parameters/param-spec.ts';
import type { Decimal, DurationMs, EpochMs } from '../market/decimal.ts';
import type { Sha256Hex } from '../orders/client-order-id.ts';
import type { WantedOrder } from './order.ts';
import type { SessionSpec } from './spec.ts';

/** The algorithm of all orders of sessions. */
const ALGO = 'single';

/** A target whose price was passed and left again is not tried for longer: its stop is away from the venue meanwhile. */
const TARGET_MS: DurationMs = 2_000;

/** Hexadecimal digits of an execution id: as many as a UUID has. */
const ID_LENGTH = 32;

export interface OrderPlace {
  readonly executionId: string;
  readonly lot: Decimal;
  readonly now: EpochMs;
  readonly hasOwnTime: boolean;
}

/** The execution id of one version of one order: always the same, so that placing it twice is placing it once. */
export function orderExecutionId(
  sessionId: string,
  { order, version }: Pick<WantedOrder, 'order' | 'version'>,
  sha256: Sha256Hex,
): string {
  const hex = sha256(`${sessionId}|${order}|${version}`).slice(0, ID_LENGTH);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The execution plan of a wanted order. Throws a `RangeError` for terms that the algorithm refuses: the books make none of these.
 *
 * @param now venue time
 * @param hasOwnTime whether the venue replays candles, where an order waits for the next bar, however long that takes
 */
export function orderPlan(
  wanted: WantedOrder,
  { venue, orders }: Pick<SessionSpec, 'venue' | 'orders'>,
  { executionId, lot, now, hasOwnTime }: OrderPlace,
): ExecutionPlan {
  const algorithm = findAlgorithm(ALGO);
  if (algorithm === undefined) throw new RangeError(`there is no algorithm "${ALGO}"`);
  const { params, problems } = completeParams(algorithm.params, paramsOf(wanted, orders));
  if (problems.length > 0)
    throw new RangeError(
      problems.map(({ field, value, message }) => `${field} ${String(value)}: ${message}`).join('; '),
    );
  const longest = wanted.purpose === 'take-profit' && !hasOwnTime ? TARGET_MS : Number.POSITIVE_INFINITY;
  const lasts = wanted.kind === 'marketable' ? Math.min(orders.timeoutMs, longest) : algorithm.maxDurationMs;
  return {
    executionId,
    algo: ALGO,
    venue,
    symbol: wanted.symbol,
    side: wanted.side,
    quantity: wanted.quantity,
    lot,
    startAt: now,
    endAt: now + lasts,
    limit: wanted.limit,
    params: { ...params, ...ownPrice(wanted, hasOwnTime) },
  };
}

/** A sell of a session only ever reduces what it holds. */
function paramsOf(
  { kind, side, stop }: WantedOrder,
  orders: SessionSpec['orders'],
): Readonly<Record<string, ParamValue>> {
  return {
    kind,
    aggressionBps: orders.aggressionBps,
    stopSlippageBps: orders.stopSlippageBps,
    reduceOnly: side === 'sell' ? 1 : 0,
    ...(stop === null ? {} : { stopPrice: stop }),
  };
}

/**
 * Where candles are replayed the touch stands at the bar's open, or where an order has filled: a target that the bar has reached goes to the venue at its
 * own price all the same.
 */
function ownPrice({ kind, side, limit }: WantedOrder, hasOwnTime: boolean): { readonly atPrice?: Decimal } {
  return hasOwnTime && kind === 'marketable' && side === 'sell' && limit !== null ? { atPrice: limit } : {};
}
