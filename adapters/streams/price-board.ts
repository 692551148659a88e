import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { PublicTrade } from '../../domain/market/public-trade.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredPrice } from '../ports/last-prices.ts';
import type { Touch } from './stream-client.ts';

/** The newest prices of all watched symbols, and which of them are not stored yet. */
export class PriceBoard {
  readonly #clock: Clock;
  readonly #prices = new Map<string, StoredPrice>();
  readonly #changed = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Prints of a stream; those that came over an old connection never take the place of newer ones. */
  printed(symbol: string, trades: readonly PublicTrade[]): void {
    const newest = trades.at(-1);
    if (newest === undefined) return;
    const before = this.#prices.get(symbol);
    if (before?.at !== undefined && before.at !== null && before.at > newest.at) return;
    this.#set(symbol, { last: newest.price, at: newest.at }, before?.last !== newest.price || before.at !== newest.at);
  }

  touched(symbol: string, { bid, ask }: Touch): void {
    const before = this.#prices.get(symbol);
    const prices = { bid: bid?.[0] ?? null, ask: ask?.[0] ?? null };
    this.#set(symbol, prices, before?.bid !== prices.bid || before.ask !== prices.ask);
  }

  /** What has changed since the last call. */
  take(): readonly StoredPrice[] {
    const changed = [...this.#changed].flatMap((symbol) => this.#prices.get(symbol) ?? []);
    this.#changed.clear();
    return changed;
  }

  /** These could not be stored: they count as changed again. */
  putBack(prices: readonly StoredPrice[]): void {
    for (const { symbol } of prices) this.#changed.add(symbol);
  }

  #set(
    symbol: string,
    prices: Partial<Record<'last' | 'bid' | 'ask', Decimal | null>> & { readonly at?: EpochMs },
    isNew: boolean,
  ): void {
    const before = this.#prices.get(symbol) ?? { symbol, last: null, bid: null, ask: null, at: null };
    this.#prices.set(symbol, { ...before, ...prices, receivedAt: this.#clock.now() });
    if (isNew) this.#changed.add(symbol);
  }
}
