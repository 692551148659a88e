import type { EpochMs } from '../../domain/market/decimal.ts';
import { isSynthetic, speedOf } from '../feeds/feed-label.ts';
import type { DrivenMarket, Venue } from '../venue.ts';

/** How the venue stands: what it was set up with, how far its feeds have come, which faults are set. */
export function stateDocument(venue: Venue, now: EpochMs): Readonly<Record<string, unknown>> {
  const { config } = venue;
  const { feed } = config;
  return {
    venue: config.id,
    protocol: config.protocol,
    synthetic: isSynthetic(feed),
    feed,
    speed: speedOf(feed),
    impact: config.impact,
    latencyMs: config.latencyMs,
    makerBps: config.makerBps,
    takerBps: config.takerBps,
    now,
    markets: venue.markets.map((market) => marketDocument(market, now)),
    faults: venue.faults.active(now),
  };
}

function marketDocument({ listed, driver }: DrivenMarket, now: EpochMs): unknown {
  const best = listed.market.best(now);
  return {
    symbol: listed.listing.symbol,
    closed: listed.closed,
    paused: listed.paused,
    bid: best?.bid ?? null,
    ask: best?.ask ?? null,
    lastPrice: listed.tape.last()?.price ?? null,
    lastTradeId: listed.tape.last()?.tradeId ?? null,
    /** Recorded time `feedAt` is venue time `at`; from there `speed` times as fast. */
    timeMap: driver?.map ?? null,
    position: {
      eventsTaken: driver?.applied ?? null,
      feedAt: listed.feedAt,
      ended: driver?.ended ?? null,
    },
    quoteCheck: listed.market.quoteCheck,
  };
}
