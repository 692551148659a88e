import type { WorkingOrder } from '../../backtest/engine/working-order.ts';

/** Relative distance within which units count as all of a trade. */
const ALL = 1e-9;

/** Whether an exit leaves all that its trade still holds. */
export function leavesAll({ units, parent }: WorkingOrder): boolean {
  return parent !== null && parent.isOpen && units > 0 && units >= parent.size * (1 - ALL);
}
