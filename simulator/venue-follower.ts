import type { EpochMs } from '../domain/market/decimal.ts';
import type { LedgerRecord } from './exchange/records.ts';

/** Whoever follows a venue. Called within a turn, so what it sees may not be on the disk yet: it must tell nobody before `flushed`. */
export interface VenueFollower {
  /** The account has changed by this record. */
  readonly recorded: (record: LedgerRecord) => void;
  /** A turn has ended; the markets stand at `now`. */
  readonly turned: (now: EpochMs) => void;
}
