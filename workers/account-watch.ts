import type { AccountDependencies } from '../activities/execution/dependencies.ts';
import type { VenueDirectory } from '../adapters/ports/order-ledger.ts';
import type { VenueAccount } from '../adapters/ports/venue.ts';

const HEALTH_EVERY_MS = 5_000;
const CLOCK_EVERY_MS = 60_000;
const INSTRUMENTS_EVERY_MS = 60 * 60 * 1000;
/** So often it is looked whether the account has to be read anew. */
const DUE_EVERY_MS = 1_000;

export interface Refreshes {
  readonly refreshInstruments: () => Promise<void>;
  /** Reads the account anew where that is due; called every second. */
  readonly refreshFacts: () => Promise<void>;
}

/** Keeps an account's clock offset, instruments, facts and published health current until it is stopped. */
export function keepWatch(
  account: VenueAccount,
  directory: VenueDirectory,
  { refreshInstruments, refreshFacts }: Refreshes,
  log: AccountDependencies['log'],
): { stop(): void } {
  const quietly = (what: string, work: () => Promise<unknown>) => (): void => {
    work().catch((error: Error) => log(what, { reason: error.message }));
  };
  const publish = quietly('the health of the venue cannot be published', () =>
    directory.saveHealth(account.venueId, account.health()),
  );
  const refresh = quietly('the account cannot be read', refreshFacts);
  const timers = [
    setInterval(refresh, DUE_EVERY_MS),
    setInterval(publish, HEALTH_EVERY_MS),
    setInterval(
      quietly('the venue clock cannot be measured', () => account.measureClock()),
      CLOCK_EVERY_MS,
    ),
    setInterval(quietly('the instruments cannot be read', refreshInstruments), INSTRUMENTS_EVERY_MS),
  ];
  publish();
  refresh();
  return {
    stop: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
