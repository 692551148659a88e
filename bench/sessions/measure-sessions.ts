import { Client, Connection } from '@temporalio/client';
import type pg from 'pg';
import { openDatabase } from '../../adapters/storage/database.ts';
import { type MemorySample, type MemoryTrend, memoryTrends, sampleMemory } from '../../bin/chaos/memory.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import { measureBareLoops } from '../executions/bare-run.ts';
import { untilTime } from '../executions/fleet.ts';
import { type ProcessUsage, readCpu, usageSince } from '../executions/process-usage.ts';
import { type Quantiles, quantilesOf } from '../executions/quantiles.ts';
import { agrees, type Parity } from '../parity.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { sessionEvents } from './bar-events.ts';
import { barEnds, barsIn, type DecidedBar, latenessOf, type StoredAt } from './bar-lateness.ts';
import { type CrowdSession, startCrowd, stopCrowd, untilHandled } from './crowd.ts';
import { bothParities, compareCloses, type OrdersRecord, readDecisions, readOrders } from './read-books.ts';
import type { SessionsOptions } from './sessions-options.ts';
import { SETTINGS, sessionsVenue, type Temper } from './sessions-venue.ts';
import { watchCandles } from './watch-candles.ts';

const NAMESPACE = 'default';
/** Bare loops are due together as often as that, whatever the timeframe: it is the crowd at one instant that is compared. */
const BARE_INTERVAL_MS: DurationMs = 5_000;
const SAMPLE_MEMORY_MS: DurationMs = 5_000;
/** For the first bar of all, for the last one, and for all to sell and stop. */
const PATIENCE_MS: DurationMs = 180_000;

/** What decisions of one timeframe came to. Times are in ms; quantiles are `null` where there is nothing to tell. */
export interface SessionFigures {
  readonly timeframe: Timeframe;
  readonly sessions: number;
  readonly trading: number;
  readonly barsDue: number;
  /** Bars without a decision, or decided as missed. */
  readonly barsUndecided: number;
  readonly decidedTwice: number;
  /** Decision minus end of the bar; `null` also when results disagree. */
  readonly decisionMs: Quantiles | null;
  readonly decisionMsOf: Readonly<Record<Temper, Quantiles | null>>;
  /** Storing of the candle minus end of the bar, each candle once. */
  readonly storedMs: Quantiles | null;
  /** Decision minus storing of its candle. */
  readonly answeredMs: Quantiles | null;
  /** First receipt at the exchange of a marketable order minus end of the bar that it was decided at. */
  readonly orderMs: Quantiles | null;
  readonly ordersPlaced: number;
  /** Marketable orders decided at bars in the window that the exchange never had. */
  readonly ordersNotReceived: number;
  /** `null` when bare loops are not to be measured. */
  readonly bareBeforeMs: Quantiles | null;
  readonly bareAfterMs: Quantiles | null;
  /** Of all sessions whose history could be read between two bars. */
  readonly eventsPerBar: Quantiles | null;
  /** `null` where the system does not tell. */
  readonly processes: readonly ProcessUsage[] | null;
  /** The CPU time of all processes of the stack, in cores. */
  readonly coresBusy: number | null;
  readonly memory: readonly MemoryTrend[];
  /** Sessions that had not stopped at the end. */
  readonly unfinished: number;
  /** Books beside the exchange's ledger, and closes beside its candles. */
  readonly parity: Parity;
}

/** Runs sessions of one timeframe on a stack of its own and measures when they decide. */
export function measureSessions(timeframe: Timeframe, options: SessionsOptions): Promise<SessionFigures> {
  return withStack({ venues: [sessionsVenue(options.markets)], env: SETTINGS }, options.say, async (stack) => {
    const { address } = stack.record().temporal;
    const connection = await Connection.connect({ address });
    const database = openDatabase(stack.databaseUrl, 'tradewind bench');
    try {
      const bench = { stack, database, client: new Client({ connection, namespace: NAMESPACE }), address };
      return await onStack(bench, timeframe, options);
    } finally {
      await database.end();
      await connection.close();
    }
  });
}

interface Bench {
  readonly stack: BenchStack;
  readonly database: pg.Pool;
  readonly client: Client;
  readonly address: string;
}

async function onStack(bench: Bench, timeframe: Timeframe, options: SessionsOptions): Promise<SessionFigures> {
  const { stack, database, client, address } = bench;
  const { sessions, trading, measuredMs, bareMs, say } = options;
  const barMs = timeframeMs(timeframe);
  const bare = async (name: string): Promise<Quantiles | null> => {
    if (bareMs === 0) return null;
    say(`${timeframe}: ${sessions} bare loops ${name}, all due at once`);
    const loops = { loops: sessions, phases: 'together' as const, intervalMs: BARE_INTERVAL_MS, measuredMs: bareMs };
    return measureBareLoops({ address, namespace: NAMESPACE, client, name, ...loops });
  };
  const bareBeforeMs = await bare('before');
  const window = await watchedWindow(bench, timeframe, options);
  const { crowd, ends } = window;
  say(`${timeframe}: counting events`);
  const events: number[] = [];
  for (const { id } of crowd) {
    const count = await sessionEvents(client, database, id);
    if (count !== null) events.push(count);
  }
  say(`${timeframe}: stopping the sessions`);
  const unfinished = await stopCrowd(stack, database, crowd, Date.now() + PATIENCE_MS);
  const bars = barsIn(
    crowd.map(({ id }) => id),
    await readDecisions(database),
    ends,
    barMs,
  );
  const orders = await readOrders(stack, database);
  const parity = bothParities(orders.parity, await compareCloses(stack, bars.decided, barMs));
  const bareAfterMs = await bare('after');
  const cpuSeconds = window.processes?.reduce((sum, each) => sum + each.cpuSeconds, 0);
  return {
    timeframe,
    sessions,
    trading,
    barsDue: bars.due,
    barsUndecided: bars.undecided,
    decidedTwice: bars.twice,
    ...timesOf(crowd, bars.decided, window.storedAt, barMs, agrees(parity)),
    ...ordersOf(orders, ends, barMs),
    bareBeforeMs,
    bareAfterMs,
    eventsPerBar: quantilesOf(events),
    processes: window.processes,
    coresBusy: cpuSeconds === undefined ? null : cpuSeconds / (measuredMs / 1_000),
    memory: window.memory,
    unfinished,
    parity,
  };
}

interface Window {
  readonly crowd: readonly CrowdSession[];
  readonly ends: readonly EpochMs[];
  readonly storedAt: StoredAt;
  readonly processes: readonly ProcessUsage[] | null;
  readonly memory: readonly MemoryTrend[];
}

/** Starts the crowd, lets it warm up and watches candles and processes for as long as it is measured. */
async function watchedWindow(
  { stack, database }: Bench,
  timeframe: Timeframe,
  { measuredMs, warmUpMs, say, ...options }: SessionsOptions,
): Promise<Window> {
  const barMs = timeframeMs(timeframe);
  say(`${timeframe}: starting ${options.sessions} sessions, ${options.trading} of which trade often`);
  const began = Date.now();
  const crowd = await startCrowd(stack, timeframe, options);
  say(`${timeframe}: started in ${Math.round((Date.now() - began) / 1_000)} s; waiting for the first bar of all`);
  const firstOpen = Math.ceil(Date.now() / barMs) * barMs;
  const waiting = await untilHandled(database, firstOpen, firstOpen + barMs + PATIENCE_MS);
  if (waiting > 0) throw new Error(`${waiting} of ${crowd.length} sessions have not decided on their first bar`);
  // Between two bars: what is under way at the end of a window belongs to it.
  const from = Math.ceil((Date.now() + warmUpMs) / barMs) * barMs - barMs / 2;
  const to = from + measuredMs;
  const ends = barEnds(barMs, from, to);
  await untilTime(from);
  say(`${timeframe}: measuring for ${measuredMs / 1_000} s, ${ends.length} bars of each`);
  const before = readCpu(stack.record());
  const samples: MemorySample[] = [];
  const symbols = [...new Set(crowd.map(({ symbol }) => symbol))];
  const [storedAt] = await Promise.all([
    watchCandles(database, symbols, timeframe, ends),
    sampleUntil(stack, to, samples),
  ]);
  const processes = before === null ? null : usageSince(before, stack.record(), Date.now());
  const late = await untilHandled(database, ends.at(-1)! - barMs, to + PATIENCE_MS);
  if (late > 0) say(`${timeframe}: ${late} sessions have not decided on the last bar`);
  return { crowd, ends, storedAt, processes, memory: memoryTrends(samples) };
}

async function sampleUntil(stack: BenchStack, to: EpochMs, samples: MemorySample[]): Promise<void> {
  for (let at = Date.now(); ; at = Math.min(to, at + SAMPLE_MEMORY_MS)) {
    await untilTime(at);
    samples.push(...sampleMemory(stack.record(), Date.now()));
    if (at >= to) return;
  }
}

/** Nothing is timed where results disagree. */
function timesOf(
  crowd: readonly CrowdSession[],
  decided: readonly DecidedBar[],
  storedAt: StoredAt,
  barMs: DurationMs,
  isEqual: boolean,
): Pick<SessionFigures, 'decisionMs' | 'decisionMsOf' | 'storedMs' | 'answeredMs'> {
  const tempers = new Map(crowd.map(({ id, temper }) => [id, temper]));
  const ofTemper = (temper: Temper): Quantiles | null => {
    const own = decided.filter(({ session }) => tempers.get(session) === temper);
    return isEqual ? quantilesOf(latenessOf(own, storedAt, barMs).decidedMs) : null;
  };
  const { decidedMs, storedMs, answeredMs } = latenessOf(isEqual ? decided : [], storedAt, barMs);
  return {
    decisionMs: quantilesOf(decidedMs),
    decisionMsOf: { trading: ofTemper('trading'), watching: ofTemper('watching') },
    storedMs: quantilesOf(storedMs),
    answeredMs: quantilesOf(answeredMs),
  };
}

function ordersOf(
  { placed, atBars, parity }: OrdersRecord,
  ends: readonly EpochMs[],
  barMs: DurationMs,
): Pick<SessionFigures, 'orderMs' | 'ordersPlaced' | 'ordersNotReceived'> {
  const inWindow = atBars.filter(({ openAt }) => ends.includes(openAt + barMs));
  const lateMs = inWindow.flatMap(({ openAt, receivedAt }) =>
    receivedAt === null ? [] : [receivedAt - openAt - barMs],
  );
  return {
    orderMs: agrees(parity) ? quantilesOf(lateMs) : null,
    ordersPlaced: placed,
    ordersNotReceived: inWindow.length - lateMs.length,
  };
}
