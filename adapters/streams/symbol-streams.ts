import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClosedCandleStore } from '../ports/closed-candles.ts';
import type { StreamHealth, StreamKind } from '../ports/stream-health.ts';
import type { TapeStore } from '../ports/tape-store.ts';
import type { WatchedSymbol } from '../ports/watch-list.ts';
import { CandleKeeper } from './candle-keeper.ts';
import { retried } from './retried.ts';
import { SilenceCheck } from './silence-check.ts';
import { BOOK_SILENCE_MS, TapeSilence } from './silence-limit.ts';
import type { Touch } from './stream-client.ts';
import { StreamGroup } from './stream-group.ts';
import { StreamMonitor } from './stream-monitor.ts';
import type { StreamVenue } from './stream-venue.ts';
import { TapeKeeper } from './tape-keeper.ts';

/** Messages on candles come every second or two while there are prints. */
const CANDLE_SILENCE_MS: DurationMs = 10_000;
const CANDLE_LAG_MS: DurationMs = 3_000;
/** Candles that are kept of each timeframe. */
const CANDLES_KEPT = 2_000;

export interface SymbolStreamsSettings {
  readonly venue: StreamVenue;
  readonly candleSource: Pick<CandleSource, 'page'>;
  readonly tapes: TapeStore;
  readonly candles: ClosedCandleStore;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}

interface CandleStreamState {
  readonly keeper: CandleKeeper;
  readonly monitor: StreamMonitor;
  readonly check: SilenceCheck;
  readonly ended: AbortController;
  /** Reads what is missing, one attempt after the other. */
  readonly complete: () => void;
  hasBegun: boolean;
}

/** The public streams of one symbol: book, best prices, tape and candles, over one client. */
export class SymbolStreams {
  readonly symbol: string;
  readonly #settings: SymbolStreamsSettings;
  readonly #group: StreamGroup;
  readonly #monitors: StreamMonitor[] = [];
  readonly #checks: SilenceCheck[] = [];
  readonly #candles = new Map<Timeframe, CandleStreamState>();
  readonly #tapeMonitor: StreamMonitor;
  readonly #ended = new AbortController();
  #tape: TapeKeeper | null = null;

  constructor({ symbol, timeframes }: WatchedSymbol, settings: SymbolStreamsSettings) {
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
    this.setTimeframes(timeframes);
  }

  /** Watches candles of these timeframes, and of no others. */
  setTimeframes(timeframes: readonly Timeframe[]): void {
    for (const [timeframe, state] of this.#candles) {
      if (timeframes.includes(timeframe)) continue;
      state.ended.abort(new Error('no longer watched'));
      this.#candles.delete(timeframe);
    }
    for (const timeframe of timeframes) if (!this.#candles.has(timeframe)) this.#watchCandles(timeframe);
  }

  /** Looks for silent streams and candles that are due. */
  tick(): void {
    for (const check of this.#checks) check.look();
    for (const { keeper, check, complete, hasBegun } of this.#candles.values()) {
      check.look();
      if (hasBegun && keeper.isIncomplete()) complete();
    }
  }

  /** Stores what has come since the last time. Throws `StreamsSuperseded` when another session has begun. */
  async flush(session: number): Promise<void> {
    const { venue, tapes, candles } = this.#settings;
    const tape = this.#tape?.unsaved() ?? null;
    if (tape !== null) {
      await tapes.save(venue.venueId, session, this.symbol, tape.seconds, tape.coverage);
      this.#tape?.saved(tape.seconds);
    }
    for (const [timeframe, { keeper }] of this.#candles) {
      const closed = keeper.unsaved();
      if (closed === null) continue;
      const stream = { venue: venue.venueId, symbol: this.symbol, timeframe };
      await candles.save(session, stream, closed.candles, closed.coverage);
      keeper.saved(closed.candles.length);
      await candles.prune(stream, closed.coverage.last - CANDLES_KEPT * timeframeMs(timeframe));
    }
  }

  health(): readonly StreamHealth[] {
    const candles = [...this.#candles.values()].map(({ monitor }) => monitor);
    return [...this.#monitors, ...candles].map((monitor) => monitor.health());
  }

  async close(): Promise<void> {
    this.#ended.abort(new Error('no longer watched'));
    await this.#group.close();
  }

  #monitor(kind: StreamKind, timeframe: Timeframe | null = null): StreamMonitor {
    const { venue, clock } = this.#settings;
    return new StreamMonitor({ venue: venue.venueId, kind, symbol: this.symbol, timeframe }, clock);
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

  #watchCandles(timeframe: Timeframe): void {
    const { venue, candleSource, candles } = this.#settings;
    const stream = { venue: venue.venueId, symbol: this.symbol, timeframe };
    const keeper = new CandleKeeper({ stream, source: candleSource, now: () => venue.venueNow() });
    const monitor = this.#monitor('candles', timeframe);
    const ended = new AbortController();
    const over = AbortSignal.any([ended.signal, this.#ended.signal]);
    let completing = false;
    const state: CandleStreamState = {
      keeper,
      monitor,
      ended,
      hasBegun: false,
      check: this.#check(
        monitor,
        () => CANDLE_SILENCE_MS,
        () => Promise.resolve(!this.#hasPrintedSince(monitor.receivedAt)),
      ),
      complete: () => {
        if (completing) return;
        completing = true;
        void retried(() => keeper.complete(), over)
          .catch(() => undefined)
          .finally(() => {
            completing = false;
          });
      },
    };
    this.#candles.set(timeframe, state);
    void retried(async () => {
      keeper.begin(await candles.coverage(stream));
      state.hasBegun = true;
    }, over).catch(() => undefined);
    this.#group.watch(
      {
        monitor,
        next: (client) => client.candles(this.symbol, timeframe),
        take: (bars) => keeper.take(bars),
        onDisturbed: () => keeper.disturbed(),
      },
      ended.signal,
    );
  }
}

function isLevel(level: Touch['bid'], price: string, quantity: string): boolean {
  return level !== null && level[0] === price && level[1] === quantity;
}
