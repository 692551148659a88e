import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClosedCandleStore } from '../ports/closed-candles.ts';
import type { StreamHealth, StreamKind } from '../ports/stream-health.ts';
import type { TapeStore } from '../ports/tape-store.ts';
import type { WatchedCandles, WatchedSymbol } from '../ports/watch-list.ts';
import type { PriceBoard } from './price-board.ts';
import { retried } from './retried.ts';
import { SilenceCheck } from './silence-check.ts';
import { BOOK_SILENCE_MS, TapeSilence } from './silence-limit.ts';
import type { Touch } from './stream-client.ts';
import { StreamGroup } from './stream-group.ts';
import { StreamMonitor } from './stream-monitor.ts';
import type { StreamVenue } from './stream-venue.ts';
import { type DuePiece, type DueRunning, SymbolCandles } from './symbol-candles.ts';
import { TapeKeeper } from './tape-keeper.ts';

/** Messages on candles come every second or two while there are prints. */
const CANDLE_SILENCE_MS: DurationMs = 10_000;
const CANDLE_LAG_MS: DurationMs = 3_000;

export interface SymbolStreamsSettings {
  readonly venue: StreamVenue;
  readonly candleSource: Pick<CandleSource, 'page' | 'newest'>;
  readonly tapes: TapeStore;
  readonly candles: Pick<ClosedCandleStore, 'coverage'>;
  readonly marketTime: 'wall' | 'candles';
  readonly prices: PriceBoard;
  /** Told when candles are to be stored. */
  readonly onCandles: () => void;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}

/** The public streams of one symbol: book, best prices, tape and candles, over one client. */
export class SymbolStreams {
  readonly symbol: string;
  readonly #settings: SymbolStreamsSettings;
  readonly #group: StreamGroup;
  readonly #monitors: StreamMonitor[] = [];
  readonly #checks: SilenceCheck[] = [];
  readonly #candles: SymbolCandles;
  readonly #tapeMonitor: StreamMonitor;
  readonly #ended = new AbortController();
  #tape: TapeKeeper | null = null;

  constructor({ symbol, candles }: WatchedSymbol, settings: SymbolStreamsSettings) {
    this.symbol = symbol;
    this.#settings = settings;
    this.#group = new StreamGroup({
      open: () => settings.venue.openClient(),
      sharedFate: false,
      log: (message) => settings.log(`${symbol}: ${message}`),
    });
    this.#watchTouch('order-book');
    this.#watchTouch('bids-asks');
    this.#tapeMonitor = this.#watchTape();
    const { venue, candleSource, candles: store, marketTime, clock, onCandles } = settings;
    this.#candles = new SymbolCandles({
      symbol,
      venue,
      group: this.#group,
      source: candleSource,
      store,
      marketTime,
      clock,
      check: (monitor, isQuiet) => this.#check(monitor, () => CANDLE_SILENCE_MS, isQuiet),
      hasPrintedSince: (at) => this.#hasPrintedSince(at),
      onNews: onCandles,
      ended: this.#ended.signal,
    });
    this.#candles.set(candles);
  }

  /** Watches these candles, and no others. */
  setCandles(candles: readonly WatchedCandles[]): void {
    this.#candles.set(candles);
  }

  /** Looks for silent streams and candles that are due. */
  tick(): void {
    for (const check of this.#checks) check.look();
    this.#candles.tick();
  }

  /** Stores what the tape has shown since the last time. Throws `StreamsSuperseded` when another session has begun. */
  async flush(session: number): Promise<void> {
    const { venue, tapes } = this.#settings;
    const tape = this.#tape?.unsaved() ?? null;
    if (tape === null) return;
    await tapes.save(venue.venueId, session, this.symbol, tape.seconds, tape.coverage);
    this.#tape?.saved(tape.seconds);
  }

  /** Closed candles that are to be stored now. */
  dueCandles(): readonly DuePiece[] {
    return this.#candles.due();
  }

  /** What is to be stored now of candles that are open. */
  dueRunning(): readonly DueRunning[] {
    return this.#candles.dueRunning();
  }

  /** Streams whose candles before an instant may be forgotten. */
  outdatedCandles(): ReturnType<SymbolCandles['outdated']> {
    return this.#candles.outdated();
  }

  health(): readonly StreamHealth[] {
    return [...this.#monitors.map((monitor) => monitor.health()), ...this.#candles.health()];
  }

  async close(): Promise<void> {
    this.#ended.abort(new Error('no longer watched'));
    await this.#group.close();
  }

  #monitor(kind: StreamKind): StreamMonitor {
    const { venue, clock } = this.#settings;
    return new StreamMonitor({ venue: venue.venueId, kind, symbol: this.symbol, timeframe: null }, clock);
  }

  #check(monitor: StreamMonitor, limitMs: () => DurationMs, isQuiet: () => Promise<boolean>): SilenceCheck {
    return new SilenceCheck({
      monitor,
      clock: this.#settings.clock,
      limitMs,
      isQuiet,
      reopen: (reason) => this.#group.reopen(reason),
      wait: (ms) => delay(ms),
    });
  }

  #watchTouch(kind: 'order-book' | 'bids-asks'): void {
    const monitor = this.#monitor(kind);
    let touch: Touch | null = null;
    this.#monitors.push(monitor);
    this.#group.watch<Touch>({
      monitor,
      next: (client) => (kind === 'order-book' ? client.orderBook(this.symbol) : client.bidsAsks(this.symbol)),
      take: (value) => {
        touch = value;
        // The book shows deeper prices too, and later.
        if (kind === 'bids-asks') this.#settings.prices.touched(this.symbol, value);
      },
      onDisturbed: () => {
        touch = null;
      },
    });
    const isQuiet = async (): Promise<boolean> => {
      const quote = await this.#settings.venue.quote(this.symbol);
      return (
        touch !== null &&
        isLevel(touch.bid, quote.bid, quote.bidQuantity) &&
        isLevel(touch.ask, quote.ask, quote.askQuantity)
      );
    };
    this.#checks.push(this.#check(monitor, () => BOOK_SILENCE_MS, isQuiet));
  }

  #watchTape(): StreamMonitor {
    const monitor = this.#monitor('trades');
    const silence = new TapeSilence();
    this.#monitors.push(monitor);
    const begun = retried(() => this.#beginTape(monitor), this.#ended.signal);
    begun.catch(() => undefined);
    this.#group.watch({
      monitor,
      next: (client) => client.trades(this.symbol),
      take: async (trades) => {
        for (const { at } of trades) silence.printed(at);
        this.#settings.prices.printed(this.symbol, trades);
        await this.#tape?.take(trades);
      },
      // The stream may stay quiet for long: what it left out meanwhile is read now.
      onDisturbed: () => void begun.then(() => this.#tape?.catchUp()).catch(() => undefined),
    });
    const isQuiet = async (): Promise<boolean> => {
      await begun;
      return this.#tape !== null && (await this.#tape.catchUp()) === 0;
    };
    this.#checks.push(this.#check(monitor, () => silence.limitMs(), isQuiet));
    return monitor;
  }

  /** Candles change with prints only, and follow them within a moment: without any print there was nothing to send. */
  #hasPrintedSince(at: EpochMs | null): boolean {
    const last = this.#tapeMonitor.receivedAt;
    return last !== null && (at === null || last > at + CANDLE_LAG_MS);
  }

  async #beginTape(monitor: StreamMonitor): Promise<void> {
    const { venue, tapes, log } = this.#settings;
    const source = await venue.tapeSource(this.symbol);
    if (source === null) {
      log(`${this.symbol}: the venue does not serve its prints by id, so that no tape is kept`);
      return;
    }
    this.#tape ??= new TapeKeeper({
      source,
      clock: { now: () => venue.venueNow(), sleep: (ms) => delay(ms) },
      onGap: (reason) => monitor.gap(reason),
    });
    await this.#tape.begin(await tapes.coverage(venue.venueId, this.symbol));
  }
}

function isLevel(level: Touch['bid'], price: string, quantity: string): boolean {
  return level !== null && level[0] === price && level[1] === quantity;
}
