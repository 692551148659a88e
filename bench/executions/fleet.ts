import { setTimeout as delay } from 'node:timers/promises';
import { openMarkets, quantityOf } from '../../bin/chaos/markets.ts';
import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { BenchStack } from '../stack.ts';
import { SLICE_NOTIONAL, SYMBOL, VENUE } from './bench-venue.ts';
import { inParallel } from './in-parallel.ts';
import { countOpen } from './ledger.ts';
import type { EvenExecution } from './slice-lateness.ts';

/** How long before its start an execution is asked for. */
const AHEAD_MS: DurationMs = 5_000;
const STARTS_AT_ONCE = 8;
const POLL_MS = 500;

export interface FleetOptions {
  readonly executions: number;
  readonly slices: number;
  readonly sliceMs: DurationMs;
  /** The first start. */
  readonly from: EpochMs;
}

/** Where each execution of a fleet starts, so that all their slices together are evenly spread over the interval. */
export function fleetStarts({ executions, sliceMs, from }: FleetOptions): readonly EpochMs[] {
  return Array.from({ length: executions }, (_, k) => from + Math.floor((k * sliceMs) / executions));
}

/**
 * Starts TWAPs one after another over one interval between slices, every other one a sale, and returns them once all are accepted. Throws what the API
 * refuses.
 */
export async function startFleet(stack: BenchStack, options: FleetOptions): Promise<readonly EvenExecution[]> {
  const quantity = await quantityFor(stack, options.slices);
  const { slices, sliceMs } = options;
  const fleet: EvenExecution[] = [];
  await inParallel(STARTS_AT_ONCE, fleetStarts(options), async (startAt, k) => {
    await untilTime(startAt - AHEAD_MS);
    const body = twapBody({ startAt, slices, sliceMs, quantity, side: k % 2 === 0 ? 'buy' : 'sell' });
    const { id } = await stack.client.post<{ id: string }>('/v1/executions', body);
    fleet.push({ id, startAt, sliceMs, slices });
  });
  return fleet;
}

/** How much of the base the slices of one execution come to together. */
export async function quantityFor(stack: BenchStack, slices: number): Promise<Decimal> {
  const market = (await openMarkets(stack.record())).find(({ symbol }) => symbol === SYMBOL);
  if (market === undefined) throw new Error(`the venue of the measurement has no ${SYMBOL}`);
  return quantityOf(SLICE_NOTIONAL * slices, market);
}

/** What the API is asked for. */
export function twapBody({
  startAt,
  slices,
  sliceMs,
  quantity,
  side,
}: Pick<EvenExecution, 'startAt' | 'slices' | 'sliceMs'> & {
  readonly quantity: Decimal;
  readonly side: 'buy' | 'sell';
}): Readonly<Record<string, unknown>> {
  return {
    algo: 'twap',
    venue: VENUE,
    symbol: SYMBOL,
    side,
    quantity,
    startAt: new Date(startAt).toISOString(),
    durationMs: slices * sliceMs,
    slices,
  };
}

/** Waits until all executions are over, at most until `deadline`. @returns how many are not */
export async function untilAllOver(stack: BenchStack, deadline: EpochMs): Promise<number> {
  for (;;) {
    const open = await countOpen(stack);
    if (open === 0 || Date.now() > deadline) return open;
    await delay(POLL_MS);
  }
}

export async function untilTime(at: EpochMs): Promise<void> {
  const ms = at - Date.now();
  if (ms > 0) await delay(ms);
}
