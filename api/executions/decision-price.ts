import type { PricePoint } from '../../adapters/ports/execution-store.ts';
import type { MarketReader } from '../../adapters/ports/venue.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { midOf } from '../../domain/market/quote.ts';
import { Problem } from '../problems.ts';

/** Longest that a start waits for the venue's price. */
const QUOTE_BOUND_MS: DurationMs = 2_500;

async function within<T>(boundMs: DurationMs, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${boundMs} ms`)), boundMs);
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** The mid at this moment, which the execution will be measured against. Throws `VENUE_UNREACHABLE` when the venue gives none in time. */
export async function decisionPrice(
  market: Pick<MarketReader, 'quote'> | undefined,
  venue: string,
  symbol: string,
  boundMs: DurationMs = QUOTE_BOUND_MS,
): Promise<PricePoint> {
  const unreachable = (why: string, cause?: unknown): Problem =>
    new Problem(
      'VENUE_UNREACHABLE',
      `No price of ${symbol} from venue ${venue}: ${why}. Nothing was started; try again.`,
      [],
      cause,
    );
  if (market === undefined) throw unreachable('this process has no connection to it');
  try {
    const quote = await within(boundMs, market.quote(symbol));
    return { price: midOf(quote), at: quote.at };
  } catch (error) {
    throw unreachable(error instanceof Error ? error.message : String(error), error);
  }
}
