/** Why a figure has no value, as a sentence for people. */
export interface Undefined {
  readonly reason: string;
}

/** A finite number, or why there is none. Never 0, NaN or Infinity in place of "not defined". */
export type Figure = number | Undefined;

export function isDefined(figure: Figure): figure is number {
  return typeof figure === 'number';
}

export function undefinedBecause(reason: string): Undefined {
  return { reason };
}

/** `numerator / denominator`; where the denominator is 0 the figure is not defined, for the reason given. */
export function quotient(numerator: number, denominator: number, reasonForZero: string): Figure {
  return denominator === 0 ? undefinedBecause(reasonForZero) : numerator / denominator;
}

/** `figure` when there are at least `needed` of `what`, else the reason. */
export function fromAtLeast(needed: number, found: number, what: string, figure: () => Figure): Figure {
  if (found >= needed) return figure();
  return undefinedBecause(`it needs at least ${needed} ${what}, there ${found === 1 ? 'is' : 'are'} ${found}`);
}
