import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/**
 * Asks again about orders that were closed as never placed: venues have forgotten an order for longer than any proof waits. One that shows up
 * is told as an alarm, taken off the book, and what it has traded is stored.
 */
export declare function watchNotPlaced(
  deps: ReconciliationDependencies,
  withinMs: DurationMs,
): Promise<{
  readonly reappeared: number;
  readonly lateFills: number;
}>;
