import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import type { FeedEvent, Level } from '../../../domain/matching/feed.ts';
import type { Market } from '../../../domain/matching/market.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import type { MarketDriver } from '../market-driver.ts';
import type { Heard, RelayLink } from './relay-link.ts';
import { tapeIdOf, type TapeAnchor } from './tape-anchor.ts';
import type { SourceBook, SourceTrade } from './source-exchange.ts';

/** A book that is older says nothing of the market any more. */
const STALE_AFTER_MS: DurationMs = 5_000;

/**
 * Lets a market follow what its link has heard. Everything happens when it is heard: the source's own times are those of its clock. While the
 * source's book is not known, or has not been for five seconds, the market takes no orders.
 */
export class RelayDriver implements MarketDriver {
  readonly map = null;
  readonly ended = false;
  readonly #link: RelayLink;
  readonly #listed: ListedMarket<Market>;
  readonly #exchange: Exchange;
  readonly #anchored: (anchor: TapeAnchor) => void;
  #anchor: TapeAnchor | null;
  #applied = 0;
  #updateId = 0;
  #shown: Record<'bids' | 'asks', ReadonlyMap<string, string>> = { bids: new Map(), asks: new Map() };

  /** `anchor` is the last one on record; a new one goes to `anchored`. */
  constructor(options: {
    readonly link: RelayLink;
    readonly listed: ListedMarket<Market>;
    readonly exchange: Exchange;
    readonly anchor: TapeAnchor | null;
    readonly anchored: (anchor: TapeAnchor) => void;
  }) {
    this.#link = options.link;
    this.#listed = options.listed;
    this.#exchange = options.exchange;
    this.#anchor = options.anchor;
    this.#anchored = options.anchored;
  }

  get applied(): number {
    return this.#applied;
  }

  async advanceTo(now: EpochMs): Promise<void> {
    try {
      for (const heard of this.#link.take()) this.#take(heard, now);
    } catch (error) {
      // The market closes, and nobody would take any more what the link hears.
      this.#link.stop();
      throw error;
    }
    this.#listed.paused = this.#pauseAt(now);
  }

  async stop(): Promise<void> {
    this.#link.stop();
  }

  #pauseAt(now: EpochMs): string | null {
    const { bookAt, problem } = this.#link;
    const because = problem === null ? '' : ` (${problem})`;
    if (!this.#listed.market.ready || bookAt === null) return `the source has not been heard yet${because}`;
    if (now - bookAt <= STALE_AFTER_MS) return null;
    return `the source has not been heard for ${Math.floor((now - bookAt) / 1_000)} s${because}`;
  }

  #take(heard: Heard, now: EpochMs): void {
    switch (heard.kind) {
      case 'past':
        this.#listed.bars.prepend(heard.minutes);
        this.#takePast(heard.trades, now);
        break;
      case 'trades':
        if (heard.anew && heard.trades[0] !== undefined) this.#fix(heard.trades[0].id);
        for (const trade of heard.trades) this.#apply(eventOf(trade, now), now);
        break;
      case 'book':
        this.#apply(this.#bookEvent(heard.book, now), now);
        break;
    }
  }

  /** What was traded before the venue listened goes on its tape, at its own time, and meets no order. */
  #takePast(trades: readonly SourceTrade[], now: EpochMs): void {
    const { market } = this.#listed;
    const [first] = trades;
    if (first === undefined) return;
    const tradeId = tapeIdOf(this.#anchor, first.id, this.#listed.surplus);
    if (tradeId !== null && tradeId >= market.nextTradeId) market.skipTapeTo(tradeId);
    if (tradeId !== market.nextTradeId || this.#anchor === null) this.#fix(first.id);
    for (const trade of trades) {
      this.#listed.record(market.replay(eventOf(trade, now), Math.min(trade.at, now)));
      this.#applied += 1;
    }
  }

  /** Puts on record that the source's trade `sourceId` is the next one on the tape. */
  #fix(sourceId: number): void {
    this.#anchor = { sourceId, tradeId: this.#listed.market.nextTradeId, surplus: this.#listed.surplus };
    this.#anchored(this.#anchor);
  }

  #apply(event: FeedEvent, at: EpochMs): void {
    this.#exchange.applyFeed(this.#listed, event, at);
    this.#applied += 1;
  }

  /** The book as a snapshot, or as what has changed since the last one. */
  #bookEvent(book: SourceBook, t: EpochMs): FeedEvent {
    const bids = this.#changes('bids', book.bids);
    const asks = this.#changes('asks', book.asks);
    this.#updateId += 1;
    const lastUpdateId = this.#updateId;
    if (lastUpdateId === 1) return { kind: 'snapshot', t, lastUpdateId, bids, asks };
    return { kind: 'depth', t, firstUpdateId: lastUpdateId, lastUpdateId, bids, asks };
  }

  #changes(half: 'bids' | 'asks', levels: readonly Level[]): readonly Level[] {
    const before = this.#shown[half];
    const now = new Map(levels);
    this.#shown[half] = now;
    const gone = [...before.keys()].filter((price) => !now.has(price)).map((price): Level => [price, '0']);
    return [...gone, ...levels.filter(([price, quantity]) => before.get(price) !== quantity)];
  }
}

function eventOf({ id, price, quantity, buyerIsMaker }: SourceTrade, t: EpochMs): FeedEvent {
  return { kind: 'trade', t, sourceId: id, price, quantity, buyerIsMaker };
}
