import type { Calendar } from './calendar.ts';
import type { Candles } from './candles.ts';
import { DatasetHash, datasetIdOf, type Hasher } from './dataset.ts';
import { GapCounter, type GapReport } from './dataset-gaps.ts';
import type { EpochMs } from './decimal.ts';
import type { Timeframe } from './timeframe.ts';

/** What is known of a data set once all its bars have been seen. */
export interface DatasetFacts {
  readonly id: string;
  /** SHA-256 of symbol, timeframe and bars, hex. */
  readonly hash: string;
  readonly rows: number;
  /** Open of the first and of the last bar. */
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  readonly gaps: GapReport;
}

/** Gathers the facts of a data set whose bars, already checked, come in pieces. */
export class DatasetFactsGatherer {
  readonly #hash: DatasetHash;
  readonly #gaps: GapCounter;
  #rows = 0;
  #firstAt = Number.NaN;
  #lastAt = Number.NaN;

  constructor(symbol: string, timeframe: Timeframe, calendar: Calendar, hasher: Hasher) {
    this.#hash = new DatasetHash(symbol, timeframe, hasher);
    this.#gaps = new GapCounter(timeframe, calendar);
  }

  add(candles: Candles): void {
    if (candles.length === 0) return;
    if (this.#rows === 0) this.#firstAt = candles.time[0]!;
    this.#lastAt = candles.time[candles.length - 1]!;
    this.#rows += candles.length;
    this.#hash.add(candles);
    this.#gaps.add(candles);
  }

  /** Ends the gathering; there must have been a bar. */
  finish(): DatasetFacts {
    const hash = this.#hash.finish();
    return {
      id: datasetIdOf(hash),
      hash,
      rows: this.#rows,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      gaps: this.#gaps.report(),
    };
  }
}
