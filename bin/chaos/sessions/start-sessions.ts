import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Decimal, DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import { InvalidInput } from '../../stack/failures.ts';
import { ApiRefusal } from '../../terminal/errors.ts';
import type { SessionView } from '../../terminal/session-view.ts';
import { type ChaosMarket, quantityOf } from '../markets.ts';
import { insist } from '../start-executions.ts';
import { type PlannedSession, SESSION_CAPITAL, SESSION_NOTIONAL, SESSION_TIMEFRAME } from './plan.ts';

/** The API may be down, and its database or Temporal server as well, for some of this. */
const WITHIN_MS: DurationMs = 90_000;
const POLL_MS = 300;
/** Each has a stop in the market and perhaps the one that takes its place; a venue takes five of them in a market. */
const MOST_IN_A_MARKET = 3;
const CONFLICT = 409;

/** A session that trades through a series. */
export interface RunningSession {
  readonly id: string;
  readonly planned: PlannedSession;
  readonly market: ChaosMarket;
  /** What it holds at most, in base. */
  readonly units: Decimal;
  readonly acceptedAt: EpochMs;
}

/** Starts the sessions, three in each market. Throws `InvalidInput` when there are not markets enough, and what the API refuses. */
export async function startSessions(
  home: string,
  planned: readonly PlannedSession[],
  markets: readonly ChaosMarket[],
  nonce: string,
): Promise<readonly RunningSession[]> {
  const most = MOST_IN_A_MARKET * markets.length;
  if (planned.length > most)
    throw new InvalidInput(
      `--sessions ${planned.length}: the venues of this stack have room for ${most}, three in each market`,
    );
  return Promise.all(
    planned.map((each, index) =>
      startSession(home, each, markets[Math.floor(index / MOST_IN_A_MARKET)]!, `chaos-${nonce}-session-${index}`),
    ),
  );
}

async function startSession(
  home: string,
  planned: PlannedSession,
  market: ChaosMarket,
  key: string,
): Promise<RunningSession> {
  const units = quantityOf(SESSION_NOTIONAL, market);
  const spec = {
    name: `chaos ${'id' in planned.strategy ? planned.strategy.id : basename(planned.strategy.file)}`,
    venue: market.venue,
    symbols: [market.symbol],
    timeframe: SESSION_TIMEFRAME,
    strategy: { ...planned.strategy, params: planned.params },
    sizing: { kind: 'units', value: Number(units) },
    capital: SESSION_CAPITAL,
    catchUp: planned.catchUp,
  };
  const view = await insist(home, WITHIN_MS, async (client) => {
    const { id } = await client.post<Pick<SessionView, 'id'>>('/v1/sessions', spec, { 'idempotency-key': key });
    return client.get<SessionView>(`/v1/sessions/${id}`);
  });
  return { id: view.id, planned, market, units, acceptedAt: Date.parse(view.createdAt) };
}

export function readSession(home: string, id: string): Promise<SessionView> {
  return insist(home, WITHIN_MS, (client) => client.get<SessionView>(`/v1/sessions/${id}`));
}

/** Waits until a session is as `isSo` says; the last that was seen of it, and whether it came to that. */
export async function untilSo(
  home: string,
  id: string,
  isSo: (view: SessionView) => boolean,
  withinMs: DurationMs,
): Promise<{ readonly view: SessionView; readonly isSo: boolean }> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const view = await readSession(home, id);
    if (isSo(view)) return { view, isSo: true };
    if (performance.now() > deadline) return { view, isSo: false };
    await delay(POLL_MS);
  }
}

/** Ends a session and has it sell what it holds. */
export async function stopSession(home: string, id: string): Promise<void> {
  await insist(home, WITHIN_MS, (client) => client.post(`/v1/sessions/${id}/stop`, { mode: 'flatten' })).catch(
    (error: unknown) => {
      // Stopped by a request whose answer was lost.
      if (!(error instanceof ApiRefusal) || error.document.status !== CONFLICT) throw error;
    },
  );
}
