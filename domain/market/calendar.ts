import type { BarGrid } from './bar-grid.ts';
import type { EpochMs } from './decimal.ts';

/** When a market trades, as far as its bars are concerned: which bars of a grid ought to be there. */
export interface Calendar {
  readonly name: string;
  /** How many bars of the grid open in `[from, to)` and have trading in them. */
  countBars(grid: BarGrid, from: EpochMs, to: EpochMs): number;
}

/** How many bars of a grid open in `[from, to)`. */
export function barsBetween({ stepMs, originMs }: BarGrid, from: EpochMs, to: EpochMs): number {
  return Math.max(0, Math.ceil((to - originMs) / stepMs) - Math.ceil((from - originMs) / stepMs));
}

/** A market that never closes. */
export const alwaysOpen: Calendar = { name: '24/7', countBars: barsBetween };
