import { join } from 'node:path';
import type { DurationMs, EpochMs } from '../domain/market/decimal.ts';
import { Market } from '../domain/matching/market.ts';
import type { MarketFill } from '../domain/matching/market-types.ts';
import { VenueClock } from './clock.ts';
import type { MarketListing, VenueConfig } from './config.ts';
import { Exchange } from './exchange/exchange.ts';
import { ListedMarket } from './exchange/listed-market.ts';
import type { JournalRecord } from './exchange/records.ts';
import { Faults } from './faults/faults.ts';
import { HeldRequests } from './faults/held-requests.ts';
import { openCandleMarket } from './feeds/candles/open-candle-market.ts';
import { openFeed } from './feeds/feed.ts';
import { FeedDriver } from './feeds/feed-driver.ts';
import type { MarketDriver } from './feeds/market-driver.ts';
import type { TimeMap } from './feeds/time-map.ts';
import { Journal } from './journal/journal.ts';
import type { VenueFollower } from './venue-follower.ts';
import { VenueHistory } from './venue-history.ts';

const TICK_MS = 50;
const SECOND_MS = 1_000;
const JOURNAL_FILE = 'journal.ndjson';

/** Tells the operator something about a venue. */
export type Log = (message: string) => void;

/** A market with the feed that drives it. */
export interface DrivenMarket {
  readonly listed: ListedMarket;
  /** `null` of a market that replays candles: nothing moves it but releases. */
  readonly driver: MarketDriver | null;
}

/** One simulated venue without its wire: exchange, feeds, journal, faults. */
export class Venue {
  readonly config: VenueConfig;
  readonly clock: VenueClock;
  readonly exchange: Exchange;
  readonly faults: Faults;
  readonly held = new HeldRequests();
  readonly markets: readonly DrivenMarket[];
  readonly #journal: Journal<JournalRecord>;
  readonly #followers: Set<VenueFollower>;
  readonly #log: Log;
  readonly #onFailure: (error: Error) => void;
  #timer: NodeJS.Timeout | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: {
    readonly config: VenueConfig;
    readonly clock: VenueClock;
    readonly exchange: Exchange;
    readonly markets: readonly DrivenMarket[];
    readonly journal: Journal<JournalRecord>;
    readonly followers: Set<VenueFollower>;
    readonly log: Log;
    readonly onFailure: (error: Error) => void;
  }) {
    this.config = parts.config;
    this.clock = parts.clock;
    this.exchange = parts.exchange;
    this.markets = parts.markets;
    this.faults = new Faults(parts.config.feed.kind === 'synthetic' ? parts.config.feed.seed : 0);
    this.#journal = parts.journal;
    this.#followers = parts.followers;
    this.#log = parts.log;
    this.#onFailure = parts.onFailure;
  }

  /**
   * Opens a venue: reads its journal, rebuilds account and markets as they stood, and starts the feeds. `onFailure` is told when the journal
   * cannot be written any more, after which the venue must not go on. Rejects when the journal is damaged or belongs to another
   * venue or feed, or when a recording has no snapshot.
   */
  static async open(config: VenueConfig, options: { log: Log; onFailure: (error: Error) => void }): Promise<Venue> {
    const { log } = options;
    const clock = new VenueClock();
    const history = new VenueHistory(config);
    const path = join(config.journal, JOURNAL_FILE);
    const { journal, tornBytes } = await Journal.open<JournalRecord>(path, (record) => history.add(record));
    if (tornBytes > 0) log(`journal: cut off ${tornBytes} bytes of a line that an earlier run did not finish`);
    if (history.opening === null) {
      journal.append(history.open(clock.now()));
    } else {
      log(`journal: ${history.ledger.orders().length} orders and ${history.ledger.fills().length} fills are back`);
    }
    const listed = new Map<string, ListedMarket>();
    const followers = new Set<VenueFollower>();
    const exchange = new Exchange({
      config,
      ledger: history.ledger,
      markets: listed,
      journal: (record) => {
        journal.append(record);
        for (const follower of followers) follower.recorded(record);
      },
    });
    const markets: DrivenMarket[] = [];
    try {
      for (const listing of config.markets) {
        const market = await openMarket(config, listing, { clock, history, exchange, journal, log });
        if (market.listed.closed !== null) log(`${listing.symbol} is closed: ${market.listed.closed}`);
        listed.set(listing.symbol, market.listed);
        markets.push(market);
      }
      await journal.flushed();
    } catch (error) {
      // Nothing was answered yet: the journal must not bind a later start to a feed that could not be opened.
      await journal.abandon();
      throw error;
    }
    const venue = new Venue({ config, clock, exchange, markets, journal, followers, ...options });
    venue.#start();
    return venue;
  }

  /**
   * Brings all markets up to the present and lets `act` do its work at that instant. Turns are taken one after the other, so whatever
   * `act` does comes after everything that happened before its instant and ahead of everything later.
   */
  async run<T>(act: (now: EpochMs) => T): Promise<T> {
    const turn = this.#turn.then(async () => {
      const now = this.clock.now();
      await Promise.all(this.markets.map((market) => this.#advance(market, now)));
      try {
        return act(now);
      } finally {
        for (const follower of this.#followers) follower.turned(now);
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Lets `follower` hear of everything from the next turn on; the returned function ends that. */
  follow(follower: VenueFollower): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }

  /** Resolves once everything that has happened is on the disk: nothing may be answered before. */
  async flushed(): Promise<void> {
    try {
      await this.#journal.flushed();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** To be told of an error that nothing explains: the venue may stand half changed, and only its journal is to be trusted. */
  fail(error: unknown): void {
    this.#onFailure(error instanceof Error ? error : new Error(String(error)));
  }

  log(message: string): void {
    this.#log(message);
  }

  /** Stops the feeds and closes the journal with everything on the disk. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#turn;
    await Promise.all(this.markets.map(async ({ driver }) => driver?.stop()));
    await this.#journal.close();
  }

  #start(): void {
    const tick = async () => {
      await this.run(() => undefined);
      await this.flushed();
      if (this.#timer !== null) this.#timer = setTimeout(run, untilNextTick());
    };
    const run = () => {
      tick().catch((error: unknown) => this.fail(error));
    };
    this.#timer = setTimeout(run, TICK_MS);
  }

  async #advance({ listed, driver }: DrivenMarket, now: EpochMs): Promise<void> {
    if (listed.closed !== null || driver === null) return;
    listed.closed = await advanceFeed(driver, now);
    if (listed.closed !== null) this.#log(`${listed.listing.symbol} is closed: ${listed.closed}`);
  }
}

/** Candles end with whole seconds and are told at the next tick, so one comes as soon as a second is over. */
function untilNextTick(): DurationMs {
  return Math.min(TICK_MS, SECOND_MS - (Date.now() % SECOND_MS));
}

/** Why the market must close at `now`, or `null`. A feed that fails or ends closes it: reads go on, orders are refused. */
async function advanceFeed(driver: MarketDriver, now: EpochMs): Promise<string | null> {
  try {
    await driver.advanceTo(now);
    return driver.ended ? 'the recording has ended' : null;
  } catch (error) {
    return `the feed failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Opens one market, puts back what happened before a restart, and leaves it standing at the present. */
async function openMarket(
  config: VenueConfig,
  listing: MarketListing,
  parts: { clock: VenueClock; history: VenueHistory; exchange: Exchange; journal: Journal<JournalRecord>; log: Log },
): Promise<DrivenMarket> {
  const { clock, history, exchange, journal, log } = parts;
  const { symbol } = listing;
  if (config.feed.kind === 'candles') {
    const opened = { now: clock.now(), history, journal: (record: JournalRecord) => journal.append(record) };
    return { listed: await openCandleMarket(config.feed, listing, opened), driver: null };
  }
  if (config.feed.kind === 'relay') {
    // It brings all exchanges that ccxt knows, which a venue with a market of its own has no use for.
    const { openRelayMarket } = await import('./feeds/relay/open-relay-market.ts');
    const append = (record: JournalRecord) => journal.append(record);
    return openRelayMarket(config, listing, { now: () => clock.now(), history, exchange, journal: append, log });
  }
  const feed = openFeed(config.feed, listing, clock.now());
  const surplus = history.surplusBefore(symbol, feed.from);
  const { tick, lot } = listing;
  const market = new Market({ symbol, tick, lot, impact: config.impact }, feed.firstTradeId + surplus);
  const listed = new ListedMarket(listing, market, surplus);
  listed.market.beginReplay(history.fillsOf(symbol).map(asMarketFill));
  let rebuilt = false;
  const driver = new FeedDriver(feed.source, (event, at) => {
    if (rebuilt) {
      exchange.applyFeed(listed, event, at);
      return;
    }
    listed.feedAt = event.t;
    listed.record(listed.market.replay(event, at));
  });
  driver.start(await timeMap(config, symbol, driver, { clock, history, journal }));
  const now = clock.now();
  listed.closed = await advanceFeed(driver, now);
  const { resting, stops } = history.openOrdersOf(symbol);
  listed.record(listed.market.finishReplay(resting, now, stops));
  rebuilt = true;
  return { listed, driver };
}

/** The journalled start of a recording, or its first snapshot now; a synthetic feed runs in venue time. */
async function timeMap(
  config: VenueConfig,
  symbol: string,
  driver: FeedDriver,
  parts: { clock: VenueClock; history: VenueHistory; journal: Journal<JournalRecord> },
): Promise<TimeMap> {
  if (config.feed.kind === 'synthetic') return { feedAt: 0, at: 0, speed: 1 };
  if (config.feed.kind !== 'recorded') throw new Error(`a feed of kind ${config.feed.kind} has no recorded time`);
  const { speed, files } = config.feed;
  const journalled = parts.history.feedStart(symbol);
  if (journalled !== null) return { ...journalled, speed };
  const feedAt = await driver.firstSnapshotAt();
  if (feedAt === null) throw new Error(`the recording ${files.join(', ')} holds no snapshot of the book`);
  const at = parts.clock.now();
  parts.journal.append({ kind: 'feed-started', symbol, feedAt, at });
  return { feedAt, at, speed };
}

function asMarketFill(fill: MarketFill): MarketFill {
  const { orderId, side, price, quantity, maker, tradeId, sourceId, at } = fill;
  return { orderId, side, price, quantity, maker, tradeId, sourceId, at };
}
