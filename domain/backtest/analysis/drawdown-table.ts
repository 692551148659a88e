import type { EpochMs } from '../../market/decimal.ts';
import { type Drawdown, scanDrawdowns } from '../metrics/drawdown.ts';

/** A drawdown with its times and lengths. */
export interface DrawdownRow extends Drawdown {
  readonly peakTime: EpochMs;
  readonly troughTime: EpochMs;
  /** `null` when the curve ended before the peak was regained. */
  readonly recoveryTime: EpochMs | null;
  /** From the peak to the recovery, or to the end of the curve. */
  readonly bars: number;
  readonly ms: number;
}

/**
 * The deepest drawdowns of an equity curve, deepest first, of equals the earlier first. `start` is the capital before the first bar, `times`
 * the closes of the bars.
 */
export function drawdownTable(
  equity: Float64Array,
  times: Float64Array,
  { start, limit = 10 }: { readonly start: number; readonly limit?: number },
): readonly DrawdownRow[] {
  // Only `limit` are kept on the way: a curve of many bars has many small drawdowns.
  const kept: Drawdown[] = [];
  scanDrawdowns(equity, {
    start,
    onDrawdown: (drawdown) => {
      if (kept.length === limit && !(drawdown.depth > (kept.at(-1)?.depth ?? Infinity))) return;
      const place = kept.findIndex(({ depth }) => depth < drawdown.depth);
      kept.splice(place === -1 ? kept.length : place, 0, drawdown);
      if (kept.length > limit) kept.pop();
    },
  });
  return kept.map((drawdown) => {
    const { peakBar, troughBar, recoveryBar } = drawdown;
    const end = recoveryBar ?? equity.length - 1;
    return {
      ...drawdown,
      peakTime: times[peakBar]!,
      troughTime: times[troughBar]!,
      recoveryTime: recoveryBar === null ? null : times[recoveryBar]!,
      bars: end - peakBar,
      ms: times[end]! - times[peakBar]!,
    };
  });
}
