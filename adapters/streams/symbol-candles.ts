import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { CandleStream, ClosedCandleStore, ClosedPiece } from '../ports/closed-candles.ts';
import { isSameCandle, type RunningCandle, type RunningPiece } from '../ports/running-candles.ts';
import type { StreamHealth } from '../ports/stream-health.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { WatchedCandles } from '../ports/watch-list.ts';
import { CandleKeeper } from './candle-keeper.ts';
import { retried } from './retried.ts';
import type { SilenceCheck } from './silence-check.ts';
import type { StreamGroup } from './stream-group.ts';
import { StreamMonitor } from './stream-monitor.ts';
import type { StreamVenue } from './stream-venue.ts';

/** Candles that are kept of each timeframe, unless a session needs more. */
const CANDLES_KEPT = 2_000;

export interface SymbolCandlesSettings {
  readonly symbol: string;
  readonly venue: StreamVenue;
  readonly group: StreamGroup;
  readonly source: Pick<CandleSource, 'page' | 'newest'>;
  readonly store: Pick<ClosedCandleStore, 'coverage'>;
  /** `candles` where the venue replays them: there the newest tells the time. */
  readonly marketTime: 'wall' | 'candles';
  readonly clock: Clock;
  readonly check: (monitor: StreamMonitor, isQuiet: () => Promise<boolean>) => SilenceCheck;
  /** Whether there were prints after that instant of our clock; candles change with prints only. */
  readonly hasPrintedSince: (at: EpochMs | null) => boolean;
  /** Told when candles are to be stored. */
  readonly onNews: () => void;
  /** Aborts when the symbol is no longer watched. */
  readonly ended: AbortSignal;
}

interface Watched {
  readonly stream: CandleStream;
  readonly keeper: CandleKeeper;
  readonly monitor: StreamMonitor;
  readonly check: SilenceCheck;
  readonly ended: AbortController;
  /** Each reads what is missing, one attempt after the other. */
  readonly complete: () => void;
  readonly reachBack: () => void;
  hasBegun: boolean;
  /** What was stored last of the candle that is open. */
  running: RunningCandle | null;
}

/** A piece to store, and what is to be called once it is. */
export interface DuePiece {
  readonly piece: ClosedPiece;
  readonly saved: () => void;
}

/** What an open candle shows, likewise. */
export interface DueRunning {
  readonly piece: RunningPiece;
  readonly saved: () => void;
}

/** The candles of one symbol, of each timeframe that is wanted. */
export class SymbolCandles {
  readonly #settings: SymbolCandlesSettings;
  readonly #watched = new Map<Timeframe, Watched>();

  constructor(settings: SymbolCandlesSettings) {
    this.#settings = settings;
  }

  /** Watches these, and no others. */
  set(wanted: readonly WatchedCandles[]): void {
    for (const [timeframe, { ended }] of this.#watched) {
      if (wanted.some((each) => each.timeframe === timeframe)) continue;
      ended.abort(new Error('no longer watched'));
      this.#watched.delete(timeframe);
    }
    for (const { timeframe, since } of wanted) {
      const known = this.#watched.get(timeframe);
      if (known === undefined) this.#watch(timeframe, since);
      else known.keeper.want(since);
    }
  }

  /** Looks for a silent stream, and for candles that are due or needed. */
  tick(): void {
    for (const { keeper, check, complete, reachBack, hasBegun } of this.#watched.values()) {
      check.look();
      if (!hasBegun) continue;
      if (keeper.isIncomplete()) complete();
      if (keeper.isShort()) reachBack();
    }
  }

  /** What is to be stored now. */
  due(): readonly DuePiece[] {
    return [...this.#watched.values()].flatMap(({ stream, keeper }) => {
      const unsaved = keeper.unsaved();
      return unsaved === null ? [] : [{ piece: { stream, ...unsaved }, saved: () => keeper.saved() }];
    });
  }

  /** What is to be stored now of candles that are open. On a market by the clock that is nothing: its tape tells prices and when they were. */
  dueRunning(): readonly DueRunning[] {
    if (this.#settings.marketTime === 'wall') return [];
    return [...this.#watched.values()].flatMap((watched) => {
      const { stream, keeper } = watched;
      const candle = keeper.running;
      if (candle === null || isSameCandle(candle, watched.running)) return [];
      const saved = (): void => {
        watched.running = candle;
      };
      return [{ piece: { stream, candle }, saved }];
    });
  }

  /** Streams whose candles before an instant may be forgotten. */
  outdated(): readonly { readonly stream: CandleStream; readonly before: EpochMs }[] {
    return [...this.#watched.values()].flatMap(({ stream, keeper }) => {
      const before = keeper.forgetAllBut(CANDLES_KEPT);
      return before === null ? [] : [{ stream, before }];
    });
  }

  health(): readonly StreamHealth[] {
    return [...this.#watched.values()].map(({ monitor }) => monitor.health());
  }

  #watch(timeframe: Timeframe, since: EpochMs | null): void {
    const { symbol, venue, group, source, store, marketTime, clock, onNews } = this.#settings;
    const stream = { venue: venue.venueId, symbol, timeframe };
    const now = marketTime === 'wall' ? () => venue.venueNow() : null;
    const keeper = new CandleKeeper({ stream, source, now, onNews });
    keeper.want(since);
    const monitor = new StreamMonitor({ venue: venue.venueId, kind: 'candles', symbol, timeframe }, clock);
    const ended = new AbortController();
    const over = AbortSignal.any([ended.signal, this.#settings.ended]);
    const state: Watched = {
      stream,
      keeper,
      monitor,
      ended,
      hasBegun: false,
      running: null,
      check: this.#settings.check(monitor, () => this.#isQuiet(stream, keeper, monitor)),
      complete: oneAtATime(() => retried(() => keeper.complete(), over)),
      reachBack: oneAtATime(() => retried(() => keeper.reachBack(), over)),
    };
    this.#watched.set(timeframe, state);
    void retried(async () => {
      if (marketTime === 'candles') keeper.learn(await this.#newest(stream));
      keeper.begin(await store.coverage(stream));
      state.hasBegun = true;
    }, over).catch(() => undefined);
    group.watch(
      {
        monitor,
        next: (client) => client.candles(symbol, timeframe),
        take: (candles) => {
          keeper.take(candles);
          if (this.dueRunning().length > 0) onNews();
        },
        onDisturbed: () => keeper.disturbed(),
      },
      ended.signal,
    );
  }

  async #newest({ symbol, timeframe }: CandleStream): Promise<EpochMs> {
    const newest = await this.#settings.source.newest(symbol, timeframe);
    if (newest === null) throw new VenueReadError(`the venue has no ${timeframe} candle of ${symbol} yet`);
    return newest;
  }

  /** A replay that stands still has nothing to say, however long; one that has moved on is known by its newest candle. */
  async #isQuiet(stream: CandleStream, keeper: CandleKeeper, monitor: StreamMonitor): Promise<boolean> {
    if (this.#settings.marketTime === 'wall') return !this.#settings.hasPrintedSince(monitor.receivedAt);
    const before = keeper.begun;
    keeper.learn(await this.#newest(stream));
    return keeper.begun === before;
  }
}

/** Does nothing while the work that was begun before is still under way. */
function oneAtATime(work: () => Promise<void>): () => void {
  let isUnderWay = false;
  return () => {
    if (isUnderWay) return;
    isUnderWay = true;
    void work()
      .catch(() => undefined)
      .finally(() => {
        isUnderWay = false;
      });
  };
}
