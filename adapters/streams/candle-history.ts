import { gridOf } from '../../domain/market/bar-grid.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { CandleSource } from '../ports/candle-source.ts';
import type { CandleStream } from '../ports/closed-candles.ts';
import { VenueReadError } from '../ports/venue.ts';
import type { StreamedBar } from './stream-client.ts';

/** Candles that are read at once when a stream is completed backwards. */
const PIECE_BARS = 1_000;

/** Closed candles of the time before one that is known, and where they begin now. */
export interface EarlierCandles {
  readonly bars: readonly StreamedBar[];
  readonly from: EpochMs;
  /** The venue has none before that; `null` when it has, or may have. */
  readonly unavailableBefore: EpochMs | null;
}

/** The candles of one stream as the venue's history has them. Throws `VenueReadError` when the venue gives no usable answer. */
export class CandleHistory {
  readonly #source: Pick<CandleSource, 'page'>;
  readonly #stream: CandleStream;
  #earliest: EpochMs | null = null;

  constructor(source: Pick<CandleSource, 'page'>, stream: CandleStream) {
    this.#source = source;
    this.#stream = stream;
  }

  /** The page of candles that open in `[from, to)`, and where the next begins. None while the one at `from` is still open. */
  async page(from: EpochMs, to: EpochMs): Promise<{ readonly bars: readonly StreamedBar[]; readonly next: EpochMs }> {
    try {
      const { candles, next } = await this.#source.page(this.#stream.symbol, this.#stream.timeframe, from, to);
      const { time, open, high, low, close, volume } = candles;
      const bars = Array.from(time, (at, i): StreamedBar => [at, open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!]);
      return { bars, next };
    } catch (error) {
      if (!(error instanceof VenueReadError) || error.code !== 'STILL_OPEN') throw error;
      return { bars: [], next: to };
    }
  }

  /** Candles that end at `to`, as many as are read at once, none that opened before `since`. */
  async before(to: EpochMs, since: EpochMs): Promise<EarlierCandles> {
    const { stepMs } = gridOf(this.#stream.timeframe);
    const start = Math.max(to - PIECE_BARS * stepMs, to - Math.ceil((to - since) / stepMs) * stepMs);
    const bars: StreamedBar[] = [];
    for (let at = start; at < to;) {
      const page = await this.page(at, to);
      bars.push(...page.bars);
      at = page.next;
    }
    const first = bars[0]?.[0] ?? to;
    if (first <= start) return { bars, from: start, unavailableBefore: null };
    // Either nothing was traded then, or the history begins later.
    const earliest = Math.min(first, await this.#findEarliest(to));
    if (earliest <= start) return { bars, from: start, unavailableBefore: null };
    return { bars, from: earliest, unavailableBefore: earliest };
  }

  async #findEarliest(to: EpochMs): Promise<EpochMs> {
    this.#earliest ??= (await this.page(0, to)).bars[0]?.[0] ?? null;
    return this.#earliest ?? to;
  }
}
