import type { EpochMs } from '../../domain/market/decimal.ts';

/** Another process owns the account now: whatever this one still wanted to write was refused. */
export class OwnershipLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OwnershipLost';
  }
}

/** The time of one process as the owner of one venue account. */
export interface Ownership {
  readonly venue: string;
  /** Rises with every take-over, whoever takes over. */
  readonly epoch: number;
  /** Aborted, with an `OwnershipLost`, as soon as another process may own the account. */
  readonly lost: AbortSignal;
  /** Gives the account up, for the next process that stands by. May be called more than once. */
  release(): Promise<void>;
}

/** Who owns an account, or owned it last. */
export interface OwnerRecord {
  /** The process, as host/pid. */
  readonly worker: string;
  readonly epoch: number;
  readonly since: EpochMs;
  /** Whether that process holds the account at this moment. */
  readonly held: boolean;
}
