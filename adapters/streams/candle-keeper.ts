import { barOpen, gridOf } from '../../domain/market/bar-grid.ts';
import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { CandleCoverage, CandleStream, ClosedPiece } from '../ports/closed-candles.ts';
import type { RunningCandle } from '../ports/running-candles.ts';
import { CandleHistory } from './candle-history.ts';
import type { StreamedBar, StreamedCandles } from './stream-client.ts';

/** Candles that are read from the history when a stream is begun. */
const HEAD_START_BARS = 200;
/** A stream that was left for more candles is begun anew, unless a session needs them all. */
const LONGEST_ABSENCE_BARS = 1_000;
/** How long after its end a candle may come by the stream; after that the history is asked. */
const CLOSING_LAG_MS: DurationMs = 2_000;
/** The venue's clock is known this well: a candle that has just ended by our reckoning may still be open there. */
const CLOCK_ERROR_MS: DurationMs = 1_000;
/** For how long after its end the history may still lack a candle that exists. Later its absence means that nothing was traded. */
const HISTORY_LAG_MS: DurationMs = 15_000;
/** Closed candles that wait for those before them; others are read again from the history. */
const MOST_WAITING = 1_000;

export interface CandleKeeperSettings {
  readonly stream: CandleStream;
  readonly source: Pick<CandleSource, 'page'>;
  /** Venue time; `null` at a venue that replays candles: there the newest candle that has begun tells the time, and all before it are closed. */
  readonly now: (() => EpochMs) | null;
  /** Told when there is something to store. */
  readonly onNews?: () => void;
}

/**
 * The closed candles of one stream, one after the other. A streamed candle counts as closed when the venue says so, or, where it says nothing of
 * that, when its successor has begun and it was watched from its beginning to its end over one connection; every other candle is read from the
 * venue's history.
 */
export class CandleKeeper {
  readonly #settings: CandleKeeperSettings;
  readonly #history: CandleHistory;
  readonly #stepMs: DurationMs;
  #since: EpochMs | null = null;
  #from: EpochMs | null = null;
  #last: EpochMs | null = null;
  #unavailableBefore: EpochMs | null = null;
  /** Nothing older can be had. */
  #isExhausted = false;
  /** Opening time of the newest candle that is known to have begun. */
  #begun: EpochMs = Number.NEGATIVE_INFINITY;
  #open: { readonly bar: StreamedBar; readonly whole: boolean; readonly isClosed: boolean } | null = null;
  /** Closed, but what lies before is still missing. */
  readonly #waiting = new Map<EpochMs, StreamedBar>();
  #older: readonly StreamedBar[] = [];
  #newer: StreamedBar[] = [];
  #stored: CandleCoverage | null = null;
  #storing: {
    readonly older: readonly StreamedBar[];
    readonly newer: number;
    readonly coverage: CandleCoverage;
  } | null = null;
  #completing: Promise<void> | null = null;
  #reaching: Promise<void> | null = null;

  constructor(settings: CandleKeeperSettings) {
    this.#settings = settings;
    this.#history = new CandleHistory(settings.source, settings.stream);
    this.#stepMs = gridOf(settings.stream.timeframe).stepMs;
  }

  /** Opening time of the newest candle that is known to have begun. */
  get begun(): EpochMs {
    return this.#begun;
  }

  /** What the stream shows of the candle that is open; `null` before it has shown one. It is of no use but for the prices that the market has been to. */
  get running(): RunningCandle | null {
    if (this.#open === null || this.#open.isClosed) return null;
    const [time, , high, low, , volume] = this.#open.bar;
    return { time, high, low, volume };
  }

  /** The candle that opened then has begun, as the venue's history shows. */
  learn(begun: EpochMs): void {
    this.#begun = Math.max(this.#begun, begun);
  }

  /** Candles are needed from that opening time on; `null` when nobody needs more than the newest. */
  want(since: EpochMs | null): void {
    this.#since = since;
  }

  /** Finds where to go on: behind `stored` when that is recent or needed, else some candles ago. */
  begin(stored: CandleCoverage | null): void {
    const now = this.#now();
    if (stored !== null) {
      const isRecent = stored.last > now - LONGEST_ABSENCE_BARS * this.#stepMs;
      const isNeeded = this.#since !== null && this.#since <= stored.last;
      if (isRecent || isNeeded) {
        this.#from = stored.from;
        this.#last = stored.last;
        this.#unavailableBefore = stored.unavailableBefore;
        this.#stored = stored;
        this.#takeWaiting();
        return;
      }
    }
    this.#last = barOpen(gridOf(this.#settings.stream.timeframe), now) - (HEAD_START_BARS + 1) * this.#stepMs;
  }

  /** Takes what the stream shows, oldest first. */
  take({ bars, closed }: StreamedCandles): void {
    for (const bar of bars) {
      const open = this.#open;
      const isClosed = closed.includes(bar[0]);
      if (isClosed) this.#wait(bar);
      this.learn(isClosed ? bar[0] + this.#stepMs : bar[0]);
      if (open === null) this.#open = { bar, whole: false, isClosed };
      else if (bar[0] === open.bar[0]) this.#open = { bar, whole: open.whole, isClosed };
      else if (bar[0] > open.bar[0]) {
        const follows = bar[0] === open.bar[0] + this.#stepMs;
        if (open.whole && follows) this.#wait(open.bar);
        this.#open = { bar, whole: follows, isClosed };
      }
    }
    this.#takeWaiting();
  }

  /** The connection is not the one of before: the candle that is open now may lack something. */
  disturbed(): void {
    if (this.#open !== null) this.#open = { ...this.#open, whole: false };
  }

  /** Whether a candle is over that neither stream nor history has shown yet. */
  isIncomplete(): boolean {
    if (this.#last === null) return false;
    const end = this.#last + 2 * this.#stepMs;
    return this.#begun >= end || this.#now() >= end + this.#lag(CLOSING_LAG_MS);
  }

  /** Reads what is missing from the history. Throws `VenueReadError` when the venue gives no usable answer. */
  async complete(): Promise<void> {
    this.#completing ??= this.#readOn().finally(() => {
      this.#completing = null;
    });
    await this.#completing;
  }

  /** Whether candles are needed that lie before those that are known, and may be had. */
  isShort(): boolean {
    const [since, from] = [this.#since, this.#from];
    return since !== null && from !== null && since < from && !this.#isExhausted && this.#older.length === 0;
  }

  /** Reads some of those that are needed, the newest first. Throws `VenueReadError` when the venue gives no usable answer. */
  async reachBack(): Promise<void> {
    this.#reaching ??= this.#readBack().finally(() => {
      this.#reaching = null;
    });
    await this.#reaching;
  }

  /** What is not stored yet, to be told by `saved` once it is; `null` when that is nothing. */
  unsaved(): Omit<ClosedPiece, 'stream'> | null {
    const [from, last] = [this.#from, this.#last];
    if (from === null || last === null) return null;
    const coverage = { from, last, unavailableBefore: this.#unavailableBefore };
    if (this.#older.length === 0 && this.#newer.length === 0 && isSame(coverage, this.#stored)) return null;
    this.#storing = { older: this.#older, newer: this.#newer.length, coverage };
    return { candles: this.#columns([...this.#older, ...this.#newer]), coverage };
  }

  /** What `unsaved` gave last has been stored. */
  saved(): void {
    const storing = this.#storing;
    if (storing === null) return;
    this.#storing = null;
    if (this.#older === storing.older) this.#older = [];
    this.#newer.splice(0, storing.newer);
    this.#stored = storing.coverage;
  }

  /** Candles before `wanted` may go, unless somebody needs them. Gives the opening time before which nothing is kept; `null` while there is nothing. */
  forget(wanted: EpochMs): EpochMs | null {
    if (this.#from === null || this.#storing !== null || this.#older.length > 0) return null;
    const before = this.#since === null ? wanted : Math.min(wanted, this.#since);
    if (before <= this.#from) return null;
    this.#from = before;
    this.#isExhausted = false;
    return before;
  }

  /** Keeps the newest `bars`. */
  forgetAllBut(bars: number): EpochMs | null {
    return this.#last === null ? null : this.forget(this.#last - bars * this.#stepMs);
  }

  #now(): EpochMs {
    return this.#settings.now === null ? this.#begun : this.#settings.now();
  }

  /** Where candles tell the time there is none to wait for. */
  #lag(ms: DurationMs): DurationMs {
    return this.#settings.now === null ? 0 : ms;
  }

  #wait(bar: StreamedBar): void {
    if (this.#waiting.size < MOST_WAITING) this.#waiting.set(bar[0], bar);
  }

  #takeWaiting(): void {
    if (this.#last === null) return;
    for (const time of this.#waiting.keys()) if (time <= this.#last) this.#waiting.delete(time);
    for (;;) {
      const next = this.#waiting.get(this.#last + this.#stepMs);
      if (next === undefined) return;
      this.#waiting.delete(next[0]);
      this.#add(next);
    }
  }

  async #readOn(): Promise<void> {
    while (this.#last !== null) {
      const from = this.#last + this.#stepMs;
      const asked = this.#now() - this.#lag(CLOCK_ERROR_MS);
      const to = from + Math.floor((asked - from) / this.#stepMs) * this.#stepMs;
      if (!(to > from)) return;
      const { bars, next } = await this.#history.page(from, to);
      // The stream may have gone on meanwhile.
      for (const bar of bars) if (bar[0] > this.#last) this.#add(bar);
      if (bars.length === 0 && asked < next + this.#lag(HISTORY_LAG_MS)) return;
      // A stretch in which nothing was traded, where the venue leaves such candles out.
      this.#last = Math.max(this.#last, next - this.#stepMs);
      this.#takeWaiting();
      this.#settings.onNews?.();
    }
  }

  async #readBack(): Promise<void> {
    const [since, to] = [this.#since, this.#from];
    if (since === null || to === null || !this.isShort()) return;
    const { bars, from, unavailableBefore } = await this.#history.before(to, since);
    // Some may have been forgotten meanwhile: then what was read does not join on.
    if (this.#from !== to) return;
    this.#older = bars;
    this.#from = from;
    this.#unavailableBefore = unavailableBefore;
    this.#isExhausted = unavailableBefore !== null;
    this.#settings.onNews?.();
  }

  #add(bar: StreamedBar): void {
    this.#from ??= bar[0];
    this.#newer.push(bar);
    this.#last = bar[0];
    this.#settings.onNews?.();
  }

  #columns(bars: readonly StreamedBar[]): Candles {
    const { symbol, timeframe } = this.#settings.stream;
    const builder = new CandleBuilder(symbol, timeframe, bars.length);
    for (const bar of bars) builder.add(...bar);
    return builder.take();
  }
}

function isSame(coverage: CandleCoverage, stored: CandleCoverage | null): boolean {
  return (
    stored !== null &&
    coverage.from === stored.from &&
    coverage.last === stored.last &&
    coverage.unavailableBefore === stored.unavailableBefore
  );
}
