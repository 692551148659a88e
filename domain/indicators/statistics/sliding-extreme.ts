/** What `slidingExtreme` looks for. As a factor it turns a search for the lowest into one for the highest. */
export const HIGHEST = 1;
export const LOWEST = -1;
export type Extreme = typeof HIGHEST | typeof LOWEST;

/**
 * The highest or lowest value of each window of `period` bars, or the bar at which it is: of equal ones the latest.
 *
 * While the extreme is in the window a bar costs one comparison. When it leaves, one walk back over the window notes the values that
 * no later one exceeds (`stairs`): the extremes to come, as the window moves on. `late` is the best that came since. So a window is
 * walked at most once per `period` bars, whatever the prices do.
 *
 * @param output from bar `first` on: values, or bar numbers if `wantsBars`. The first `period - 1` of them are those of the shorter
 *   windows from `first`; bars before `first` are left alone.
 */
export function slidingExtreme(
  input: Float64Array,
  first: number,
  period: number,
  sign: Extreme,
  wantsBars: boolean,
  output: Float64Array,
): void {
  const length = input.length;
  const stairs = new Int32Array(period);
  let steps = 0;
  let top = Number.NEGATIVE_INFINITY;
  let topBar = first;
  let late = Number.NEGATIVE_INFINITY;
  let lateBar = first;
  for (let i = first; i < length; i++) {
    const value = sign * input[i]!;
    if (value >= top) {
      top = value;
      topBar = i;
      steps = 0;
    } else {
      if (value >= late) {
        late = value;
        lateBar = i;
      }
      if (topBar <= i - period) {
        if (steps > 0) {
          steps--;
        } else {
          late = Number.NEGATIVE_INFINITY;
          let highest = Number.NEGATIVE_INFINITY;
          for (let bar = i; bar > i - period; bar--) {
            const earlier = sign * input[bar]!;
            if (earlier > highest) {
              highest = earlier;
              stairs[steps++] = bar;
            }
          }
        }
        if (steps > 0) {
          topBar = stairs[steps - 1]!;
          top = sign * input[topBar]!;
        }
        if (steps === 0 || late >= top) {
          top = late;
          topBar = lateBar;
          late = Number.NEGATIVE_INFINITY;
          steps = 0;
        }
      }
    }
    output[i] = wantsBars ? topBar : sign * top;
  }
}

/** The same value by value. It keeps those values of the window that no later one exceeds, in falling order. */
export class RunningExtreme {
  readonly #period: number;
  readonly #sign: Extreme;
  readonly #values: Float64Array;
  readonly #bars: Float64Array;
  #head = 0;
  #kept = 0;
  #bar = -1;

  constructor(period: number, sign: Extreme) {
    this.#period = period;
    this.#sign = sign;
    this.#values = new Float64Array(period);
    this.#bars = new Float64Array(period);
  }

  /** The extreme of the last `period` values, this one included; NaN while there are fewer. */
  next(input: number): number {
    const period = this.#period;
    const value = this.#sign * input;
    const bar = ++this.#bar;
    if (this.#kept > 0 && this.#bars[this.#head]! <= bar - period) {
      this.#head = this.#head + 1 === period ? 0 : this.#head + 1;
      this.#kept--;
    }
    let last = (this.#head + this.#kept - 1 + period) % period;
    while (this.#kept > 0 && this.#values[last]! <= value) {
      this.#kept--;
      last = last === 0 ? period - 1 : last - 1;
    }
    const slot = (this.#head + this.#kept) % period;
    this.#values[slot] = value;
    this.#bars[slot] = bar;
    this.#kept++;
    return bar >= period - 1 ? this.#sign * this.#values[this.#head]! : Number.NaN;
  }

  /** Bars since the extreme: 0 when the newest value is it. */
  get age(): number {
    return this.#bar - this.#bars[this.#head]!;
  }
}
