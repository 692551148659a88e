import type { Clock } from '../../adapters/ports/clock.ts';
import type { LiveTape } from '../../adapters/ports/live-tape.ts';
import type { ExecutionStore } from '../../adapters/ports/execution-store.ts';
import type { OrderLedger } from '../../adapters/ports/order-ledger.ts';
import type { VenueAccount } from '../../adapters/ports/venue.ts';
import type { Decimal, DurationMs } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { Sha256Hex } from '../../domain/orders/client-order-id.ts';
import type { GateConfig } from '../../domain/risk/gate-input.ts';

/** Settings of the risk gate of one account. */
export interface RiskSettings {
  readonly gate: GateConfig;
  /** Fee that is held back on top of a buy, as a ratio of its notional. */
  readonly feeRate: Decimal;
}

/** Everything that the order protocol of one venue account works with. */
export interface AccountDependencies {
  readonly account: VenueAccount;
  readonly ledger: OrderLedger;
  readonly store: ExecutionStore;
  /** What the market-data streams have seen; where it has a gap the venue is asked. */
  readonly tape: LiveTape;
  readonly clock: Clock;
  readonly sha256: Sha256Hex;
  readonly risk: RiskSettings;
  /** The instrument of a symbol that the account's venue lists. Throws when it lists none. */
  instrumentOf(symbol: string): Promise<Instrument>;
  /** Waits; rejects when the worker is told to stop, so that another attempt goes on from the stored intent. */
  wait(ms: DurationMs): Promise<void>;
  /**
   * Waits while an order waits at the touch; rejects as soon as the worker is told to stop, without the time that other work is given to
   * end in: the order stays where it is, and the next owner's attempt goes on with it.
   */
  rest(ms: DurationMs): Promise<void>;
  log(message: string, details: Readonly<Record<string, unknown>>): void;
}
