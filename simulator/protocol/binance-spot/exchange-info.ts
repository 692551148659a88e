import type { VenueConfig, VenueLimits } from '../../config.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import { isSynthetic, speedOf } from '../../feeds/feed-label.ts';
import { type Endpoint, marketsOf, type RequestContext } from './endpoint.ts';
import { listFilters } from './filters.ts';
import { wireSymbol } from './format.ts';

const PRECISION = 8;

/** What a client must know to tell this venue from a real one; Binance has no such field and clients pass over it. */
export function simulationLabel(config: VenueConfig): Readonly<Record<string, unknown>> {
  const { feed } = config;
  return {
    simulated: true,
    venue: config.id,
    feed: feed.kind,
    synthetic: isSynthetic(feed),
    speed: speedOf(feed),
    impact: config.impact,
  };
}

function exchangeInfo(context: RequestContext): unknown {
  const { markets } = marketsOf(context);
  for (const name of ['permissions', 'showPermissionSets', 'symbolStatus']) context.parameters.has(name);
  context.parameters.finish();
  const { limits } = context.config;
  return {
    timezone: 'UTC',
    serverTime: context.now,
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: limits.weightPerMinute },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: limits.ordersPer10s },
      { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: limits.ordersPerDay },
    ],
    exchangeFilters: [],
    symbols: markets.map((market) => symbolInfo(market, limits)),
    sors: [],
    simulation: simulationLabel(context.config),
  };
}

function symbolInfo({ listing, closed }: ListedMarket, limits: VenueLimits): unknown {
  return {
    symbol: wireSymbol(listing.symbol),
    status: closed === null ? 'TRADING' : 'BREAK',
    baseAsset: listing.base,
    baseAssetPrecision: PRECISION,
    quoteAsset: listing.quote,
    quotePrecision: PRECISION,
    quoteAssetPrecision: PRECISION,
    baseCommissionPrecision: PRECISION,
    quoteCommissionPrecision: PRECISION,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT'],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: false,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    amendAllowed: false,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: listFilters(listing, limits),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'NONE',
    allowedSelfTradePreventionModes: ['NONE'],
  };
}

export const exchangeInfoEndpoints: Readonly<Record<string, Endpoint>> = {
  'GET /api/v3/exchangeInfo': { security: 'none', fault: null, weight: () => 20, handle: exchangeInfo },
};
