import { parseColumnName } from '../../../../domain/indicators/column-name.ts';
import { type Bars, walkWithPauses } from '../../../contracts/indicator-bars.ts';
import { linesOf } from '../lines.ts';

/** A walk that stands still for 60 bars out of 120. */
const bars = walkWithPauses(4, 600);
/** Early and at the end of a pause, shortly after one, within a move, and at the ends of two more pauses. */
const AT = [61, 119, 125, 300, 479, 599];

/** The line that a column name names. */
export function columnOn(given: Bars, name: string): Float64Array {
  const { column, problem } = parseColumnName(name);
  if (problem !== null) throw new Error(problem.message);
  const { indicator, params, output } = column;
  return linesOf(indicator, params, ...indicator.inputs.map((input) => given[input]))[output]!;
}

/** Where a column on that walk differs from the six values that TA-Lib gives at `AT`. */
export function offTalib(name: string, values: readonly number[]): readonly string[] {
  const line = columnOn(bars, name);
  return AT.flatMap((bar, k) => {
    const [ours, theirs] = [line[bar]!, values[k]!];
    // What is 0 in a pause is up to 1e-13 in TA-Lib's rolling sums.
    const same = Math.abs(ours - theirs) <= 1e-9 * Math.abs(theirs) + 1e-12;
    return same ? [] : [`bar ${bar}: ours ${ours}, TA-Lib ${theirs}`];
  });
}
