import { BarMarket } from '../../../domain/matching/bar-market/bar-market.ts';
import type { EpochMs } from '../../../domain/market/decimal.ts';
import type { MarketListing } from '../../config.ts';
import { ListedMarket } from '../../exchange/listed-market.ts';
import type { CandlesRecord } from '../../exchange/records.ts';
import type { VenueHistory } from '../../venue-history.ts';
import type { CandleFeedConfig } from './candle-feed-config.ts';
import { readCandles } from './read-candles.ts';

const FIRST_TRADE_ID = 1;

/**
 * Opens a market that replays candles, where its journal left it or after its warm-up. Throws an `Error` that names file and row when the candles
 * cannot be used, and when they are not those that the journal was opened with.
 */
export async function openCandleMarket(
  feed: CandleFeedConfig,
  listing: MarketListing,
  parts: { readonly now: EpochMs; readonly history: VenueHistory; readonly journal: (record: CandlesRecord) => void },
): Promise<ListedMarket<BarMarket>> {
  const { symbol } = listing;
  const { candles, hash } = await readCandles(feed, symbol);
  const { history } = parts;
  const past = history.candles;
  const make = (from: ConstructorParameters<typeof BarMarket>[2]): BarMarket => {
    try {
      return new BarMarket(listing, candles, from);
    } catch (error) {
      throw new Error(`${feed.file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
  if (past.opened === null) {
    const index = feed.warmUpBars - 1;
    const position = { index, phase: 'close' } as const;
    const { lastPrice } = make({ position, nextTradeId: FIRST_TRADE_ID });
    const opened: CandlesRecord = {
      kind: 'candles-opened',
      symbol,
      bars: candles.length,
      hash,
      index,
      // So that there is a last price before the first release.
      print: {
        tradeId: FIRST_TRADE_ID,
        price: lastPrice,
        quantity: listing.lot,
        buyerIsMaker: false,
        at: parts.now,
        sourceId: null,
        ours: false,
      },
    };
    parts.journal(opened);
    past.add(opened);
  } else if (past.opened.hash !== hash) {
    throw new Error(
      `${feed.file}: these are not the candles that the venue was opened with; put the file back, or give the changed venue a new id or another home`,
    );
  }
  const { position, prints } = past;
  const last = prints.at(-1);
  if (position === null || last === undefined) throw new Error('the journal says nothing of the candles');
  const market = make({ position, nextTradeId: last.tradeId + 1, last: last.price });
  for (const order of history.ledger.openOrders()) {
    const { orderId, side, quantity, price, timeInForce } = order;
    const stop = order.workingAt === null ? order.stopPrice : null;
    market.putBack({ orderId, side, quantity, price, stop, timeInForce, isNew: past.isNew(orderId) });
  }
  const listed = new ListedMarket(listing, market, 0);
  listed.record(prints);
  listed.feedAt = market.bars.timeOf(market.closed);
  return listed;
}
