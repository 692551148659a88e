import type { FillIntake } from '../../adapters/ports/fill-intake.ts';
import type { ReconciliationStore } from '../../adapters/ports/reconciliation-store.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { AccountDependencies } from '../execution/dependencies.ts';

/** Everything that a reconciliation of one venue account works with. */
export interface ReconciliationDependencies extends AccountDependencies {
  readonly reconciliations: ReconciliationStore;
  readonly intake: FillIntake;
  /** What the account's venue lists. */
  instruments(): readonly Instrument[];
}
