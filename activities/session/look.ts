import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import type { CandleStream } from '../../adapters/ports/closed-candles.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { type DueBar, dueBars } from '../../domain/session/due-bars.ts';
import { mayOpen } from '../../domain/session/hours/trading-hours.ts';
import { refusedStops } from '../../domain/session/refused-stops.ts';
import { takeIn } from '../../domain/session/take-in.ts';
import type { SessionDependencies } from './dependencies.ts';
import { openCandles } from './open-candle.ts';
import type { Seen } from './seen.ts';
import type { SessionMemory } from './session-memory.ts';

/** Reads how a session stands, what has happened to its orders, and which bars are to be handled. */
export async function look(deps: SessionDependencies, memory: SessionMemory, record: SessionRecord): Promise<Seen> {
  const [journal, placed, candles] = await Promise.all([
    memory.journal(record),
    memory.placed(record),
    candlesOf(deps, record),
  ]);
  const progress = await deps.store.progress(placed.map(({ executionId }) => executionId));
  const intake = takeIn(placed, progress, journal);
  const ownTime = await memory.hasOwnTime(() => marketTimeOf(deps, record));
  const isOnTheWay = placed.some(
    ({ kind, state, executionId }) => kind === 'marketable' && state !== 'ended' && !intake.ended.includes(executionId),
  );
  // In a backtest an order at market has filled before the next bar closes: a strategy that buys while it holds nothing would buy twice.
  // By the wrong clock old candles of a replay would be bars that nobody came to decide.
  const due = candles === null || isOnTheWay || ownTime === null ? [] : dueOf(deps, record, candles, ownTime);
  const hasOwnTime = ownTime ?? false;
  const open = await openCandles(deps, record, hasOwnTime);
  return { record, journal, placed, intake, candles, due, isOnTheWay, hasOwnTime, open };
}

export function streamsOf({ spec: { venue, symbols, timeframe } }: SessionRecord): readonly CandleStream[] {
  return symbols.map((symbol) => ({ venue, symbol, timeframe }));
}

async function candlesOf(deps: SessionDependencies, record: SessionRecord): Promise<readonly Candles[] | null> {
  const all = await Promise.all(streamsOf(record).map((stream) => deps.candles.list(stream, record.firstCandle)));
  const known = all.filter((each) => each !== null);
  return known.length === all.length ? known : null;
}

function dueOf(
  deps: SessionDependencies,
  record: SessionRecord,
  candles: readonly Candles[],
  hasOwnTime: boolean,
): readonly DueBar[] {
  const times = unhandled(candles, Math.max(record.startBar, (record.lastBar ?? Number.NEGATIVE_INFINITY) + 1));
  if (times.length === 0) return [];
  // A person's "resume" has lifted every block: the step before the next bar sets this one again.
  if (record.block === null && refusedStops(record.watched, record.restsStops).length > 0) return [];
  const { spec, status, block } = record;
  return dueBars(times, {
    status,
    block,
    catchUp: spec.catchUp,
    maxBarAgeMs: spec.maxBarAgeMs,
    barMs: timeframeMs(spec.timeframe),
    now: hasOwnTime ? null : deps.clock.now(),
    mayOpen: (instant) => mayOpen(spec.hours, instant),
  });
}

/** `null` while nobody serves the account. */
async function marketTimeOf(
  { venues }: SessionDependencies,
  { spec: { venue } }: SessionRecord,
): Promise<'wall' | 'candles' | null> {
  const entry = (await venues.listVenues()).find(({ profile }) => profile.id === venue);
  return entry === undefined ? null : (entry.profile.marketTime ?? 'wall');
}

/** Opening times from `from` on of bars of any symbol, as far as all symbols have closed ones. */
function unhandled(candles: readonly Candles[], from: EpochMs): readonly EpochMs[] {
  const until = Math.min(
    ...candles.map(({ time, length }) => (length === 0 ? Number.NEGATIVE_INFINITY : time[length - 1]!)),
  );
  const times = new Set<EpochMs>();
  for (const { time, length } of candles) {
    for (let i = length - 1; i >= 0 && time[i]! >= from; i--) if (time[i]! <= until) times.add(time[i]!);
  }
  return [...times].toSorted((a, b) => a - b);
}
