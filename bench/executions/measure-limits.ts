import type { DurationMs } from '../../domain/market/decimal.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { type LoadFigures, type LoadRequest, loadEndpoint } from './api-load.ts';
import { WIDE_SETTINGS, WIDE_LIMITS } from './bench-venue.ts';
import type { ExecutionsOptions } from './executions-options.ts';
import { quantityFor, startFleet, twapBody, untilTime } from './fleet.ts';
import { readExchange } from './ledger.ts';
import { type ProcessUsage, readCpu, usageSince } from './process-usage.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';
import { type EvenExecution, latenessIn } from './slice-lateness.ts';

const SLICE_MS = 10_000;
/** More rate than any machine can do. */
const MOST_STEPS = 20;
/** A step is held while this share of its slices reach the exchange. */
const HELD = 0.9;
const CONNECTIONS = 8;
const HOUR_MS = 3_600_000;
/** Until the first start of a step. */
const START_MS = 5_000;

/** One rate: what was due in its window and what the exchange received in it. */
export interface SaturationStep {
  readonly executions: number;
  readonly duePerSecond: number;
  readonly receivedPerSecond: number;
  /** Of the slices that were due and have an order, in ms. */
  readonly latenessMs: Quantiles | null;
  readonly processes: readonly ProcessUsage[] | null;
}

export interface SaturationFigures {
  /** Most child orders a second at the exchange in any step. */
  readonly slicesPerSecond: number;
  /** Whether the last step asked for more than could be done; otherwise the figure is only what was asked for. */
  readonly saturated: boolean;
  readonly steps: readonly SaturationStep[];
}

export interface ApiFigures {
  readonly connections: number;
  readonly start: LoadFigures;
  readonly read: LoadFigures;
  readonly list: LoadFigures;
}

export interface LimitFigures {
  readonly saturation: SaturationFigures | null;
  readonly api: ApiFigures | null;
}

/** How much a stack of its own can do at most: slices a second, and requests a second of the API. */
export function measureLimits(options: ExecutionsOptions): Promise<LimitFigures> {
  const { only, say } = options;
  return withStack({ venues: [WIDE_LIMITS], env: WIDE_SETTINGS }, say, async (stack) => ({
    // First: what it starts waits for an hour, while the other leaves executions that run.
    api: only.includes('api') ? await measureApi(stack, options) : null,
    saturation: only.includes('saturation') ? await measureSaturation(stack, options) : null,
  }));
}

/**
 * Adds TWAPs step by step until the exchange receives clearly fewer orders than slices are due. An order is never sent after the next slice is due, so that
 * far beyond saturation nothing would be sent at all: the most is found on the way there.
 */
async function measureSaturation(
  stack: BenchStack,
  { stepExecutions, stepMs, say }: ExecutionsOptions,
): Promise<SaturationFigures> {
  const fleet: EvenExecution[] = [];
  const steps: SaturationStep[] = [];
  const slices = Math.ceil((MOST_STEPS * (SLICE_MS + stepMs + START_MS)) / SLICE_MS);
  for (let k = 1; k <= MOST_STEPS; k++) {
    const from = Date.now() + START_MS;
    fleet.push(...(await startFleet(stack, { executions: stepExecutions, slices, sliceMs: SLICE_MS, from })));
    await untilTime(from + SLICE_MS);
    const step = await heldStep(stack, fleet, stepMs);
    steps.push(step);
    const { executions, duePerSecond, receivedPerSecond, latenessMs } = step;
    const late = latenessMs === null ? 'no order' : `half of them within ${latenessMs.p50} ms`;
    say(
      `${executions} TWAPs: ${duePerSecond.toFixed(1)} slices/s due, ${receivedPerSecond.toFixed(1)} received, ${late}`,
    );
    if (receivedPerSecond < HELD * duePerSecond) break;
  }
  const last = steps.at(-1)!;
  return {
    slicesPerSecond: Math.max(...steps.map(({ receivedPerSecond }) => receivedPerSecond)),
    saturated: last.receivedPerSecond < HELD * last.duePerSecond,
    steps,
  };
}

/** Watches a fleet for as long as a step lasts. */
async function heldStep(
  stack: BenchStack,
  fleet: readonly EvenExecution[],
  stepMs: DurationMs,
): Promise<SaturationStep> {
  const before = readCpu(stack.record());
  const from = Date.now();
  const to = from + stepMs;
  await untilTime(to);
  const processes = before === null ? null : usageSince(before, stack.record(), to);
  const { orders } = await readExchange(stack);
  const { due, latenessMs } = latenessIn(fleet, orders, from, to);
  const received = orders.filter(({ receivedAt }) => receivedAt >= from && receivedAt < to).length;
  const seconds = stepMs / 1_000;
  return {
    executions: fleet.length,
    duePerSecond: due / seconds,
    receivedPerSecond: received / seconds,
    latenessMs: quantilesOf(latenessMs),
    processes,
  };
}

async function measureApi(stack: BenchStack, { apiMs, say }: ExecutionsOptions): Promise<ApiFigures> {
  // They begin in an hour: what is measured is their acceptance.
  const startAt = Date.now() + HOUR_MS;
  const quantity = await quantityFor(stack, 10);
  const body = twapBody({ startAt, slices: 10, sliceMs: SLICE_MS, quantity, side: 'buy' });
  const { id } = await stack.client.post<{ id: string }>('/v1/executions', body);
  const load = (name: string, request: LoadRequest): Promise<LoadFigures> => {
    say(`the API under load: ${name}`);
    return loadEndpoint(stack.api, request, { connections: CONNECTIONS, durationMs: apiMs });
  };
  const read = await load('read', { method: 'GET', path: `/v1/executions/${id}` });
  const start = await load('start', { method: 'POST', path: '/v1/executions', body });
  const list = await load('list', { method: 'GET', path: '/v1/executions?limit=50' });
  return { connections: CONNECTIONS, start, read, list };
}
