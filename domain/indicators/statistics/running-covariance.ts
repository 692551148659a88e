/**
 * Squared deviations of the last `period` pairs of values, fed pair by pair: by blocks and as differences from the first pair of the
 * running block, as `RunningVariance` and for its reasons.
 */
export class RunningCovariance {
  readonly #period: number;
  readonly #inverse: number;
  readonly #blockX: Float64Array;
  readonly #blockY: Float64Array;
  /** Sums over the tails of the block before, by the place where they begin; the last tail is empty. */
  readonly #tailX: Float64Array;
  readonly #tailY: Float64Array;
  readonly #tailXX: Float64Array;
  readonly #tailYY: Float64Array;
  readonly #tailXY: Float64Array;
  #place = 0;
  #originX = 0;
  #originY = 0;
  #sumX = 0;
  #sumY = 0;
  #sumXX = 0;
  #sumYY = 0;
  #sumXY = 0;
  /** Sums of the products of deviations from the means over the window; NaN while there are fewer than `period` pairs. */
  xx = Number.NaN;
  yy = Number.NaN;
  xy = Number.NaN;

  /** @param period pairs of the window, >= 1. */
  constructor(period: number) {
    const column = () => new Float64Array(period + 1);
    this.#period = period;
    this.#inverse = 1 / period;
    this.#blockX = column();
    this.#blockY = column();
    // NaN stands for the block before the first, and makes the sums NaN until the window is full.
    this.#tailX = column().fill(Number.NaN, 0, period);
    this.#tailY = column().fill(Number.NaN, 0, period);
    this.#tailXX = column();
    this.#tailYY = column();
    this.#tailXY = column();
  }

  next(x: number, y: number): void {
    const inverse = this.#inverse;
    if (this.#place === this.#period) this.#endBlock(x, y);
    else if (this.#place === 0) this.#begin(x, y);
    this.#blockX[this.#place] = x;
    this.#blockY[this.#place] = y;
    const place = ++this.#place;
    const fromX = x - this.#originX;
    const fromY = y - this.#originY;
    this.#sumX += fromX;
    this.#sumY += fromY;
    this.#sumXX += fromX * fromX;
    this.#sumYY += fromY * fromY;
    this.#sumXY += fromX * fromY;
    const sumX = this.#sumX + this.#tailX[place]!;
    const sumY = this.#sumY + this.#tailY[place]!;
    this.xx = this.#sumXX + this.#tailXX[place]! - sumX * sumX * inverse;
    this.yy = this.#sumYY + this.#tailYY[place]! - sumY * sumY * inverse;
    this.xy = this.#sumXY + this.#tailXY[place]! - sumX * sumY * inverse;
  }

  #begin(originX: number, originY: number): void {
    this.#place = 0;
    this.#originX = originX;
    this.#originY = originY;
    this.#sumX = 0;
    this.#sumY = 0;
    this.#sumXX = 0;
    this.#sumYY = 0;
    this.#sumXY = 0;
  }

  #endBlock(originX: number, originY: number): void {
    let sumX = 0;
    let sumY = 0;
    let sumXX = 0;
    let sumYY = 0;
    let sumXY = 0;
    for (let place = this.#period - 1; place >= 0; place--) {
      const fromX = this.#blockX[place]! - originX;
      const fromY = this.#blockY[place]! - originY;
      sumX += fromX;
      sumY += fromY;
      sumXX += fromX * fromX;
      sumYY += fromY * fromY;
      sumXY += fromX * fromY;
      this.#tailX[place] = sumX;
      this.#tailY[place] = sumY;
      this.#tailXX[place] = sumXX;
      this.#tailYY[place] = sumYY;
      this.#tailXY[place] = sumXY;
    }
    this.#begin(originX, originY);
  }
}

/** What is made of the three sums of products: of `xx`, `yy` and `xy`. */
type OfProducts = 'correlation' | 'slope';

/** Correlation, -1 to 1; 0 where one of the two does not move. */
export function correlationOf(xx: number, yy: number, xy: number): number {
  if (xx === 0 || yy === 0) return 0;
  const value = xy / Math.sqrt(xx * yy);
  // Rounding may lead a hair beyond.
  if (value > 1) return 1;
  return value < -1 ? -1 : value;
}

/** Slope of y over x; 0 where x does not move. */
export function slopeOf(xx: number, xy: number): number {
  return xx === 0 ? 0 : xy / xx;
}

/**
 * The same over whole columns, from bar `first` on, in the same order of operations; bars before `first + period - 1` of `output` are of
 * no meaning.
 */
export function covarianceKernel(
  x: Float64Array,
  y: Float64Array,
  first: number,
  period: number,
  wanted: OfProducts,
  output: Float64Array,
): void {
  const length = output.length;
  const inverse = 1 / period;
  const wantsSlope = wanted === 'slope';
  const column = () => new Float64Array(period + 1);
  const [tailX, tailY, tailXX, tailYY, tailXY] = [column(), column(), column(), column(), column()];
  for (let begin = first; begin < length; begin += period) {
    const originX = x[begin]!;
    const originY = y[begin]!;
    let headX = 0;
    let headY = 0;
    let headXX = 0;
    let headYY = 0;
    let headXY = 0;
    if (begin > first) {
      for (let place = period - 1; place >= 0; place--) {
        const fromX = x[begin - period + place]! - originX;
        const fromY = y[begin - period + place]! - originY;
        headX += fromX;
        headY += fromY;
        headXX += fromX * fromX;
        headYY += fromY * fromY;
        headXY += fromX * fromY;
        tailX[place] = headX;
        tailY[place] = headY;
        tailXX[place] = headXX;
        tailYY[place] = headYY;
        tailXY[place] = headXY;
      }
      headX = 0;
      headY = 0;
      headXX = 0;
      headYY = 0;
      headXY = 0;
    }
    const end = Math.min(begin + period, length);
    for (let i = begin, place = 1; i < end; i++, place++) {
      const fromX = x[i]! - originX;
      const fromY = y[i]! - originY;
      headX += fromX;
      headY += fromY;
      headXX += fromX * fromX;
      headYY += fromY * fromY;
      headXY += fromX * fromY;
      const sumX = headX + tailX[place]!;
      const sumY = headY + tailY[place]!;
      const xx = headXX + tailXX[place]! - sumX * sumX * inverse;
      const xy = headXY + tailXY[place]! - sumX * sumY * inverse;
      if (wantsSlope) {
        output[i] = slopeOf(xx, xy);
      } else {
        const yy = headYY + tailYY[place]! - sumY * sumY * inverse;
        output[i] = correlationOf(xx, yy, xy);
      }
    }
  }
}
