import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { TapePrint } from '../../../../domain/matching/market-types.ts';
import type { ListedMarket } from '../../../exchange/listed-market.ts';
import { amount, wireSymbol } from '../format.ts';
import type { Publisher, Tell } from './publisher.ts';

type Message = (print: TapePrint, symbol: string, now: EpochMs, tell: Tell) => unknown;

/** `@trade`: every print of the tape. */
export function tradeStream(listed: ListedMarket, tell: Tell): Publisher {
  return printStream(listed, tell, tradeMessage);
}

/** `@aggTrade`: each print is an aggregate of its own. */
export function aggregateTradeStream(listed: ListedMarket, tell: Tell): Publisher {
  return printStream(listed, tell, aggregateMessage);
}

function printStream(listed: ListedMarket, tell: Tell, message: Message): Publisher {
  const symbol = wireSymbol(listed.listing.symbol);
  let waiting: TapePrint[] = [];
  const stop = listed.watchPrints((prints) => waiting.push(...prints));
  return {
    turned: (now) => {
      if (waiting.length === 0) return [];
      const messages = waiting.map((print) => message(print, symbol, now, tell));
      waiting = [];
      return messages;
    },
    close: stop,
  };
}

const tradeMessage: Message = (print, symbol, now, tell) => ({
  e: 'trade',
  E: tell(now),
  s: symbol,
  t: print.tradeId,
  p: amount(print.price),
  q: amount(print.quantity),
  T: tell(print.at),
  m: print.buyerIsMaker,
  M: true,
});

const aggregateMessage: Message = (print, symbol, now, tell) => ({
  e: 'aggTrade',
  E: tell(now),
  s: symbol,
  a: print.tradeId,
  p: amount(print.price),
  q: amount(print.quantity),
  f: print.tradeId,
  l: print.tradeId,
  T: tell(print.at),
  m: print.buyerIsMaker,
  M: true,
});
