/**
 * The first bar at which every input is a number, or the number of bars when there is none. Leading NaN are the warm-up of another
 * indicator whose line is the input.
 */
export function firstBar(inputs: readonly Float64Array[]): number {
  const length = inputs[0]?.length ?? 0;
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
