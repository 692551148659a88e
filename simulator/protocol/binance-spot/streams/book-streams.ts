import type { DurationMs, EpochMs } from '../../../../domain/market/decimal.ts';
import type { Level } from '../../../../domain/matching/feed.ts';
import type { ListedMarket } from '../../../exchange/listed-market.ts';
import { amount, wireSymbol } from '../format.ts';
import { type Publisher, Pulse, type Tell } from './publisher.ts';

/**
 * `@depth`, `@depth@100ms`: what has changed in the book. Update ids follow without a gap and are those of the REST snapshot, and every level
 * that a snapshot taken in between may have shown otherwise is named, so the documented way of keeping a local book gives the venue's book.
 */
export function depthStream(listed: ListedMarket, periodMs: DurationMs, now: EpochMs, tell: Tell): Publisher {
  const symbol = wireSymbol(listed.listing.symbol);
  const watch = listed.market.watchBook(now);
  const pulse = new Pulse(periodMs, now);
  return {
    turned: (at) => {
      if (!pulse.due(at)) return [];
      const update = listed.market.bookChanges(watch, at);
      if (update === null) return [];
      const { firstUpdateId, lastUpdateId, bids, asks } = update;
      const b = bids.map(wireLevel);
      return [
        { e: 'depthUpdate', E: tell(at), s: symbol, U: firstUpdateId, u: lastUpdateId, b, a: asks.map(wireLevel) },
      ];
    },
    close: () => listed.market.unwatchBook(watch),
  };
}

/** `@depth5`, `@depth10`, `@depth20`: the best levels of each half, whole, while they change. */
export function partialDepthStream(
  listed: ListedMarket,
  levels: number,
  periodMs: DurationMs,
  now: EpochMs,
): Publisher {
  const pulse = new Pulse(periodMs, now);
  let shownId: number | null = null;
  return {
    turned: (at) => {
      if (!pulse.due(at)) return [];
      const { lastUpdateId, bids, asks } = listed.market.depth(levels, at);
      if (lastUpdateId === shownId) return [];
      shownId = lastUpdateId;
      return [{ lastUpdateId, bids: bids.map(wireLevel), asks: asks.map(wireLevel) }];
    },
    close: () => undefined,
  };
}

/** `@bookTicker`: best bid and ask as each turn of the venue leaves them, when they have changed; nothing while a half is empty. */
export function bookTickerStream(listed: ListedMarket): Publisher {
  const symbol = wireSymbol(listed.listing.symbol);
  let shown = '';
  return {
    turned: (at) => {
      const { lastUpdateId, bids, asks } = listed.market.depth(1, at);
      const [bid] = bids;
      const [ask] = asks;
      if (bid === undefined || ask === undefined) return [];
      const now = [...bid, ...ask].join(' ');
      if (now === shown) return [];
      shown = now;
      const [b, B] = wireLevel(bid);
      const [a, A] = wireLevel(ask);
      return [{ u: lastUpdateId, s: symbol, b, B, a, A }];
    },
    close: () => undefined,
  };
}

function wireLevel([price, quantity]: Level): readonly [string, string] {
  return [amount(price), amount(quantity)];
}
