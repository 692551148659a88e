import Big from 'big.js';
import fc from 'fast-check';
import type { FeedEvent, Level } from '../../../domain/matching/feed.ts';
import { Market } from '../../../domain/matching/market.ts';
import type { ImpactModel, MarketOrder } from '../../../domain/matching/market-types.ts';

export const TICK = '0.01';
export const LOT = '0.001';
export const NO_FADING: ImpactModel = { permanent: 1, halfLifeMs: 1000 };

/** A book in ticks and lots, best level first. */
export interface TickBook {
  readonly bids: readonly (readonly [ticks: number, lots: number])[];
  readonly asks: readonly (readonly [ticks: number, lots: number])[];
}

export const ticks = (count: number): string => new Big(TICK).times(count).toFixed();
export const lots = (count: number): string => new Big(LOT).times(count).toFixed();

export function snapshotOf(book: TickBook, lastUpdateId = 1): FeedEvent {
  const levels = (half: TickBook['bids']): Level[] => half.map(([price, quantity]) => [ticks(price), lots(quantity)]);
  return { kind: 'snapshot', t: 0, lastUpdateId, bids: levels(book.bids), asks: levels(book.asks) };
}

export function marketOf(book: TickBook, impact: ImpactModel = NO_FADING, nextTradeId = 1): Market {
  const market = new Market({ symbol: 'BTC/USDT', tick: TICK, lot: LOT, impact }, nextTradeId);
  market.apply(snapshotOf(book), 0);
  return market;
}

export const limit = (
  orderId: number,
  side: MarketOrder['side'],
  quantity: string,
  price: string,
  timeInForce: MarketOrder['timeInForce'] = 'GTC',
): MarketOrder => ({ orderId, side, quantity, price, timeInForce, postOnly: false });

export const atMarket = (orderId: number, side: MarketOrder['side'], quantity: string): MarketOrder => ({
  orderId,
  side,
  quantity,
  price: null,
  timeInForce: 'IOC',
  postOnly: false,
});

export const trade = (sourceId: number, price: string, quantity: string, buyerIsMaker: boolean): FeedEvent => ({
  kind: 'trade',
  t: 0,
  sourceId,
  price,
  quantity,
  buyerIsMaker,
});

const halfOf = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })), {
  minLength: 1,
  maxLength: 10,
});

/** Random books around 10.00, never crossed. */
export const tickBooks: fc.Arbitrary<TickBook> = fc
  .record({ bids: halfOf, asks: halfOf, spread: fc.integer({ min: 1, max: 5 }) })
  .map(({ bids, asks, spread }) => {
    let bid = 1001;
    let ask = 1000 + spread - 1;
    return {
      bids: bids.map(([gap, quantity]) => [(bid -= gap), quantity] as const),
      asks: asks.map(([gap, quantity]) => [(ask += gap), quantity] as const),
    };
  });

export const impactModels: fc.Arbitrary<ImpactModel> = fc.record({
  permanent: fc.constantFrom(0, 0.25, 0.3, 0.5, 1),
  halfLifeMs: fc.constantFrom(1, 3000, 21000),
});
