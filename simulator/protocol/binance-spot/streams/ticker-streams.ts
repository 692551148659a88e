import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { ListedMarket } from '../../../exchange/listed-market.ts';
import { dayTicker } from '../tickers.ts';
import { type Publisher, Pulse, type Tell } from './publisher.ts';

const PERIOD_MS = 1_000;

/** Statistics of the last 24 hours: everything (`@ticker`), or prices and volumes alone (`@miniTicker`). */
export type TickerKind = '24hrTicker' | '24hrMiniTicker';

/** Under which letters the streams carry what the REST ticker spells out. */
const MINI_FIELDS: Readonly<Record<string, string>> = {
  s: 'symbol',
  c: 'lastPrice',
  o: 'openPrice',
  h: 'highPrice',
  l: 'lowPrice',
  v: 'volume',
  q: 'quoteVolume',
};
const FULL_FIELDS: Readonly<Record<string, string>> = {
  ...MINI_FIELDS,
  p: 'priceChange',
  P: 'priceChangePercent',
  w: 'weightedAvgPrice',
  x: 'prevClosePrice',
  Q: 'lastQty',
  b: 'bidPrice',
  B: 'bidQty',
  a: 'askPrice',
  A: 'askQty',
  F: 'firstId',
  L: 'lastId',
  n: 'count',
};

/** `@ticker`, `@miniTicker`: once a second while the market trades. */
export function tickerStream(listed: ListedMarket, kind: TickerKind, now: EpochMs, tell: Tell): Publisher {
  const all = tickersStream([listed], kind, now, tell);
  return { turned: (at) => all.turned(at).flat(), close: all.close };
}

/** `!ticker@arr`, `!miniTicker@arr`: once a second a list of the tickers of those markets that have traded. */
export function tickersStream(markets: readonly ListedMarket[], kind: TickerKind, now: EpochMs, tell: Tell): Publisher {
  const pulse = new Pulse(PERIOD_MS, now);
  const told = new Map<ListedMarket, number>();
  return {
    turned: (at) => {
      if (!pulse.due(at)) return [];
      const moved = markets.filter((listed) => listed.tape.lastId !== told.get(listed));
      for (const listed of moved) told.set(listed, listed.tape.lastId);
      return moved.length === 0 ? [] : [moved.map((listed) => message(listed, kind, at, tell))];
    },
    close: () => undefined,
  };
}

function message(listed: ListedMarket, kind: TickerKind, now: EpochMs, tell: Tell): unknown {
  const ticker = dayTicker(listed, now, 'FULL');
  const pick = (fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(fields).map(([letter, name]) => [letter, ticker[name]]));
  const head = { e: kind, E: tell(now) };
  if (kind === '24hrMiniTicker') return { ...head, ...pick(MINI_FIELDS) };
  return { ...head, ...pick(FULL_FIELDS), O: tell(Number(ticker['openTime'])), C: tell(Number(ticker['closeTime'])) };
}
