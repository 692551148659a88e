import Big from 'big.js';
import type { EpochMs } from '../../../domain/market/decimal.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import { joinBars, MINUTE_MS } from '../../exchange/minute-bars.ts';
import { amount, wireSymbol } from './format.ts';

const DAY_MS = 86_400_000;

/** Best bid and ask; zeros where a half of the book is empty. */
export function bookTicker(listed: ListedMarket, now: EpochMs): Readonly<Record<string, unknown>> {
  const { bids, asks } = listed.market.depth(1, now);
  return {
    symbol: wireSymbol(listed.listing.symbol),
    bidPrice: amount(bids[0]?.[0] ?? '0'),
    bidQty: amount(bids[0]?.[1] ?? '0'),
    askPrice: amount(asks[0]?.[0] ?? '0'),
    askQty: amount(asks[0]?.[1] ?? '0'),
  };
}

/** The last price on the tape. */
export function priceTicker(listed: ListedMarket): Readonly<Record<string, unknown>> {
  return { symbol: wireSymbol(listed.listing.symbol), price: amount(listed.tape.last()?.price ?? '0') };
}

/** What a ticker without book and trade ids leaves out. */
const FULL_ONLY = [
  'priceChange',
  'priceChangePercent',
  'weightedAvgPrice',
  'prevClosePrice',
  'lastQty',
  'bidPrice',
  'bidQty',
  'askPrice',
  'askQty',
];

/** Statistics of the last 24 hours, counted in whole minutes: the window opens with the minute 24 hours before the running one. */
export function dayTicker(
  listed: ListedMarket,
  now: EpochMs,
  kind: 'FULL' | 'MINI',
): Readonly<Record<string, unknown>> {
  const openTime = Math.floor(now / MINUTE_MS) * MINUTE_MS - DAY_MS + MINUTE_MS;
  const [first, ...rest] = listed.bars.between(openTime, now);
  const window = first === undefined ? null : rest.reduce(joinBars, first);
  const last = listed.tape.last();
  const lastPrice = new Big(last?.price ?? '0');
  const open = new Big(window?.open ?? lastPrice);
  const change = lastPrice.minus(open);
  const volume = window?.volume ?? new Big(0);
  const quoteVolume = window?.quoteVolume ?? new Big(0);
  const { symbol, ...book } = bookTicker(listed, now);
  const full = {
    symbol,
    priceChange: amount(change),
    priceChangePercent: open.eq(0) ? '0.000' : change.times(100).div(open).toFixed(3),
    weightedAvgPrice: amount(volume.eq(0) ? '0' : quoteVolume.div(volume)),
    prevClosePrice: amount(listed.bars.before(openTime)?.close ?? open),
    lastPrice: amount(lastPrice),
    lastQty: amount(last?.quantity ?? '0'),
    ...book,
    openPrice: amount(open),
    highPrice: amount(window?.high ?? lastPrice),
    lowPrice: amount(window?.low ?? lastPrice),
    volume: amount(volume),
    quoteVolume: amount(quoteVolume),
    openTime,
    closeTime: now,
    firstId: window?.firstId ?? -1,
    lastId: window?.lastId ?? -1,
    count: window?.count ?? 0,
  };
  if (kind === 'FULL') return full;
  return Object.fromEntries(Object.entries(full).filter(([name]) => !FULL_ONLY.includes(name)));
}
