import type { ExecutionRecord, PricePoint } from '../../adapters/ports/execution-store.ts';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import type { CloseResult, EarlierCloseCommand, EarlierCloseResult } from '../../domain/execution/commands.ts';
import {
  type MarketBenchmarks,
  marketBenchmarks,
  noMarketBenchmarks,
} from '../../domain/execution/costs/market-benchmarks.ts';
import { isResting } from '../../domain/execution/style.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { midOf } from '../../domain/market/quote.ts';
import { lookUpPause } from './backoff.ts';
import type { AccountDependencies } from './dependencies.ts';

const QUOTE_ATTEMPTS = 4;

/** Adds to an ended execution the mid at its end and, if the venue gives the tape, the market's own figures. */
export async function closeExecution(deps: AccountDependencies, executionId: string): Promise<CloseResult> {
  const execution = await required(deps, executionId);
  const { endedAt } = execution;
  if (endedAt === null) throw new Error(`execution ${executionId} has not ended`);
  if (execution.market !== null) return { marketMeasured: execution.market.volume !== null };
  const end = await endMid(deps, execution.plan.symbol);
  const market = await benchmarks(deps, execution, endedAt);
  await deps.store.recordClose(execution.id, { end, market: market.figures });
  return { marketMeasured: market.final };
}

/** The same for an execution that began to close under 0.2: its end is stored first, unless that was done before. */
export async function closeEarlier(
  deps: AccountDependencies,
  { plan: { executionId }, status, problem }: EarlierCloseCommand,
): Promise<EarlierCloseResult> {
  const end = await deps.store.recordEnd({ executionId, status, problem }, deps.clock.now());
  return { ...(await closeExecution(deps, executionId)), ...end };
}

/** Measures the market over an ended execution once more. Throws `VenueReadError` while the venue gives no tape. */
export async function measureMarket(deps: AccountDependencies, executionId: string): Promise<void> {
  const execution = await required(deps, executionId);
  if (execution.arrival === null || execution.endedAt === null) return;
  await deps.store.recordMarket(executionId, await figures(deps, execution, execution.arrival, execution.endedAt));
}

async function required(deps: AccountDependencies, id: string): Promise<ExecutionRecord> {
  const execution = await deps.store.findExecution(id);
  if (execution === null) throw new Error(`there is no execution ${id}`);
  return execution;
}

/** The mid now; `null` when the venue cannot be asked: an end price is never guessed. */
async function endMid(deps: AccountDependencies, symbol: string): Promise<PricePoint | null> {
  for (let attempt = 0; attempt < QUOTE_ATTEMPTS; attempt += 1) {
    try {
      const quote = await deps.account.quote(symbol);
      return { price: midOf(quote), at: quote.at };
    } catch (error) {
      if (!(error instanceof VenueReadError)) throw error;
      deps.log('the mid at the end cannot be read', { reason: error.message });
      await deps.wait(lookUpPause(attempt));
    }
  }
  return null;
}

async function benchmarks(
  deps: AccountDependencies,
  execution: ExecutionRecord,
  endedAt: EpochMs,
): Promise<{ readonly figures: MarketBenchmarks; readonly final: boolean }> {
  if (execution.arrival === null) {
    return { figures: noMarketBenchmarks('no slice was decided, so there is no arrival'), final: true };
  }
  if (isResting(execution.plan)) {
    // It may have waited for months: a tape that nobody could read, and no measure of an order that was to trade at its own price.
    return { figures: noMarketBenchmarks('its order waited for a price of its own'), final: true };
  }
  try {
    return { figures: await figures(deps, execution, execution.arrival, endedAt), final: true };
  } catch (error) {
    if (!(error instanceof VenueReadError)) throw error;
    return { figures: noMarketBenchmarks(`the venue gave no tape: ${error.message}`), final: false };
  }
}

async function figures(
  deps: AccountDependencies,
  execution: ExecutionRecord,
  arrival: PricePoint,
  endedAt: EpochMs,
): Promise<MarketBenchmarks> {
  const { venue, symbol } = execution.plan;
  // The end is kept by our clock, the tape by the venue's.
  const to = Math.max(arrival.at, endedAt + deps.account.venueNow() - deps.clock.now());
  const tape = await deps.account.tape(symbol, arrival.at, to);
  // Not this execution's alone: another one of ours is no market either.
  const own = await deps.store.ownTrades(venue, symbol, arrival.at, to);
  return marketBenchmarks({ tape, from: arrival.at, to, own });
}
