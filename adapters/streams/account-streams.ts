import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { Clock } from '../ports/clock.ts';
import type { FillIntake } from '../ports/fill-intake.ts';
import type { OrderedSymbols } from '../ports/ordered-symbols.ts';
import type { StreamHealth, StreamKind } from '../ports/stream-health.ts';
import { VenueReadError } from '../ports/venue.ts';
import { AccountEvents } from './account-events.ts';
import type { StreamedFill } from './stream-client.ts';
import { StreamGroup } from './stream-group.ts';
import { StreamMonitor } from './stream-monitor.ts';
import type { StreamVenue } from './stream-venue.ts';

/** How often the venue is asked what the streams should have shown: while orders of ours are open, and else. */
const COMPARE_OPEN_MS: DurationMs = 30_000;
const COMPARE_IDLE_MS: DurationMs = 5 * 60_000;
/** After a new connection: once the venue has surely begun to send. */
const COMPARE_SOON_MS: DurationMs = 2_000;
const FIRST_FAILED_PAUSE_MS: DurationMs = 2_000;
const LONGEST_FAILED_PAUSE_MS: DurationMs = 30_000;
const FAILED_HAND_IN_PAUSE_MS: DurationMs = 1_000;
/** How far back the first comparison looks, and by how much each later one overlaps the one before. */
const FIRST_LOOK_BACK_MS: DurationMs = 10 * 60_000;
const OVERLAP_MS: DurationMs = 60_000;
/** Symbols count as ours for so long after the last order. */
const RECENT_MS: DurationMs = 60 * 60_000;
/** How often it is asked whether orders of ours are open. */
const LOOK_FOR_ORDERS_MS: DurationMs = 2_000;
/** Trades that could not be handed in yet; those beyond are found by the next comparison. */
const MOST_WAITING = 10_000;

export interface AccountStreamsSettings {
  readonly venue: StreamVenue;
  readonly intake: FillIntake;
  readonly orderedSymbols: OrderedSymbols;
  readonly clock: Clock;
  /** Told of each connection, with its number: 1 is the first. Tried again when it fails. */
  readonly onConnected: (connection: number) => Promise<void>;
  readonly log: (message: string) => void;
}

/**
 * The streams of the account: its orders, trades and balances, over one client. Silence means nothing here, so the venue is asked: after each
 * connection, every half minute while orders of ours are open, and now and then.
 */
export class AccountStreams {
  readonly #settings: AccountStreamsSettings;
  readonly #group: StreamGroup;
  readonly #monitors: readonly StreamMonitor[];
  readonly #events = new AccountEvents();
  #waiting: StreamedFill[] = [];
  #handingIn = false;
  #handInNotBefore: EpochMs = 0;
  #comparing = false;
  #lookedForOrdersAt: EpochMs = 0;
  #hadOpenOrders = false;
  #nextCompareAt: EpochMs = 0;
  #comparedUntil: EpochMs | null = null;
  #failedPause = FIRST_FAILED_PAUSE_MS;
  #connections = 0;
  #toldConnections = 0;
  #telling = false;

  constructor(settings: AccountStreamsSettings) {
    this.#settings = settings;
    const monitor = (kind: StreamKind): StreamMonitor =>
      new StreamMonitor({ venue: settings.venue.venueId, kind, symbol: null, timeframe: null }, settings.clock);
    const [orders, trades, balance] = [monitor('orders'), monitor('my-trades'), monitor('balance')];
    this.#monitors = [orders, trades, balance];
    this.#group = new StreamGroup({
      open: async () => {
        const client = await settings.venue.openClient();
        try {
          await client.subscribeAccount();
        } catch (error) {
          client.close();
          throw error;
        }
        this.#connected();
        return client;
      },
      sharedFate: true,
      log: settings.log,
    });
    // One that was lost for longer than the others lives again once it has been compared.
    const onDisturbed = this.#compareSoon;
    this.#group.watch({
      monitor: orders,
      next: (client) => client.orders(),
      take: (value) => this.#events.orders(value, settings.venue.venueNow()),
      onDisturbed,
    });
    this.#group.watch({ monitor: trades, next: (client) => client.myTrades(), take: this.#takeFills, onDisturbed });
    this.#group.watch({ monitor: balance, next: (client) => client.balance(), take: () => undefined, onDisturbed });
  }

  /** Hands in what waits, and compares when it is time. */
  tick(): void {
    void this.#handIn();
    void this.#tellConnection();
    const now = this.#settings.clock.now();
    if (this.#comparing) return;
    if (now >= this.#nextCompareAt || now >= this.#lookedForOrdersAt + LOOK_FOR_ORDERS_MS) {
      this.#comparing = true;
      void this.#compareWhenDue(now).finally(() => {
        this.#comparing = false;
      });
    }
  }

  health(): readonly StreamHealth[] {
    return this.#monitors.map((monitor) => monitor.health());
  }

  async close(): Promise<void> {
    await this.#group.close();
    await this.#handIn();
  }

  /** Events come over a new connection: what happened meanwhile is asked for. */
  #connected(): void {
    this.#events.begin(this.#settings.venue.venueNow());
    this.#compareSoon();
    this.#connections += 1;
    void this.#tellConnection();
  }

  async #tellConnection(): Promise<void> {
    const connection = this.#connections;
    if (this.#telling || connection === this.#toldConnections) return;
    this.#telling = true;
    try {
      await this.#settings.onConnected(connection);
      this.#toldConnections = connection;
    } catch (error) {
      this.#settings.log(`a connection of the account could not be told: ${(error as Error).message}`);
    } finally {
      this.#telling = false;
    }
  }

  readonly #compareSoon = (): void => {
    this.#nextCompareAt = Math.min(this.#nextCompareAt, this.#settings.clock.now() + COMPARE_SOON_MS);
  };

  readonly #takeFills = (fills: readonly StreamedFill[]): void => {
    for (const each of fills) {
      this.#events.fill(each.fill);
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(each);
    }
    void this.#handIn();
  };

  /** In their order; one that the database does not take now is tried again a second later. */
  async #handIn(): Promise<void> {
    if (this.#handingIn || this.#settings.clock.now() < this.#handInNotBefore) return;
    this.#handingIn = true;
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        await this.#accept(next.fill, next.clientOrderId);
        this.#waiting.shift();
      }
    } catch (error) {
      this.#handInNotBefore = this.#settings.clock.now() + FAILED_HAND_IN_PAUSE_MS;
      this.#settings.log(`a trade could not be handed in: ${(error as Error).message}`);
    } finally {
      this.#handingIn = false;
    }
  }

  async #accept(fill: Fill, clientOrderId: string | null): Promise<void> {
    const { venue, intake, log } = this.#settings;
    const outcome = await intake.acceptStreamFill(venue.venueId, fill, clientOrderId, fill.orderId);
    if (outcome === 'late' || outcome === 'foreign') {
      log(`trade ${fill.tradeId} of ${fill.symbol}, order ${clientOrderId ?? fill.orderId}, is ${outcome}`);
    }
  }

  async #compareWhenDue(now: EpochMs): Promise<void> {
    const { venue, orderedSymbols, clock, log } = this.#settings;
    try {
      const open = await orderedSymbols.open(venue.venueId);
      this.#lookedForOrdersAt = now;
      // Once more after the last order has ended: its last events are the ones that count.
      if (open.length > 0) this.#nextCompareAt = Math.min(this.#nextCompareAt, now + COMPARE_OPEN_MS);
      this.#hadOpenOrders ||= open.length > 0;
      if (now < this.#nextCompareAt) return;
      const recent = await orderedSymbols.recent(venue.venueId, RECENT_MS);
      await this.#compare([...new Set([...open, ...recent])]);
      this.#failedPause = FIRST_FAILED_PAUSE_MS;
      const isBusy = open.length > 0 || this.#hadOpenOrders;
      this.#hadOpenOrders = open.length > 0;
      this.#nextCompareAt = clock.now() + (isBusy ? COMPARE_OPEN_MS : COMPARE_IDLE_MS);
    } catch (error) {
      const wait = error instanceof VenueReadError ? (error.retryAfterMs ?? 0) : 0;
      this.#nextCompareAt = clock.now() + Math.max(wait, this.#failedPause);
      this.#failedPause = Math.min(LONGEST_FAILED_PAUSE_MS, this.#failedPause * 2);
      this.#lookedForOrdersAt = now;
      log(`the account could not be compared with its streams: ${(error as Error).message}`);
    }
  }

  async #compare(symbols: readonly string[]): Promise<void> {
    const { venue } = this.#settings;
    const askedAt = venue.venueNow();
    const since = this.#comparedUntil === null ? askedAt - FIRST_LOOK_BACK_MS : this.#comparedUntil - OVERLAP_MS;
    const missing: string[] = [];
    for (const symbol of symbols) {
      try {
        const fills = await venue.fillsSince(symbol, since);
        const openOrders = await venue.openOrders(symbol);
        missing.push(...this.#events.missing({ symbol, fills, openOrders, askedAt }));
        await this.#acceptUnseen(symbol, fills, since);
      } catch (error) {
        // One that the venue has taken off its list can be asked about no more.
        if (!(error instanceof VenueReadError) || error.code !== 'NO_SUCH_MARKET') throw error;
      }
    }
    this.#comparedUntil = askedAt;
    if (missing.length === 0) {
      for (const monitor of this.#monitors) if (monitor.status !== 'down') monitor.confirmedQuiet();
      return;
    }
    const reason = `the streams did not show ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' and more' : ''}`;
    for (const monitor of this.#monitors) monitor.gap(reason);
    this.#group.reopen(reason);
  }

  /**
   * Trades that only REST has shown. It names the venue's order alone, so ours is looked for first, in the list and by itself. A trade whose order
   * the venue does not show is left to the next comparison: it may be of an order of ours that the lists lag behind.
   */
  async #acceptUnseen(symbol: string, fills: readonly Fill[], since: EpochMs): Promise<void> {
    const unseen = fills.filter((fill) => !this.#events.hasSeen(fill));
    if (unseen.length === 0) return;
    const { venue } = this.#settings;
    const orders = await venue.ordersSince(symbol, since - OVERLAP_MS);
    const clientIds = new Map(orders.map(({ orderId, clientOrderId }) => [orderId, clientOrderId]));
    for (const fill of unseen) {
      if (!clientIds.has(fill.orderId)) {
        const order = await venue.findByOrderId(symbol, fill.orderId);
        if (order !== null) clientIds.set(fill.orderId, order.clientOrderId);
      }
      const clientOrderId = clientIds.get(fill.orderId);
      if (clientOrderId === undefined) continue;
      await this.#accept(fill, clientOrderId);
      this.#events.fill(fill);
    }
  }
}
