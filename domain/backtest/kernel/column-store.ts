import { cumulativeSum, sma, smaFromCumulative } from '../../indicators/averages/sma.ts';
import type { Candles } from '../../market/candles.ts';
import type { IndicatorLine, LineSpec } from '../../strategies/line-spec.ts';
import { columnOf, warmUpOf } from '../../strategies/lines/column.ts';
import { ColumnCache } from '../../strategies/lines/column-cache.ts';
import { lineKey } from '../../strategies/lines/line-key.ts';

/** A column of the store and the bars by which it is read before the current one. */
export interface ColumnRef {
  readonly id: number;
  readonly shift: number;
}

interface Entry {
  readonly key: string;
  readonly spec: LineSpec;
  /** First bar with a value by declaration, without the shift. */
  readonly warmUp: number;
  column: Float64Array | null;
  /** Bytes that the store itself holds for it; 0 for the bars and for columns that the caller owns. */
  bytes: number;
  lastUse: number;
}

export interface ColumnStoreOptions {
  /** What the computed columns may take. A single batch of combinations never takes more unless one combination alone does. */
  readonly maxBytes: number;
  /** Columns by `lineKey` that the caller has computed, in shared memory for instance. They are read only. */
  readonly given?: ReadonlyMap<string, Float64Array>;
}

/**
 * The lines that the combinations of a grid read, each computed once, kept while there is room and computed again when needed after it
 * was dropped. A shift costs no column.
 */
export class ColumnStore {
  readonly #candles: Candles;
  readonly #options: ColumnStoreOptions;
  readonly #entries: Entry[] = [];
  readonly #ids = new Map<string, number>();
  readonly #cumulative = new Map<string, Float64Array>();
  /** Holds bars of higher timeframes; its columns are taken out after each use, so that the limit in bytes holds. */
  readonly #cache = new ColumnCache();
  #uses = 0;

  constructor(candles: Candles, options: ColumnStoreOptions) {
    this.#candles = candles;
    this.#options = options;
  }

  /** The column of a line, computed or not. Throws what `columnOf` throws for a line that these bars cannot have. */
  ref(spec: LineSpec): ColumnRef {
    const { shift = 0, ...rest } = spec;
    // On another timeframe a shift counts the bars of that one, and is part of the column.
    const isOwn = spec.timeframe === undefined;
    const base = (isOwn && shift > 0 ? rest : spec) as LineSpec;
    const key = lineKey(base);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#entries.length;
      const warmUp = warmUpOf(this.#candles, base, this.#cache);
      this.#entries.push({ key, spec: base, warmUp, column: null, bytes: 0, lastUse: 0 });
      this.#ids.set(key, id);
    }
    if (spec.kind === 'indicator') this.#cache.name(spec.indicator);
    return { id, shift: isOwn ? shift : 0 };
  }

  warmUpOf({ id, shift }: ColumnRef): number {
    return Math.min(this.#entries[id]!.warmUp + shift, this.#candles.length);
  }

  keyOf(id: number): string {
    return this.#entries[id]!.key;
  }

  /** Bytes that a column takes once computed. */
  bytesOf(id: number): number {
    return this.#isOwned(this.#entries[id]!) ? this.#candles.length * 8 : 0;
  }

  /** Whether it has to be computed at all: the bars themselves and what the caller gave need not. */
  isComputed(id: number): boolean {
    return this.#isOwned(this.#entries[id]!);
  }

  /** Computes the column of that name, which `ref` has met, into memory of the caller's; the store keeps none of it. */
  fill(key: string, target: Float64Array): void {
    const id = this.#ids.get(key);
    if (id === undefined) throw new RangeError(`no combination reads a line ${key}`);
    if (target.length !== this.#candles.length) {
      throw new RangeError(`${key}: the target has ${target.length} values for ${this.#candles.length} bars`);
    }
    const { spec, column } = this.#entries[id]!;
    if (column !== null) target.set(column);
    else if (isPlainSma(spec)) this.#movingAverage(spec, target);
    else target.set(this.#compute(spec, false));
  }

  /** What a moving average of a field of the bars is made of, when it has not been computed: it can be streamed. `null` for all others. */
  averageOf(id: number): { readonly source: Float64Array; readonly period: number } | null {
    const { spec, column, key } = this.#entries[id]!;
    if (column !== null || this.#options.given?.has(key) === true || !isPlainSma(spec)) return null;
    const { of } = spec;
    if (of !== undefined && (of.kind !== 'price' || of.timeframe !== undefined || (of.shift ?? 0) > 0)) return null;
    const source = this.#candles[of === undefined ? 'close' : of.name];
    return Number.isNaN(source[0]) ? null : { source, period: spec.params.period! };
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /** The columns by id, all of them computed; others are dropped, the longest unused first, where room is needed. */
  columns(ids: Iterable<number>): ReadonlyMap<number, Float64Array> {
    const use = ++this.#uses;
    const wanted = [...ids];
    for (const id of wanted) this.#entries[id]!.lastUse = use;
    this.#makeRoom(wanted, use);
    return new Map(wanted.map((id) => [id, this.#column(this.#entries[id]!)]));
  }

  #column(entry: Entry): Float64Array {
    if (entry.column !== null) return entry.column;
    const given = this.#options.given?.get(entry.key);
    if (given !== undefined && given.length !== this.#candles.length) {
      throw new RangeError(
        `column ${entry.key} has ${given.length} values for ${this.#candles.length} bars: give one value for each bar`,
      );
    }
    entry.column = given ?? this.#compute(entry.spec, true);
    entry.bytes = this.bytesOf(this.#ids.get(entry.key)!);
    return entry.column;
  }

  /** @param keeps whether what is computed along with it and wanted too is kept. */
  #compute(spec: LineSpec, keeps: boolean): Float64Array {
    if (isPlainSma(spec)) return this.#movingAverage(spec, new Float64Array(this.#candles.length));
    const column = columnOf(this.#candles, spec, this.#cache);
    if (keeps) this.#keepSiblings(spec);
    this.#cache.columns.clear();
    return column;
  }

  /** An indicator computes all its outputs at once: those that are wanted too are kept. */
  #keepSiblings(spec: LineSpec): void {
    if (spec.kind === 'price') return;
    for (let output = 0; output < spec.indicator.outputs.length; output++) {
      const key = lineKey({ ...spec, output });
      const id = this.#ids.get(key);
      const column = this.#cache.columns.get(key);
      if (id === undefined || column === undefined) continue;
      const sibling = this.#entries[id]!;
      if (sibling.lastUse !== this.#uses || sibling.column !== null || this.#options.given?.has(key)) continue;
      sibling.column = column;
      sibling.bytes = this.bytesOf(id);
    }
  }

  /** All windows over one series share its running sum. */
  #movingAverage({ params, of }: IndicatorLine, column: Float64Array): Float64Array {
    const source = of ?? { kind: 'price', name: 'close' };
    const key = lineKey(source);
    let sums = this.#cumulative.get(key);
    if (sums === undefined) {
      sums = new Float64Array(this.#candles.length);
      cumulativeSum(columnOf(this.#candles, source, this.#cache), sums);
      this.#cache.columns.clear();
      this.#cumulative.clear();
      this.#cumulative.set(key, sums);
    }
    smaFromCumulative(sums, params.period!, column);
    return column;
  }

  #isOwned(entry: Entry): boolean {
    if (this.#options.given?.has(entry.key)) return false;
    return !(entry.spec.kind === 'price' && entry.spec.timeframe === undefined);
  }

  #makeRoom(wanted: readonly number[], use: number): void {
    let bytes = 0;
    for (const id of wanted) if (this.#entries[id]!.column === null) bytes += this.bytesOf(id);
    for (const entry of this.#entries) bytes += entry.bytes;
    if (bytes <= this.#options.maxBytes) return;
    const unused = this.#entries.filter((entry) => entry.bytes > 0 && entry.lastUse < use);
    for (const entry of unused.toSorted((x, y) => x.lastUse - y.lastUse)) {
      if (bytes <= this.#options.maxBytes) return;
      bytes -= entry.bytes;
      entry.column = null;
      entry.bytes = 0;
    }
  }
}

function isPlainSma(spec: LineSpec): spec is IndicatorLine {
  return spec.kind === 'indicator' && spec.indicator === sma && spec.timeframe === undefined;
}
