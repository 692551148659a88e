/**
 * Ehlers' Hilbert transformer of one line: a filter over every second bar, so odd and even bars have a memory each.
 */
class HilbertFilter {
  /** Three values of the even bars, then three of the odd ones. */
  readonly #delayed = new Float64Array(6);
  readonly #weighted = new Float64Array(2);
  readonly #inputs = new Float64Array(2);

  /** @param parity 0 at even bars, 1 at odd ones. @param slot which of the three delayed values is the oldest, 0 to 2. */
  next(input: number, parity: number, slot: number, gain: number): number {
    const place = 3 * parity + slot;
    const newest = 0.0962 * input;
    const before = this.#weighted[parity]!;
    const weighted = 0.5769 * this.#inputs[parity]!;
    const value = -this.#delayed[place]! + newest - before + weighted;
    this.#delayed[place] = newest;
    this.#weighted[parity] = weighted;
    this.#inputs[parity] = input;
    return value * gain;
  }
}

const DEGREES = 180 / Math.PI;

/**
 * Ehlers' homodyne discriminator, fed price by price: the period of the cycle that dominates the prices, in bars, and the phase within
 * it. The prices are smoothed over four bars first. As in TA-Lib the filters begin empty after `skip` bars, so values depend on the
 * first bar for some hundred bars.
 *
 * @see John F. Ehlers, Rocket Science for Traders (2001), chapters 6 and 7
 */
export class DominantCycle {
  readonly #skip: number;
  readonly #prices = new Float64Array(4);
  readonly #detrender = new HilbertFilter();
  readonly #quadrature = new HilbertFilter();
  readonly #inPhaseAhead = new HilbertFilter();
  readonly #quadratureAhead = new HilbertFilter();
  /** Detrended prices of the last three bars; the oldest is the in-phase component. */
  readonly #detrended = new Float64Array(3);
  #bar = 0;
  #slot = 0;
  #i2 = 0;
  #q2 = 0;
  #re = 0;
  #im = 0;
  #period = 0;
  /** Smoothed period, in bars. */
  period = 0;
  /** Phase in degrees, -90 to 90. */
  phase = 0;

  /** @param skip bars before the filters begin, >= 3. */
  constructor(skip: number) {
    this.#skip = skip;
  }

  /** Takes the next price. False while it is one of those skipped. */
  next(price: number): boolean {
    const bar = this.#bar++;
    const prices = this.#prices;
    prices[bar & 3] = price;
    if (bar < this.#skip) return false;
    const smoothed =
      (4 * price + 3 * prices[(bar - 1) & 3]! + 2 * prices[(bar - 2) & 3]! + prices[(bar - 3) & 3]!) * 0.1;
    this.#transform(smoothed, bar);
    return true;
  }

  #transform(smoothed: number, bar: number): void {
    const gain = 0.075 * this.#period + 0.54;
    const parity = bar & 1;
    const slot = this.#slot;
    const detrended = this.#detrender.next(smoothed, parity, slot, gain);
    const inPhase = this.#detrended[bar % 3]!;
    this.#detrended[bar % 3] = detrended;
    const quadrature = this.#quadrature.next(detrended, parity, slot, gain);
    const inPhaseAhead = this.#inPhaseAhead.next(inPhase, parity, slot, gain);
    const quadratureAhead = this.#quadratureAhead.next(quadrature, parity, slot, gain);
    if (parity === 0) this.#slot = slot === 2 ? 0 : slot + 1;
    this.phase = inPhase === 0 ? 0 : Math.atan(quadrature / inPhase) * DEGREES;
    this.#measure(
      0.2 * (inPhase - quadratureAhead) + 0.8 * this.#i2,
      0.2 * (quadrature + inPhaseAhead) + 0.8 * this.#q2,
    );
  }

  /** The angle between this bar's phasor and the last is the share of the cycle that a bar takes. */
  #measure(i2: number, q2: number): void {
    this.#re = 0.2 * (i2 * this.#i2 + q2 * this.#q2) + 0.8 * this.#re;
    this.#im = 0.2 * (i2 * this.#q2 - q2 * this.#i2) + 0.8 * this.#im;
    this.#i2 = i2;
    this.#q2 = q2;
    const last = this.#period;
    let period = last;
    if (this.#im !== 0 && this.#re !== 0) period = 360 / (Math.atan(this.#im / this.#re) * DEGREES);
    period = Math.max(Math.min(period, 1.5 * last), 0.67 * last);
    period = Math.min(Math.max(period, 6), 50);
    this.#period = 0.2 * period + 0.8 * last;
    this.period = 0.33 * this.#period + 0.67 * this.period;
  }
}
