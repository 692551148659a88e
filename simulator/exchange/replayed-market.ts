import { BarMarket } from '../../domain/matching/bar-market/bar-market.ts';
import type { ListedMarket } from './listed-market.ts';

/** The market as one that replays candles; `null` when it does not. */
export function replayedMarket(listed: ListedMarket): ListedMarket<BarMarket> | null {
  return listed.market instanceof BarMarket ? (listed as ListedMarket<BarMarket>) : null;
}
