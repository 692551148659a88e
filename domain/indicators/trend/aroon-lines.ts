import { RunningMaximum } from '../sliding-extremes.ts';

/** The line of AROON for an extreme `age` bars ago: 100 when it is new, 0 when it is `period` bars old. */
function aroonLine(period: number, age: number): number {
  return (100 / period) * (period - age);
}

/**
 * Both lines of AROON over whole columns, from bar `first` on. Its window has `period + 1` bars; the first `period` values are those of
 * shorter windows, bars before `first` are left alone.
 */
export function aroonKernel(
  high: Float64Array,
  low: Float64Array,
  first: number,
  period: number,
  down: Float64Array,
  up: Float64Array,
): void {
  const length = high.length;
  const negated = low.map((price) => -price);
  barsOfHighest(negated, first, period + 1, down);
  barsOfHighest(high, first, period + 1, up);
  for (let i = first; i < length; i++) {
    down[i] = aroonLine(period, i - down[i]!);
    up[i] = aroonLine(period, i - up[i]!);
  }
}

/**
 * Writes to `output`, from bar `first` on, the bar at which each window of `period` bars has its highest value: of equal ones the latest.
 *
 * While the highest is in the window a bar costs one comparison. When it leaves, one walk back over the window notes the values that
 * no later one reaches (`stairs`): the highest to come, as the window moves on. `late` is the highest that came since. So a window is
 * walked at most once per `period` bars, whatever the prices do.
 */
function barsOfHighest(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const stairs = new Int32Array(period);
  let steps = 0;
  let top = Number.NEGATIVE_INFINITY;
  let topBar = first;
  let late = Number.NEGATIVE_INFINITY;
  let lateBar = first;
  for (let i = first; i < length; i++) {
    const value = input[i]!;
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
            if (input[bar]! > highest) {
              highest = input[bar]!;
              stairs[steps++] = bar;
            }
          }
        }
        if (steps > 0) {
          topBar = stairs[steps - 1]!;
          top = input[topBar]!;
        }
        if (steps === 0 || late >= top) {
          top = late;
          topBar = lateBar;
          late = Number.NEGATIVE_INFINITY;
          steps = 0;
        }
      }
    }
    output[i] = topBar;
  }
}

/** Both lines of AROON bar by bar. */
export class RunningAroon {
  readonly #period: number;
  readonly #highest: RunningMaximum;
  readonly #negatedLowest: RunningMaximum;
  #bars = 0;
  down = Number.NaN;
  up = Number.NaN;

  constructor(period: number) {
    this.#period = period;
    this.#highest = new RunningMaximum(period + 1);
    this.#negatedLowest = new RunningMaximum(period + 1);
  }

  next(high: number, low: number): void {
    this.#highest.next(high);
    this.#negatedLowest.next(-low);
    if (this.#bars < this.#period) {
      this.#bars++;
      return;
    }
    this.down = aroonLine(this.#period, this.#negatedLowest.age);
    this.up = aroonLine(this.#period, this.#highest.age);
  }
}
