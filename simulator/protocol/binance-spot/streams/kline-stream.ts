import Big from 'big.js';
import type { Decimal, EpochMs } from '../../../../domain/market/decimal.ts';
import type { TapePrint } from '../../../../domain/matching/market-types.ts';
import type { ListedMarket } from '../../../exchange/listed-market.ts';
import { type Bar, barOf, joinBars } from '../../../exchange/minute-bars.ts';
import { candleAt, type Interval, openTimes } from '../candles.ts';
import { amount, wireSymbol } from '../format.ts';
import type { Publisher, Tell } from './publisher.ts';

/** How often a running candle is told at most, in ms. */
const SECOND_CANDLE_PERIOD_MS = 1_000;
const PERIOD_MS = 2_000;
const NO_TRADE = -1;

/**
 * `@kline_<interval>`: the running candle while it changes, and every candle once more, closed (`x` true), at the first turn after its end,
 * followed at once by the next one as it begins.
 */
export class KlineStream implements Publisher {
  readonly #listed: ListedMarket;
  readonly #interval: Interval;
  readonly #tell: Tell;
  readonly #stop: () => void;
  #waiting: TapePrint[] = [];
  #open: EpochMs;
  #next: EpochMs;
  #bar: Bar | null;
  #close: Decimal | null;
  #changed = true;
  /** When the running candle was last told; `null` before it was. */
  #toldAt: EpochMs | null = null;

  constructor(listed: ListedMarket, interval: Interval, now: EpochMs, tell: Tell) {
    this.#listed = listed;
    this.#interval = interval;
    this.#tell = tell;
    ({ open: this.#open, next: this.#next } = openTimes(interval, now));
    ({ bar: this.#bar, close: this.#close } = candleAt(listed, interval, this.#open));
    this.#stop = listed.watchPrints((prints) => this.#waiting.push(...prints));
  }

  turned(now: EpochMs): readonly unknown[] {
    const messages: unknown[] = [];
    for (const print of this.#waiting) {
      this.#closeUntil(print.at, now, messages);
      const bar = barOf(print, this.#open);
      this.#bar = this.#bar === null ? bar : joinBars(this.#bar, bar);
      this.#close = print.price;
      this.#changed = true;
    }
    this.#waiting = [];
    this.#closeUntil(now, now, messages);
    const period = this.#interval === '1s' ? SECOND_CANDLE_PERIOD_MS : PERIOD_MS;
    const isDue = this.#toldAt === null || now - this.#toldAt >= period;
    if (this.#changed && this.#close !== null && isDue) {
      messages.push(this.#message(now, false));
      this.#changed = false;
      this.#toldAt = now;
    }
    return messages;
  }

  close(): void {
    this.#stop();
  }

  /** Closes every candle whose time is over at `at`. */
  #closeUntil(at: EpochMs, now: EpochMs, messages: unknown[]): void {
    while (at >= this.#next) {
      if (this.#close !== null) messages.push(this.#message(now, true));
      ({ open: this.#open, next: this.#next } = openTimes(this.#interval, this.#next));
      this.#bar = null;
      this.#changed = true;
      // Many a client learns that a candle is closed from the first message about the next one, which must not wait for its turn.
      this.#toldAt = null;
    }
  }

  #message(now: EpochMs, closed: boolean): unknown {
    const symbol = wireSymbol(this.#listed.listing.symbol);
    const bar = this.#bar;
    const close = this.#close ?? '0';
    const none = new Big(0);
    return {
      e: 'kline',
      E: this.#tell(now),
      s: symbol,
      k: {
        t: this.#tell(this.#open),
        T: this.#tell(this.#next - 1),
        s: symbol,
        i: this.#interval,
        f: bar?.firstId ?? NO_TRADE,
        L: bar?.lastId ?? NO_TRADE,
        o: amount(bar?.open ?? close),
        c: amount(close),
        h: amount(bar?.high ?? close),
        l: amount(bar?.low ?? close),
        v: amount(bar?.volume ?? none),
        n: bar?.count ?? 0,
        x: closed,
        q: amount(bar?.quoteVolume ?? none),
        V: amount(bar?.takerBuyVolume ?? none),
        Q: amount(bar?.takerBuyQuoteVolume ?? none),
        B: '0',
      },
    };
  }
}
