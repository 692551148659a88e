import type { EpochMs } from '../../../domain/market/decimal.ts';
import type { VenueConfig } from '../../config.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import type { FaultEndpoint, Faults } from '../../faults/faults.ts';
import { refuse } from './errors.ts';
import { wireSymbol } from './format.ts';
import type { Parameters } from './parameters.ts';
import type { RateCounters } from './weights.ts';

/** What a handler works with: the venue as it stands at `now`, and the request's parameters. */
export interface RequestContext {
  readonly config: VenueConfig;
  readonly exchange: Exchange;
  readonly faults: Faults;
  readonly rates: RateCounters;
  readonly parameters: Parameters;
  readonly now: EpochMs;
  /** Which share of a new order may trade before the rest expires, where a fault says so. */
  readonly fillShare: number | null;
}

/** One method and path of the REST interface. */
export interface Endpoint {
  readonly security: 'none' | 'signed';
  /** Whether the key needs the permission to trade. */
  readonly trades?: true;
  /** Under which name faults strike it; `null` only under `*`. */
  readonly fault: FaultEndpoint | null;
  /** Request weight, by the parameters as sent. */
  readonly weight: (sent: URLSearchParams) => number;
  /** Reads and checks the parameters, acts, and gives the JSON of the answer. Throws `BinanceError` and `Refusal`. */
  readonly handle: (context: RequestContext) => unknown;
}

/** The market under the mandatory parameter `symbol`; -1102 when it is missing, -1121 when no such market is listed. */
export function marketOf(context: RequestContext): ListedMarket {
  return marketNamed(context, context.parameters.required('symbol'));
}

/** All markets, or those that `symbol` or `symbols` name; -1128 when both are sent. */
export function marketsOf(context: RequestContext): {
  readonly markets: readonly ListedMarket[];
  readonly single: boolean;
} {
  const symbol = context.parameters.optional('symbol');
  const symbols = context.parameters.symbolList('symbols');
  if (symbol !== null && symbols !== null) throw refuse.badCombination();
  if (symbol !== null) return { markets: [marketNamed(context, symbol)], single: true };
  const markets = symbols?.map((name) => marketNamed(context, name)) ?? [...context.exchange.markets.values()];
  return { markets, single: false };
}

function marketNamed(context: RequestContext, name: string): ListedMarket {
  if (!/^[A-Z0-9-_.]{1,20}$/.test(name)) throw refuse.illegalCharacters('symbol', '^[A-Z0-9-_.]{1,20}$');
  for (const market of context.exchange.markets.values()) {
    if (wireSymbol(market.listing.symbol) === name) return market;
  }
  throw refuse.symbol();
}
