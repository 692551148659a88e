import type { EpochMs } from '../../domain/market/decimal.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';
import type { Strategy } from '../../domain/strategies/strategy.ts';

/** Bars that a session passed over because its strategy had failed: their opening times. */
export function passedOver(journal: readonly JournalEntry[]): ReadonlySet<EpochMs> {
  return new Set(
    journal.flatMap(({ event }) => (event.kind === 'bar' && event.reason === 'STRATEGY' ? [event.time] : [])),
  );
}

/**
 * The strategy for the backtest of a session in which it has failed: what it throws at bars that the session passed over is passed over here as well, so that
 * one which fails there for good can be compared. At those of them where it does not fail it says what it would have done.
 */
export function passingOver(strategy: Strategy, bars: ReadonlySet<EpochMs>): Strategy {
  if (bars.size === 0) return strategy;
  return {
    ...strategy,
    prepare(lines, params) {
      const onBar = strategy.prepare(lines, params);
      return (context) => {
        try {
          return onBar(context);
        } catch (error) {
          if (!bars.has(context.bar.time)) throw error;
        }
      };
    },
  };
}
