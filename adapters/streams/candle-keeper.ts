import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { CandleCoverage, CandleStream } from '../ports/closed-candles.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { StreamedBar } from './stream-client.ts';

/** Candles that are read from the history when a stream is begun. */
const HEAD_START_BARS = 200;
/** A stream that was left for more candles is begun anew. */
const LONGEST_ABSENCE_BARS = 1_000;
/** How long after its end a candle may come by the stream; after that the history is asked. */
const CLOSING_LAG_MS: DurationMs = 2_000;
/** The venue's clock is known this well: a candle that has just ended by our reckoning may still be open there. */
const CLOCK_ERROR_MS: DurationMs = 1_000;
/** For how long after its end the history may still lack a candle that exists. Later its absence means that nothing was traded. */
const HISTORY_LAG_MS: DurationMs = 15_000;

export interface CandleKeeperSettings {
  readonly stream: CandleStream;
  readonly source: Pick<CandleSource, 'page'>;
  /** Venue time. */
  readonly now: () => EpochMs;
}

/**
 * The closed candles of one stream, one after the other. A streamed candle counts as closed when its successor has begun, and as whole when it
 * was watched from its beginning to its end over one connection; every other candle is read from the venue's history.
 */
export class CandleKeeper {
  readonly #settings: CandleKeeperSettings;
  readonly #stepMs: DurationMs;
  #from: EpochMs | null = null;
  #last: EpochMs | null = null;
  #open: { readonly bar: StreamedBar; readonly whole: boolean } | null = null;
  #unsaved: StreamedBar[] = [];
  #completing: Promise<void> | null = null;

  constructor(settings: CandleKeeperSettings) {
    this.#settings = settings;
    this.#stepMs = timeframeMs(settings.stream.timeframe);
  }

  /** Finds where to go on: behind `stored` when that is recent, else some candles ago. */
  begin(stored: CandleCoverage | null): void {
    const now = this.#settings.now();
    if (stored !== null && stored.last > now - LONGEST_ABSENCE_BARS * this.#stepMs) {
      this.#from = stored.from;
      this.#last = stored.last;
      return;
    }
    this.#last = (Math.floor(now / this.#stepMs) - HEAD_START_BARS - 1) * this.#stepMs;
  }

  /** Takes what the stream shows, oldest first. */
  take(bars: readonly StreamedBar[]): void {
    for (const bar of bars) {
      const open = this.#open;
      if (open === null) this.#open = { bar, whole: false };
      else if (bar[0] === open.bar[0]) this.#open = { bar, whole: open.whole };
      else if (bar[0] > open.bar[0]) {
        const follows = bar[0] === open.bar[0] + this.#stepMs;
        if (open.whole && follows && this.#last === open.bar[0] - this.#stepMs) this.#add(open.bar);
        this.#open = { bar, whole: follows };
      }
    }
  }

  /** The connection is not the one of before: the candle that is open now may lack something. */
  disturbed(): void {
    if (this.#open !== null) this.#open = { bar: this.#open.bar, whole: false };
  }

  /** Whether a candle is over that neither stream nor history has shown yet. */
  isIncomplete(): boolean {
    if (this.#last === null) return false;
    const end = this.#last + 2 * this.#stepMs;
    const passed = this.#open !== null && this.#open.bar[0] >= end;
    return passed || this.#settings.now() > end + CLOSING_LAG_MS;
  }

  /** Reads what is missing from the history. Throws `VenueReadError` when the venue gives no usable answer. */
  async complete(): Promise<void> {
    this.#completing ??= this.#readOn().finally(() => {
      this.#completing = null;
    });
    await this.#completing;
  }

  /** Closed candles that are not stored yet, with what is covered once they are; `null` when there are none. */
  unsaved(): { readonly candles: Candles; readonly coverage: CandleCoverage } | null {
    const [from, last] = [this.#from, this.#last];
    if (this.#unsaved.length === 0 || from === null || last === null) return null;
    const { symbol, timeframe } = this.#settings.stream;
    const builder = new CandleBuilder(symbol, timeframe, this.#unsaved.length);
    for (const bar of this.#unsaved) builder.add(...bar);
    return { candles: builder.take(), coverage: { from, last } };
  }

  /** The first `count` of them have been stored. */
  saved(count: number): void {
    this.#unsaved.splice(0, count);
  }

  async #readOn(): Promise<void> {
    const { source, stream, now } = this.#settings;
    while (this.#last !== null) {
      const from = this.#last + this.#stepMs;
      const asked = now() - CLOCK_ERROR_MS;
      const to = from + Math.floor((asked - from) / this.#stepMs) * this.#stepMs;
      if (to <= from) return;
      const { candles, next } = await pageOf(source, stream, from, to);
      for (let i = 0; i < candles.length; i += 1) {
        const open = candles.time[i]!;
        // The stream may have gone on meanwhile.
        if (open > this.#last) this.#add(barAt(candles, i));
      }
      if (candles.length === 0 && asked < next + HISTORY_LAG_MS) return;
      // A stretch in which nothing was traded, where the venue leaves such candles out.
      this.#last = Math.max(this.#last, next - this.#stepMs);
    }
  }

  #add(bar: StreamedBar): void {
    this.#from ??= bar[0];
    this.#unsaved.push(bar);
    this.#last = bar[0];
  }
}

async function pageOf(source: Pick<CandleSource, 'page'>, stream: CandleStream, from: EpochMs, to: EpochMs) {
  try {
    return await source.page(stream.symbol, stream.timeframe, from, to);
  } catch (error) {
    if (!(error instanceof VenueReadError) || error.code !== 'STILL_OPEN') throw error;
    return { candles: new CandleBuilder(stream.symbol, stream.timeframe, 1).take(), next: to };
  }
}

function barAt(candles: Candles, i: number): StreamedBar {
  return [candles.time[i]!, candles.open[i]!, candles.high[i]!, candles.low[i]!, candles.close[i]!, candles.volume[i]!];
}
