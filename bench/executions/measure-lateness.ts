import { Client, Connection } from '@temporalio/client';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Parity } from '../parity.ts';
import { seriesOf } from '../series.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { measureBareLoops } from './bare-run.ts';
import { REAL_LIMITS } from './bench-venue.ts';
import type { ExecutionsOptions } from './executions-options.ts';
import { startFleet, untilAllOver, untilTime } from './fleet.ts';
import { eventsPerTimer, eventTypesOf } from './history-events.ts';
import { readExchange } from './ledger.ts';
import { type ProcessUsage, readCpu, usageSince } from './process-usage.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';
import { type EvenExecution, latenessIn } from './slice-lateness.ts';

const NAMESPACE = 'default';
/** Histories that are looked at. */
const SAMPLE = 5;
/** How long executions may take to end after their last slice. */
const PATIENCE_MS = 15 * 60_000;

/** Lateness of slices beside that of bare loops before and after, and what it took. */
export interface LatenessFigures {
  readonly slicesDue: number;
  /** Slices without an order at the exchange. */
  readonly withoutOrder: number;
  /** What was decided on and not sent, in the whole run, by reason; a slice that came too late for a decision is in `withoutOrder` alone. */
  readonly notSent: Readonly<Record<string, number>>;
  /** Receipt at the exchange minus due time, in ms; `null` when no order was received. */
  readonly latenessMs: Quantiles | null;
  readonly bareBeforeMs: Quantiles;
  readonly bareAfterMs: Quantiles;
  /** Mean of before and after. */
  readonly bareP50Ms: number;
  readonly bareP99Ms: number;
  readonly slicesPerSecond: number;
  readonly eventsPerSlice: number | null;
  /** `null` where the system does not tell. */
  readonly processes: readonly ProcessUsage[] | null;
  /** The CPU time of all processes of the stack, in cores. */
  readonly coresBusy: number | null;
  readonly unfinished: number;
  /** Ledger and our store, execution by execution. */
  readonly parity: Parity;
}

/** Opens a fleet of TWAPs on a stack of its own and measures how late their slices are. */
export function measureLateness(options: ExecutionsOptions): Promise<LatenessFigures> {
  return withStack({ venues: [REAL_LIMITS] }, options.say, async (stack) => {
    const { address } = stack.record().temporal;
    const connection = await Connection.connect({ address });
    try {
      return await onStack(stack, new Client({ connection, namespace: NAMESPACE }), address, options);
    } finally {
      await connection.close();
    }
  });
}

async function onStack(
  stack: BenchStack,
  client: Client,
  address: string,
  options: ExecutionsOptions,
): Promise<LatenessFigures> {
  const { executions, sliceMs, measuredMs, bareMs, say } = options;
  const bare = (name: string): Promise<Quantiles> => {
    say(`${executions} bare loops ${name}`);
    const loops = { loops: executions, intervalMs: sliceMs, measuredMs: bareMs };
    return measureBareLoops({ address, namespace: NAMESPACE, client, name, ...loops });
  };
  const bareBeforeMs = await bare('before');
  const window = await fleetWindow(stack, options);
  const { fleet, from, to, processes } = window;
  say('waiting for the executions to end');
  const unfinished = await untilAllOver(stack, lastEndOf(fleet) + PATIENCE_MS);
  const { orders, notSent, parity } = await readExchange(stack);
  const { due, latenessMs, withoutOrder } = latenessIn(fleet, orders, from, to);
  const eventsPerSlice = await sampledEvents(client, fleet);
  if (unfinished > 0)
    say(`${unfinished} executions have not ended: the bare loops after them do not have the machine alone`);
  const bareAfterMs = await bare('after');
  const cpuSeconds = processes?.reduce((sum, each) => sum + each.cpuSeconds, 0);
  return {
    slicesDue: due,
    withoutOrder,
    notSent,
    latenessMs: quantilesOf(latenessMs),
    bareBeforeMs,
    bareAfterMs,
    bareP50Ms: (bareBeforeMs.p50 + bareAfterMs.p50) / 2,
    bareP99Ms: (bareBeforeMs.p99 + bareAfterMs.p99) / 2,
    slicesPerSecond: due / (measuredMs / 1_000),
    eventsPerSlice,
    processes,
    coresBusy: cpuSeconds === undefined ? null : cpuSeconds / (measuredMs / 1_000),
    unfinished,
    parity,
  };
}

interface FleetWindow {
  readonly fleet: readonly EvenExecution[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly processes: readonly ProcessUsage[] | null;
}

/** Starts the fleet, lets it warm up and watches the processes for as long as it is measured. */
async function fleetWindow(stack: BenchStack, options: ExecutionsOptions): Promise<FleetWindow> {
  const { executions, sliceMs, measuredMs, warmUpMs, say } = options;
  const firstAt = Date.now() + 10_000;
  const from = firstAt + sliceMs + warmUpMs;
  const to = from + measuredMs;
  // The one that starts first also has slices to the end of the window.
  const slices = Math.ceil((to - firstAt) / sliceMs) + 1;
  say(`starting ${executions} TWAPs of ${slices} slices`);
  const fleet = await startFleet(stack, { executions, slices, sliceMs, from: firstAt });
  if (Date.now() > from) throw new Error('the executions took longer to start than one interval between slices');
  await untilTime(from);
  say(`measuring for ${measuredMs / 1_000} s`);
  const before = readCpu(stack.record());
  await untilTime(to);
  const processes = before === null ? null : usageSince(before, stack.record(), Date.now());
  return { fleet, from, to, processes };
}

async function sampledEvents(client: Client, fleet: readonly EvenExecution[]): Promise<number | null> {
  const step = Math.max(1, Math.floor(fleet.length / SAMPLE));
  const sample = fleet.filter((_, k) => k % step === 0).slice(0, SAMPLE);
  const counts: number[] = [];
  for (const { id } of sample) {
    const events = eventsPerTimer(await eventTypesOf(client, `execution/${id}`));
    if (events !== null) counts.push(events);
  }
  return counts.length === 0 ? null : seriesOf(counts).median;
}

function lastEndOf(fleet: readonly EvenExecution[]): EpochMs {
  return Math.max(...fleet.map(({ startAt, slices, sliceMs }) => startAt + slices * sliceMs));
}
