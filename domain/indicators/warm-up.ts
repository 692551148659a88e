import type { IndicatorStream } from './indicator.ts';

/**
 * The first bar at which every input is a number, or the number of bars when there is none. Leading NaN are the warm-up of another
 * indicator whose line is the input. Throws when the columns differ in length.
 */
export function firstBar(inputs: readonly Float64Array[], outputs: readonly Float64Array[] = []): number {
  const length = inputs[0]?.length ?? 0;
  for (const column of [...inputs, ...outputs]) {
    if (column.length !== length) {
      throw new RangeError(
        `the columns of an indicator have one length: one has ${length} bars, another ${column.length}`,
      );
    }
  }
  let bar = 0;
  while (bar < length && !isComplete(inputs, bar)) bar++;
  return bar;
}

function isComplete(inputs: readonly Float64Array[], bar: number): boolean {
  for (const input of inputs) if (Number.isNaN(input[bar])) return false;
  return true;
}

/** Writes NaN to bars `0 .. end-1` of `output`, or to all when it is shorter. */
export function fillWarmUp(output: Float64Array, end: number): void {
  output.fill(Number.NaN, 0, Math.min(end, output.length));
}

/** A stream that answers NaN until all inputs are numbers for the first time, and from that bar on does what `next` does. */
export function streamFromFirstBar(next: IndicatorStream['next']): IndicatorStream {
  let started = false;
  return {
    next(inputs, outputs) {
      if (!started) {
        for (let k = 0; k < inputs.length; k++) {
          if (Number.isNaN(inputs[k])) {
            outputs.fill(Number.NaN);
            return;
          }
        }
        started = true;
      }
      next(inputs, outputs);
    },
  };
}
