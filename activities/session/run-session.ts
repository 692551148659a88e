import { SessionMoved, type SessionRecord, type SessionStep } from '../../adapters/ports/session-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionGlance } from '../../domain/session/commands.ts';
import type { Decision } from '../../domain/session/decision.ts';
import { levelOf } from '../../domain/session/reached.ts';
import { isOver } from '../../domain/session/status.ts';
import type { SessionInterest } from '../../adapters/ports/session-signals.ts';
import { tellCandles } from './candle-trouble.ts';
import type { SessionDependencies } from './dependencies.ts';
import { glanceOf } from './describe.ts';
import { isWatchedNow } from './happened.ts';
import { look, streamsOf } from './look.ts';
import type { Seen } from './seen.ts';
import { isSoughtInCandle, noteSeen, soughtSymbols } from './open-candle.ts';
import { place } from './place.ts';
import { SessionMemory } from './session-memory.ts';
import { takesIn, takeStep } from './step.ts';

/** Time between looks where something is on its way, and where nothing is: signals come in between. */
const LOOK_EVERY_MS: DurationMs = 1_000;
const IDLE_LOOK_EVERY_MS: DurationMs = 5_000;
/**
 * Bars that come faster than this are told of together. Each is decided when it closes; a turn of the Temporal server in between, for every one of many
 * sessions, would be what they wait for.
 */
const TELL_EVERY_MS: DurationMs = 10_000;

/** There is no such session: asking again does not help. */
export class UnknownSession extends Error {
  constructor(sessionId: string) {
    super(`there is no session ${sessionId}`);
    this.name = 'UnknownSession';
  }
}

/**
 * Takes whatever steps there are to take until the next bar was handled (of short bars, all of some seconds), the status has become another, or the
 * time is over. It can be left off and begun again at any point: each step is one transaction on what the session was when it was reckoned, and what
 * follows from it is done again until it is known to have been done.
 *
 * @param signal ends the wait; throws its reason
 */
export async function runSession(
  deps: SessionDependencies,
  { sessionId, withinMs }: { readonly sessionId: string; readonly withinMs: DurationMs },
  signal: AbortSignal,
): Promise<SessionGlance> {
  const memory = new SessionMemory(deps.store);
  const began = await required(deps, sessionId);
  const beganAt = deps.clock.now();
  const deadline = beganAt + withinMs;
  let decisions: readonly Decision[] = [];
  let isPlaced = false;
  for (let record = began; ; record = await required(deps, sessionId)) {
    if (isOver(record.status)) return glanceOf(record, 0, decisions);
    const seen = await look(deps, memory, record);
    if (await tellCandles(deps, seen)) continue;
    const step = await stepOrNull(deps, memory, seen);
    if (step === 'moved') continue;
    if (takesIn(memory, seen)) await noteSeen(deps, memory, seen);
    if (step !== null) decisions = step.decisions;
    if (step !== null || !record.settled) isPlaced = await place(deps, memory, sessionId);
    if (step !== null && isWorthTelling(began, step, deps.clock.now() - beganAt))
      return tell(deps, sessionId, decisions);
    if (record.status !== began.status || troubleOf(record) !== troubleOf(began) || deps.clock.now() >= deadline)
      return tell(deps, sessionId, decisions);
    signal.throwIfAborted();
    if (step !== null) continue;
    const isQuiet = record.settled && isPlaced;
    await deps.signals.wait(interestOf(seen), isQuiet ? IDLE_LOOK_EVERY_MS : LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  }
}

async function stepOrNull(
  deps: SessionDependencies,
  memory: SessionMemory,
  seen: Seen,
): Promise<SessionStep | 'moved' | null> {
  try {
    return await takeStep(deps, memory, seen);
  } catch (error) {
    if (error instanceof SessionMoved) return 'moved';
    throw error;
  }
}

/** @param sinceMs how long ago `began` was read */
function isWorthTelling(began: SessionRecord, step: SessionStep, sinceMs: DurationMs): boolean {
  if (step.status !== began.status || troubleOf(step) !== troubleOf(began)) return true;
  const isTime = sinceMs >= TELL_EVERY_MS || timeframeMs(began.spec.timeframe) >= TELL_EVERY_MS;
  return isTime && step.bars > began.bars;
}

/** What a person has to know at once. */
function troubleOf({ block, problem }: Pick<SessionRecord, 'block' | 'problem'>): string {
  return `${block?.problem.code} ${problem?.code}`;
}

async function tell(
  deps: SessionDependencies,
  sessionId: string,
  decisions: readonly Decision[],
): Promise<SessionGlance> {
  const placed = await deps.store.placed(sessionId);
  const open = placed.filter(({ state }) => state !== 'ended').length;
  return glanceOf(await required(deps, sessionId), open, decisions);
}

async function required({ store }: SessionDependencies, sessionId: string): Promise<SessionRecord> {
  const record = await store.find(sessionId);
  if (record === null) throw new UnknownSession(sessionId);
  return record;
}

/** What a session waits for. Bars that it does not handle now are no news, nor are those that it was left with because its books cannot be folded. */
function interestOf(seen: Seen): SessionInterest {
  const { record, placed, candles, isOnTheWay, hasOwnTime, open } = seen;
  const { id, spec, lastBar, startBar, watched } = record;
  const { venue, timeframe } = spec;
  const handlesBars = candles !== null && !isOnTheWay && seen.due.length === 0;
  return {
    sessionId: id,
    streams: handlesBars ? streamsOf(record) : [],
    afterBar: lastBar ?? startBar - timeframeMs(spec.timeframe),
    executionIds: placed.flatMap(({ executionId, state }) => (state === 'ended' ? [] : [executionId])),
    watched: watched.flatMap((order) => {
      const level = levelOf(order);
      if (level === null || !isWatchedNow(seen, order) || isSoughtInCandle(hasOwnTime, order)) return [];
      const { price, isAbove } = level;
      return [{ venue, symbol: order.symbol, above: isAbove ? price : null, below: isAbove ? null : price }];
    }),
    running: soughtSymbols(record, hasOwnTime).map((symbol) => ({
      stream: { venue, symbol, timeframe },
      seen: open.get(symbol) ?? null,
    })),
  };
}
