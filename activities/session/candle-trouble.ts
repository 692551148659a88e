import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import type { Problem } from '../../domain/execution/commands.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionDependencies } from './dependencies.ts';
import { streamsOf } from './look.ts';
import type { Seen } from './seen.ts';

/** Code of the problem of a session whose bars do not come; it goes with the next bar. */
export const CANDLES_LATE = 'CANDLES_LATE';
const CANDLES_UNAVAILABLE = 'CANDLES_UNAVAILABLE';
const BY = 'its candles';

/** Bars after the close of the last within which the next is known. */
const SILENT_BARS = 2;
/** And so long, since short bars come in bunches after a worker has begun anew. */
const SILENT_MS: DurationMs = 5_000;

/**
 * Tells on the record of a session when its candles cannot be had, which blocks it, or have not come for long; and takes it off again.
 *
 * @returns whether the record was changed
 */
export async function tellCandles(deps: SessionDependencies, { record, candles, hasOwnTime }: Seen): Promise<boolean> {
  if (candles === null) return tellUnavailable(deps, record);
  if (record.block?.reason === 'CANDLES') {
    await deps.store.setBlock(record.id, null, BY);
    return true;
  }
  if (record.problem !== null && record.problem.code !== CANDLES_LATE) return false;
  const late = hasOwnTime ? null : lateness(record, candles, deps.clock.now());
  if (record.problem?.detail === late?.detail) return false;
  await deps.store.setProblem(record.id, CANDLES_LATE, late);
  return true;
}

async function tellUnavailable(deps: SessionDependencies, record: SessionRecord): Promise<boolean> {
  if (record.block !== null && record.block.reason !== 'CANDLES') return false;
  const reaches = await Promise.all(streamsOf(record).map((stream) => deps.candles.reach(stream, record.firstCandle)));
  const found = reaches.find((reach) => reach.kind === 'unavailable');
  if (found === undefined) return false;
  const detail = `${found.problem.detail}. Nothing is decided until they are there, and its stops stay: stop this session and start another`;
  if (record.block?.problem.detail === detail) return false;
  const problem = { code: CANDLES_UNAVAILABLE, detail };
  await deps.store.setBlock(record.id, { reason: 'CANDLES', problem, since: deps.clock.now() }, BY);
  return true;
}

function lateness({ spec, startBar }: SessionRecord, candles: readonly Candles[], now: number): Problem | null {
  const barMs = timeframeMs(spec.timeframe);
  for (const { symbol, time, length } of candles) {
    const closed = Math.max(startBar, length === 0 ? 0 : time[length - 1]! + barMs);
    if (now - closed <= SILENT_BARS * barMs + SILENT_MS) continue;
    const detail = `no ${spec.timeframe} candle of ${symbol} has come since the one that closed at ${new Date(closed).toISOString()}: look whether venue ${spec.venue} and the market-data worker are up. Nothing is decided meanwhile, and its stops stay`;
    return { code: CANDLES_LATE, detail };
  }
  return null;
}
