import type { AxisStability } from '../result.ts';
import type { SearchSpace } from '../space/search-space.ts';

/**
 * How far each parameter wandered from choice to choice: what a strategy has found stays where it is, what it has fitted to noise jumps.
 *
 * @param choices number of the combination that each fold has chosen; `null` for none.
 */
export function axisStability(space: SearchSpace, choices: readonly (number | null)[]): readonly AxisStability[] {
  const positions = choices.map((index) => {
    if (index === null) return null;
    const own = new Int32Array(space.axes.length);
    space.positionsAt(index, own);
    return own;
  });
  return space.axes.map(({ name, count, at }, axis) => {
    const chosen = positions.filter((own) => own !== null).map((own) => own[axis]!);
    const range = Math.max(1, count - 1);
    const moves = chosen.slice(1).map((position, k) => Math.abs(position - chosen[k]!) / range);
    const frequencies = chosen.map((position) => chosen.filter((other) => other === position).length);
    return {
      name,
      values: positions.map((own) => (own === null ? null : at(own[axis]!))),
      moved: moves.length === 0 ? null : moves.reduce((sum, move) => sum + move, 0) / moves.length,
      spread: chosen.length < 2 ? null : (Math.max(...chosen) - Math.min(...chosen)) / range,
      modeShare: chosen.length === 0 ? null : Math.max(...frequencies) / chosen.length,
    };
  });
}
