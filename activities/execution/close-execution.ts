import type { ExecutionRecord, PricePoint } from '../../adapters/ports/execution-store.ts';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import { type CloseCommand, type CloseResult, isFinal } from '../../domain/execution/commands.ts';
import {
  type MarketBenchmarks,
  marketBenchmarks,
  noMarketBenchmarks,
} from '../../domain/execution/costs/market-benchmarks.ts';
import { difference, type EpochMs } from '../../domain/market/decimal.ts';
import { midOf } from '../../domain/market/quote.ts';
import { lookUpPause } from './backoff.ts';
import type { AccountDependencies } from './dependencies.ts';

const QUOTE_ATTEMPTS = 4;

/** Ends an execution: its final status, the mid at the end and, if the venue gives the tape, the market's own figures. */
export async function closeExecution(deps: AccountDependencies, command: CloseCommand): Promise<CloseResult> {
  const execution = await required(deps, command.plan.executionId);
  if (isFinal(execution.status)) return closeResult(execution, measured(execution.market));
  const end = await endMid(deps, command.plan.symbol);
  const endedAt = end?.at ?? deps.clock.now();
  const market = await benchmarks(deps, execution, endedAt);
  await deps.store.recordClose(execution.id, {
    status: command.status,
    problem: command.problem,
    end,
    endedAt,
    market: market.figures,
  });
  return closeResult(execution, market.final);
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
  const tape = await deps.account.tape(symbol, arrival.at, endedAt);
  // Not this execution's alone: another one of ours is no market either.
  const own = await deps.store.ownTrades(venue, symbol, arrival.at, endedAt);
  return marketBenchmarks({ tape, from: arrival.at, to: endedAt, own });
}

function measured(market: MarketBenchmarks | null): boolean {
  return market !== null && market.volume !== null;
}

function closeResult(execution: ExecutionRecord, marketMeasured: boolean): CloseResult {
  return {
    filled: execution.filled,
    residual: difference(execution.plan.quantity, execution.filled),
    marketMeasured,
  };
}
