import type { RunningCandle } from '../../adapters/ports/running-candles.ts';
import type { SessionOrder, SessionRecord } from '../../adapters/ports/session-store.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { DueBar } from '../../domain/session/due-bars.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';
import type { Intake } from '../../domain/session/take-in.ts';

/** All that one step is reckoned on. */
export interface Seen {
  readonly record: SessionRecord;
  readonly journal: readonly JournalEntry[];
  readonly placed: readonly SessionOrder[];
  readonly intake: Intake;
  /** Of each symbol; `null` while those of one are not there from the first that is needed. */
  readonly candles: readonly Candles[] | null;
  readonly due: readonly DueBar[];
  /** An order at market is on its way: what is held is not known until it has ended. */
  readonly isOnTheWay: boolean;
  /** Whether the venue replays candles, so that its market has a time of its own. */
  readonly hasOwnTime: boolean;
  /** Where it does, the candles that are open, by symbol, as far as it watches a price in them. No strategy is shown any. */
  readonly open: ReadonlyMap<string, RunningCandle>;
}
