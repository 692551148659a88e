import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { BarMarket } from '../../../../domain/matching/bar-market/bar-market.ts';
import type { ListedMarket } from '../../../exchange/listed-market.ts';
import { amount, wireSymbol } from '../format.ts';
import { quoteVolume, type ReplayedCandle, replayedCandles } from '../replayed-candles.ts';
import type { Publisher, Tell } from './publisher.ts';

const NO_TRADE = -1;

/**
 * `@kline_<interval>` of a market that replays bars, in recorded time: each candle once more, closed (`x` true), as soon as it is, the one that begins right
 * after it, and the running one whenever more of it is known.
 */
export function replayedKlineStream(listed: ListedMarket<BarMarket>, interval: string, tell: Tell): Publisher {
  const { market } = listed;
  const symbol = wireSymbol(listed.listing.symbol);
  const all = { to: Number.POSITIVE_INFINITY, limit: Number.POSITIVE_INFINITY } as const;
  let from = replayedCandles(market, interval, { ...all, from: null, limit: 1 })[0]?.time ?? 0;
  let shown = '';

  function message(candle: ReplayedCandle, now: EpochMs): unknown {
    return {
      e: 'kline',
      E: tell(now),
      s: symbol,
      k: {
        t: candle.time,
        T: candle.closeTime - 1,
        s: symbol,
        i: interval,
        f: NO_TRADE,
        L: NO_TRADE,
        o: amount(candle.open),
        c: amount(candle.close),
        h: amount(candle.high),
        l: amount(candle.low),
        v: amount(candle.volume),
        n: 0,
        x: candle.isClosed,
        q: amount(quoteVolume(candle)),
        V: amount('0'),
        Q: amount('0'),
        B: '0',
      },
    };
  }

  return {
    turned: (now) => {
      const messages: unknown[] = [];
      for (const candle of replayedCandles(market, interval, { ...all, from })) {
        const text = JSON.stringify(candle);
        if (text === shown) continue;
        messages.push(message(candle, now));
        shown = text;
        from = candle.time;
      }
      return messages;
    },
    close: () => undefined,
  };
}
