import type { Indicator } from '../../indicators/indicator.ts';
import type { Candles, PriceName } from '../../market/candles.ts';
import type { DurationMs, EpochMs } from '../../market/decimal.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import type { Line } from '../line.ts';
import { checkedLine, indicator, price } from '../line-builders.ts';
import type { LineSpec } from '../line-spec.ts';
import type { Bar, LineOptions, Lines, OnBar, Strategy, StrategyParams } from '../strategy.ts';
import { columnOf, neededWarmUp, warmUpOf } from './column.ts';
import { ColumnCache } from './column-cache.ts';
import { type Clock, ColumnLine } from './column-line.ts';
import { lineKey } from './line-key.ts';

interface Declared {
  readonly spec: LineSpec;
  readonly column: Float64Array;
  readonly line: Line;
}

/**
 * The lines that a strategy has declared on the bars of one symbol, and the bar at which they stand. For engines: a strategy gets
 * `lines` and `bar`, from which nothing leads to the columns or to a later bar; never the board, which can move.
 *
 * `prepare` does it all; then the engine calls `moveTo(i)` and asks the strategy, from bar `warmUpBars` on.
 */
export class LineBoard implements Lines {
  candles: Candles;
  /** What the strategy declares its lines with. Throws once the run has begun. */
  readonly lines: Lines;
  /** The bar at which the board stands. */
  readonly bar: Bar;
  readonly #clock: Clock = { index: -1 };
  #cache: ColumnCache;
  readonly #declared = new Map<string, Declared>();
  #warmUpBars = 0;
  #neededBars = 0;

  readonly #valuesOf: typeof columnOf;
  /** Bars that its columns have room for; 0: for those of its candles. */
  readonly #room: number;

  /** @param room the same candles in columns that later ones will be written to, for a board that grows; the others have room for as many */
  constructor(
    candles: Candles,
    cache: ColumnCache = new ColumnCache(),
    valuesOf: typeof columnOf = columnOf,
    room: Candles | null = null,
  ) {
    this.candles = candles;
    this.#cache = cache;
    this.#valuesOf = valuesOf;
    this.#room = room?.time.length ?? 0;
    this.lines = linesOf(this);
    this.bar = new BoardBar(room ?? candles, this.#clock);
  }

  /** Whether it has been told of too few bars for what is declared: where it stands first would be another with more. */
  get isShort(): boolean {
    return this.neededBars > this.candles.length;
  }

  /** Takes in candles that begin with those that it has: its lines have values on all of them. For a board with room for them. */
  grow(candles: Candles): void {
    this.candles = candles;
    this.#cache = new ColumnCache();
    for (const { spec, column } of this.#declared.values()) {
      if (spec.kind === 'indicator') this.#cache.name(spec.indicator);
      column.set(this.#valuesOf(candles, spec, this.#cache));
    }
  }

  /** A board for the question how long the warm-up is: what is declared is checked alike, but no line has a value. */
  static withoutValues(candles: Candles): LineBoard {
    const none = new Float64Array(0);
    return new LineBoard(candles, new ColumnCache(), (_candles, spec, cache) => {
      if (spec.kind === 'indicator') cache!.name(spec.indicator);
      return none;
    });
  }

  /** Lets the strategy declare its lines and gives back what is to be asked at each bar. */
  prepare(strategy: Strategy, params: StrategyParams): OnBar {
    const onBar = strategy.prepare(this.lines, params);
    if (typeof onBar !== 'function') {
      throw new TypeError(`strategy "${strategy.id}": prepare has to return a function, it returned ${typeof onBar}`);
    }
    return onBar;
  }

  price(name: PriceName, options?: Pick<LineOptions, 'timeframe' | 'shift'>): Line {
    return this.#declare(price(name, options));
  }

  indicator(named: string | Indicator, params?: Readonly<Record<string, number>>, options?: LineOptions): Line {
    return this.#declare(indicator(named, params, options));
  }

  line(spec: LineSpec): Line {
    return this.#declare(checkedLine(spec));
  }

  warmUp(bars: number): void {
    this.#refuseOnceBegun();
    if (!Number.isSafeInteger(bars) || bars < 0) {
      throw new RangeError(`warmUp(${bars}): give a whole number of bars, at least 0`);
    }
    this.#need(bars);
    this.#warmUpBars = Math.max(this.#warmUpBars, Math.min(bars, this.candles.length));
  }

  /**
   * Number of the first bar at which the strategy is asked: every declared line has a value there by its lookback, shift and
   * timeframe (`warmUpOf`). The number of bars when they are too few.
   */
  get warmUpBars(): number {
    return this.#warmUpBars;
  }

  /** The same, however few the bars are: what a message about too few of them names. */
  get neededBars(): number {
    return Math.max(this.#neededBars, this.#warmUpBars);
  }

  /** Names of the declared lines, in the order of their declaration. */
  get keys(): readonly string[] {
    return [...this.#declared.keys()];
  }

  get specs(): readonly LineSpec[] {
    return [...this.#declared.values()].map(({ spec }) => spec);
  }

  /** Bar at which the board stands; -1 before the first `moveTo`. */
  get index(): number {
    return this.#clock.index;
  }

  moveTo(index: number): void {
    this.#clock.index = index;
  }

  /** Values of all declared lines at a bar by their keys; `null` while one warms up. */
  valuesAt(index: number): Record<string, number | null> {
    const values: Record<string, number | null> = {};
    for (const [key, { column }] of this.#declared) {
      const value = column[index];
      values[key] = value === undefined || !Number.isFinite(value) ? null : value;
    }
    return values;
  }

  #declare(spec: LineSpec): Line {
    this.#refuseOnceBegun();
    const key = lineKey(spec);
    let declared = this.#declared.get(key);
    if (declared === undefined) {
      const column = this.#roomy(this.#valuesOf(this.candles, spec, this.#cache));
      declared = { spec, column, line: new ColumnLine(column, this.#clock) };
      this.#declared.set(key, declared);
      this.warmUp(warmUpOf(this.candles, spec, this.#cache));
      this.#need(neededWarmUp(this.candles, spec));
    } else if (spec.kind === 'indicator') {
      this.#cache.name(spec.indicator);
    }
    return declared.line;
  }

  #roomy(values: Float64Array): Float64Array {
    if (this.#room === 0) return values;
    const column = new Float64Array(this.#room).fill(Number.NaN);
    column.set(values);
    return column;
  }

  #need(bars: number): void {
    this.#neededBars = Math.max(this.#neededBars, bars);
  }

  #refuseOnceBegun(): void {
    if (this.#clock.index >= 0) throw new Error('lines are declared in prepare, before the first bar');
  }
}

/** The board as a strategy sees it while it prepares: it can declare, and cannot move. */
function linesOf(board: LineBoard): Lines {
  return Object.freeze<Lines>({
    price: (name, options) => board.price(name, options),
    indicator: (named, params, options) => board.indicator(named, params, options),
    line: (spec) => board.line(spec),
    warmUp: (bars) => board.warmUp(bars),
  });
}

class BoardBar implements Bar {
  readonly open: Line;
  readonly high: Line;
  readonly low: Line;
  readonly close: Line;
  readonly volume: Line;
  readonly #time: Float64Array;
  readonly #barMs: DurationMs;
  readonly #clock: Clock;

  constructor(candles: Candles, clock: Clock) {
    this.open = new ColumnLine(candles.open, clock);
    this.high = new ColumnLine(candles.high, clock);
    this.low = new ColumnLine(candles.low, clock);
    this.close = new ColumnLine(candles.close, clock);
    this.volume = new ColumnLine(candles.volume, clock);
    this.#time = candles.time;
    this.#barMs = timeframeMs(candles.timeframe);
    this.#clock = clock;
    Object.freeze(this);
  }

  get index(): number {
    return this.#clock.index;
  }

  get time(): EpochMs {
    return this.#time[this.#clock.index]!;
  }

  get closeTime(): EpochMs {
    return this.time + this.#barMs;
  }
}
