import type { BenchStack } from '../stack.ts';
import { withStack } from '../stack.ts';
import { type LoadFigures, type LoadRequest, loadEndpoint } from './api-load.ts';
import { WIDE_GATE, WIDE_LIMITS } from './bench-venue.ts';
import type { ExecutionsOptions } from './executions-options.ts';
import { quantityFor, startFleet, twapBody, untilAllOver, untilTime } from './fleet.ts';
import { readExchange } from './ledger.ts';
import { type ProcessUsage, readCpu, usageSince } from './process-usage.ts';

const SLICE_MS = 1_000;
/** Until the first executions are in their stride. */
const WARM_UP_MS = 20_000;
const PATIENCE_MS = 5 * 60_000;
const CONNECTIONS = 8;
const HOUR_MS = 3_600_000;

export interface SaturationFigures {
  /** Child orders a second at the exchange. */
  readonly slicesPerSecond: number;
  /** What was asked for: below it, the machine was the bound. */
  readonly demandPerSecond: number;
  readonly processes: readonly ProcessUsage[] | null;
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
  return withStack({ venues: [WIDE_LIMITS], env: WIDE_GATE }, say, async (stack) => ({
    saturation: only.includes('saturation') ? await measureSaturation(stack, options) : null,
    api: only.includes('api') ? await measureApi(stack, options) : null,
  }));
}

/** TWAPs with a slice a second each. A slice that comes late takes over those that it has missed, so that what is left undone never piles up. */
async function measureSaturation(
  stack: BenchStack,
  { saturating, saturationMs, say }: ExecutionsOptions,
): Promise<SaturationFigures> {
  say(`${saturating} TWAPs with a slice a second`);
  // All at once would be one knot of starts: they come as fast as the API takes them.
  const from = Date.now() + 5_000;
  const slices = Math.ceil((WARM_UP_MS + saturationMs) / SLICE_MS) + 5;
  await startFleet(stack, { executions: saturating, slices, sliceMs: SLICE_MS, from });
  const begin = Date.now() + WARM_UP_MS;
  await untilTime(begin);
  const before = readCpu(stack.record());
  const end = begin + saturationMs;
  await untilTime(end);
  const processes = before === null ? null : usageSince(before, stack.record(), Date.now());
  const { orders } = await readExchange(stack);
  const received = orders.filter(({ receivedAt }) => receivedAt >= begin && receivedAt < end).length;
  const open = await untilAllOver(stack, end + PATIENCE_MS);
  if (open > 0) say(`${open} executions have not ended: the API is measured beside them`);
  return { slicesPerSecond: received / (saturationMs / 1_000), demandPerSecond: saturating, processes };
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
