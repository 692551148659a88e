import type { SessionReader } from '../../adapters/ports/session-reader.ts';
import { type StopsBeside, stopsBeside } from '../../adapters/ports/session-stops.ts';
import type { MarketReader } from '../../adapters/ports/venue.ts';
import type { SessionSpec } from '../../domain/session/spec.ts';
import { type CheckLine, fine, open } from './check-line.ts';

export type StopsMarket = Pick<MarketReader, 'hasStopOrders' | 'stopOrderLimit'>;

/**
 * Whether the stops of a session find a place at the venue beside those of others. Never a problem: one that finds none is watched by the session itself,
 * which opens nothing more meanwhile.
 *
 * @param sessionId of one that runs already, whose stops are its own
 */
export async function stopsLine(
  { venue, symbols }: SessionSpec,
  sessionId: string | null,
  market: StopsMarket,
  reader: Pick<SessionReader, 'stops'>,
): Promise<CheckLine> {
  if (!market.hasStopOrders) {
    const watched =
      'the prices of stops are watched by the session, which sells at market once one is reached, and by nobody while no trading worker runs';
    return open('stops', 'warning', `no stop orders are left at venue ${venue}: ${watched}`);
  }
  const limits = await Promise.all(symbols.map((symbol) => limitOf(market, symbol)));
  const all = await reader.stops(venue, symbols);
  const told: string[] = [];
  const full: string[] = [];
  const unknown: string[] = [];
  for (const [i, symbol] of symbols.entries()) {
    const limit = limits[i];
    const beside = stopsBeside(all, symbol, sessionId);
    if (typeof limit !== 'number') unknown.push(`${symbol} (${limit ?? 'the venue does not tell'})`);
    else (beside.stops + 1 > limit ? full : told).push(`at most ${limit} of ${symbol}${toldBeside(beside)}`);
  }
  const keeps = `venue ${venue} keeps stop orders of one account`;
  if (full.length > 0) {
    const then =
      'A stop of this session may be refused: then the session watches its price itself and opens nothing (ORDERS) until the venue takes it. Give it an account of its own, or another symbol';
    return open('stops', 'warning', `${keeps}: ${full.join('; ')}. ${then}`);
  }
  if (unknown.length > 0) return open('stops', 'unknown', `${keeps}; how many is not known of ${unknown.join(', ')}`);
  return fine('stops', `${keeps}: ${told.join('; ')}`);
}

function toldBeside({ stops, sessions, byHand }: StopsBeside): string {
  if (stops === 0) return '';
  const whose = [
    ...(sessions === 0 ? [] : [`${sessions} other session${sessions === 1 ? '' : 's'}`]),
    ...(byHand === 0 ? [] : [`${byHand} of no session`]),
  ];
  return `, and ${stops} ${stops === 1 ? 'is' : 'are'} there or may be wanted (${whose.join(', ')})`;
}

/** The number, `null` where the venue does not tell, or in words why it could not be read: prices that cannot be read are told elsewhere. */
async function limitOf(market: StopsMarket, symbol: string): Promise<number | string | null> {
  try {
    return await market.stopOrderLimit(symbol);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
