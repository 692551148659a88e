import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { openMarkets } from '../../bin/chaos/markets.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { inParallel } from '../executions/in-parallel.ts';
import type { BenchStack } from '../stack.ts';
import { sessionBody, type Temper, temperOf } from './sessions-venue.ts';
import type { SessionsOptions } from './sessions-options.ts';

const AT_ONCE = 4;
const POLL_MS = 500;

/** A session that is measured. */
export interface CrowdSession {
  readonly id: string;
  readonly symbol: string;
  readonly temper: Temper;
}

/** Starts the sessions a few at a time. Throws what the API refuses. */
export async function startCrowd(
  stack: BenchStack,
  timeframe: string,
  { sessions, trading }: Pick<SessionsOptions, 'sessions' | 'trading'>,
): Promise<readonly CrowdSession[]> {
  const markets = await openMarkets(stack.record());
  const crowd: CrowdSession[] = [];
  await inParallel(
    AT_ONCE,
    Array.from({ length: sessions }, (_, k) => k),
    async (k) => {
      const { id } = await stack.client.post<{ id: string }>(
        '/v1/sessions',
        sessionBody(k, timeframe, trading, markets),
      );
      crowd.push({ id, symbol: markets[k % markets.length]!.symbol, temper: temperOf(k, trading) });
    },
  );
  return crowd;
}

/** Has all sell what they hold and waits until they have stopped, at most until `deadline`. @returns how many have not */
export async function stopCrowd(
  stack: BenchStack,
  database: pg.Pool,
  crowd: readonly CrowdSession[],
  deadline: EpochMs,
): Promise<number> {
  await inParallel(AT_ONCE, crowd, ({ id }) => stack.client.post(`/v1/sessions/${id}/stop`, { mode: 'flatten' }));
  return untilFew(database, "status <> 'stopped'", [], deadline);
}

/** Waits until every session has handled the bar that opens then, at most until `deadline`. @returns how many have not */
export function untilHandled(database: pg.Pool, openAt: EpochMs, deadline: EpochMs): Promise<number> {
  return untilFew(database, 'last_bar is null or last_bar < $1', [new Date(openAt)], deadline);
}

async function untilFew(
  database: pg.Pool,
  condition: string,
  values: readonly unknown[],
  deadline: EpochMs,
): Promise<number> {
  for (;;) {
    const { rows } = await database.query<{ count: number }>(
      `select count(*)::integer as count from sessions where ${condition}`,
      [...values],
    );
    const count = rows[0]?.count ?? 0;
    if (count === 0 || Date.now() > deadline) return count;
    await delay(POLL_MS);
  }
}
