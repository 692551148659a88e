import type { Decimal, EpochMs } from '../market/decimal.ts';

/** One price level: price and the absolute quantity that now stands there; quantity `"0"` removes the level. */
export type Level = readonly [price: Decimal, quantity: Decimal];

/**
 * Something that happened on the outside market, in feed time (recorded time, or the synthetic generator's).
 * The book follows `snapshot` and `depth` alone; `quote` only checks it; `trade` feeds the public tape and resting orders.
 */
export type FeedEvent =
  | {
      readonly kind: 'snapshot';
      readonly t: EpochMs;
      readonly lastUpdateId: number;
      readonly bids: readonly Level[];
      readonly asks: readonly Level[];
    }
  | {
      readonly kind: 'depth';
      readonly t: EpochMs;
      readonly firstUpdateId: number;
      readonly lastUpdateId: number;
      readonly bids: readonly Level[];
      readonly asks: readonly Level[];
    }
  | {
      readonly kind: 'trade';
      readonly t: EpochMs;
      readonly sourceId: number | null;
      readonly price: Decimal;
      readonly quantity: Decimal;
      readonly buyerIsMaker: boolean;
    }
  | {
      readonly kind: 'quote';
      readonly t: EpochMs;
      readonly updateId: number;
      readonly bid: Level;
      readonly ask: Level;
    };
