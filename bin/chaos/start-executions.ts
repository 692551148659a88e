import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { findAlgorithm } from '../../domain/execution/registry.ts';
import { NoStack } from '../stack/failures.ts';
import { type ApiClient, openClient, type Page } from '../terminal/client.ts';
import { ApiRefusal, NoAnswer } from '../terminal/errors.ts';
import { type ExecutionView, isOver } from '../terminal/execution-view.ts';
import { type ChaosMarket, quantityOf } from './markets.ts';
import type { PlannedExecution } from './plan.ts';

const ALGORITHM = 'twap';
const AGAIN_AFTER_MS = 200;
const POLL_MS = 300;
/** The API may be down, and its database or Temporal server as well, for some of this. */
const START_WITHIN_MS: DurationMs = 90_000;
/** What owners of the orders of trading sessions begin with: those are not started here. */
const OF_SESSIONS = 'session/';
const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** An execution that runs, and until when by its plan. */
export interface RunningExecution {
  readonly id: string;
  readonly workflowId: string;
  readonly acceptedAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** The market that an execution is planned for, among those that there are. Throws a `RangeError` when there is none. */
export function marketOf({ market }: Pick<PlannedExecution, 'market'>, markets: readonly ChaosMarket[]): ChaosMarket {
  const chosen = markets[market % markets.length];
  if (chosen === undefined) throw new RangeError('there is no market to trade in');
  return chosen;
}

/**
 * Starts an execution as a client does who gets no answer: again and again under the same key, until one comes. Throws what the API
 * refuses.
 */
export async function startPlanned(
  home: string,
  planned: PlannedExecution,
  markets: readonly ChaosMarket[],
  key: string,
): Promise<RunningExecution> {
  const market = marketOf(planned, markets);
  const known = new Set(findAlgorithm(ALGORITHM)?.params.map(({ name }) => name));
  const body = {
    algo: ALGORITHM,
    venue: market.venue,
    symbol: market.symbol,
    side: planned.side,
    quantity: quantityOf(planned.notional, market),
    durationMs: planned.durationMs,
    ...Object.fromEntries(Object.entries(planned.params).filter(([name]) => known.has(name))),
  };
  const view = await insist(home, START_WITHIN_MS, async (client) => {
    const { id } = await client.post<Pick<ExecutionView, 'id'>>('/v1/executions', body, { 'idempotency-key': key });
    return client.get<ExecutionView>(`/v1/executions/${id}`);
  });
  return running(view);
}

function running({ id, workflowId, createdAt, endAt }: ExecutionView): RunningExecution {
  return { id, workflowId, acceptedAt: Date.parse(createdAt), endsAt: Date.parse(endAt) };
}

/** Executions that were accepted since `since` and are none of `known`: starts whose every answer was lost. */
export async function acceptedUnheard(
  home: string,
  since: EpochMs,
  known: readonly RunningExecution[],
): Promise<readonly RunningExecution[]> {
  const ids = new Set(known.map(({ id }) => id));
  const found: RunningExecution[] = [];
  let cursor: string | undefined;
  for (;;) {
    const { items, next } = await insist(home, START_WITHIN_MS, (client) =>
      client.get<Page<ExecutionView>>('/v1/executions', { cursor }),
    );
    // Newest first.
    const recent = items.filter(({ createdAt }) => Date.parse(createdAt) >= since);
    const unheard = recent.filter(({ id, owner }) => !ids.has(id) && !owner.startsWith(OF_SESSIONS));
    found.push(...unheard.map(running));
    if (next === null || recent.length < items.length) return found;
    cursor = next;
  }
}

/** Waits until the execution is over, at most until `deadline`; `null` when it is not over by then. */
export async function untilOver(home: string, id: string, deadline: EpochMs): Promise<ExecutionView | null> {
  while (Date.now() < deadline) {
    const view = await openClientOrNull(home)
      ?.get<ExecutionView>(`/v1/executions/${id}`)
      .catch(() => null);
    if (view !== null && view !== undefined && isOver(view)) return view;
    await delay(POLL_MS);
  }
  return null;
}

/** Asks the API until it answers. What it refuses for good is thrown at once, everything else when the time is over. */
export async function insist<T>(
  home: string,
  withinMs: DurationMs,
  ask: (client: ApiClient) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await ask(openClient({ home }));
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw error;
      await delay(AGAIN_AFTER_MS);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof NoStack || error instanceof NoAnswer) return true;
  if (!(error instanceof ApiRefusal)) return false;
  const status = error.document.status ?? SERVER_ERROR;
  return status >= SERVER_ERROR || status === TOO_MANY_REQUESTS;
}

function openClientOrNull(home: string): ApiClient | null {
  try {
    return openClient({ home });
  } catch {
    return null;
  }
}
