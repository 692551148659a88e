import type { DurationMs } from '../../domain/market/decimal.ts';

/** A time in which an exchange takes no request from us, whichever process asks. */
export interface SharedBlock {
  /** How much of it is left. */
  readonly ms: DurationMs;
  /** HTTP status that said so. */
  readonly status: string;
}

/** Request weight that one process may use until the minute ends. */
export interface WeightLease {
  /** From 0 to what was asked for. */
  readonly granted: number;
  readonly endsInMs: DurationMs;
}

/** The request weight of one exchange address, shared by all processes. Everything here fails while the storage is away. */
export interface SharedWeight {
  /** Leases up to `wanted` for the running minute, in which all leases together stay within `ceiling`. */
  lease(wanted: number, ceiling: number): Promise<WeightLease>;
  /** Tells all processes that the exchange wants to be left alone. A shorter block never cuts a longer one. */
  block(block: SharedBlock): Promise<void>;
  /** The block in force; `null` when there is none. */
  blocked(): Promise<SharedBlock | null>;
}

/**
 * How a process takes part. The `owner` of an account sends orders: it follows the exchange's own count, of which leases leave it the
 * larger part. Every other process is a `reader` and uses what it has leased.
 */
export interface WeightParty {
  readonly shared: SharedWeight;
  readonly role: 'owner' | 'reader';
}
