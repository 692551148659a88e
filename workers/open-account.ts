import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sleep } from '@temporalio/activity';
import type { AccountDependencies, RiskSettings } from '../activities/execution/dependencies.ts';
import { reconcileAccount } from '../activities/execution/reconcile-account.ts';
import type { ReconciliationDependencies } from '../activities/reconciliation/dependencies.ts';
import { orAborted } from '../adapters/abortable.ts';
import type { CredentialSource } from '../adapters/credentials/credentials.ts';
import type { Clock } from '../adapters/ports/clock.ts';
import type { Ownership } from '../adapters/ports/venue-ownership.ts';
import { createAccountFactsBoard } from '../adapters/storage/account-facts.ts';
import type { Database } from '../adapters/storage/database.ts';
import { createExecutionStore } from '../adapters/storage/execution-store.ts';
import { createFillIntake } from '../adapters/storage/fill-intake.ts';
import { createLiveTape } from '../adapters/storage/live-tape.ts';
import { createOrderLedger } from '../adapters/storage/order-ledger.ts';
import { createReconciliationStore } from '../adapters/storage/reconciliation-store.ts';
import { createSessionReconciliations } from '../adapters/storage/session-reconciliations.ts';
import { createSessionStore } from '../adapters/storage/session-store.ts';
import { createVenueLimitsBoard } from '../adapters/storage/venue-limits.ts';
import { fenceOf } from '../adapters/storage/venue-ownership.ts';
import { createVenueDirectory } from '../adapters/storage/venue-directory.ts';
import { createWeightLeases } from '../adapters/storage/weight-leases.ts';
import type { VenueAccountConfig } from '../adapters/venues/account-config.ts';
import { openVenueAccount } from '../adapters/venues/venue-account.ts';
import { keepWatch } from './account-watch.ts';
import { keepFacts } from './keep-facts.ts';
import { loadInstruments } from './instrument-list.ts';

/** What an attempt says that leaves an order at the touch to the next owner. */
const RESTING_ON = 'this worker is told to stop: the order goes on waiting at the touch';

const clock: Clock = { now: () => Date.now() };

export interface AccountResources {
  readonly database: Database;
  readonly credentials: CredentialSource;
  readonly risk: RiskSettings;
}

export interface OpenAccount {
  readonly dependencies: ReconciliationDependencies;
  close(): Promise<void>;
}

/**
 * Opens one venue account for its owner: clock and instruments first, then reconciliation, and only then may orders come. Tries until it
 * works. Whatever it writes is refused once `ownership` is over, and whoever waits in it then is told so.
 *
 * @returns `null` when `stop` came first.
 */
export async function openAccount(
  config: VenueAccountConfig,
  resources: AccountResources,
  ownership: Ownership,
  stop: AbortSignal,
): Promise<OpenAccount | null> {
  const { database } = resources;
  const log = accountLog(config.id);
  const account = await openVenueAccount(config, {
    clock,
    credentials: resources.credentials,
    weights: { shared: createWeightLeases(database, config), role: 'owner' },
  });
  const directory = createVenueDirectory(database);
  const ledger = createOrderLedger(database, fenceOf(ownership));
  const instruments = loadInstruments(account, directory, config);
  await untilDone(stop, log, 'the venue cannot be reached', async () => {
    await account.measureClock();
    await instruments.refresh();
  });
  const dependencies: ReconciliationDependencies = {
    account,
    ledger,
    store: createExecutionStore(database),
    tape: createLiveTape(database),
    clock,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    risk: resources.risk,
    reconciliations: createReconciliationStore(database, fenceOf(ownership)),
    intake: createFillIntake(database),
    instruments: () => instruments.listed(),
    instrumentOf: (symbol) => instruments.instrumentOf(symbol),
    // The work of an owner ends with its time, and another attempt goes on at the next owner.
    wait: (ms) => orAborted(sleep(ms), ownership.lost),
    rest: (ms) => orAborted(orAborted(sleep(ms), ownership.lost), stop, () => new Error(RESTING_ON)),
    log,
  };
  await untilDone(stop, log, 'the account cannot be reconciled', async () => {
    // Outside an activity there is no activity context to wait in.
    const wait = (ms: number): Promise<void> => orAborted(delay(ms), ownership.lost);
    const outside = { ...dependencies, wait, rest: wait };
    const { findings, differences } = await reconcileAccount(outside, 'start');
    log('reconciled', { ...findings, ...(Object.keys(differences).length === 0 ? {} : { differences }) });
    const { gate, feeRate } = resources.risk;
    await createVenueLimitsBoard(database).publishLimits(config.id, { ...gate, feeRate });
  });
  if (stop.aborted) {
    await account.close();
    return null;
  }
  const facts = keepFacts(account, {
    facts: createAccountFactsBoard(database),
    reconciliations: createSessionReconciliations(database),
    sessions: createSessionStore(database),
    clock,
  });
  const refreshes = { refreshInstruments: () => instruments.refresh(), refreshFacts: () => facts.refresh() };
  const watch = keepWatch(account, directory, refreshes, log);
  return {
    dependencies,
    close: async () => {
      watch.stop();
      await account.close();
    },
  };
}

/** One line for each thing that an operator should know of an account. */
export function accountLog(account: string): AccountDependencies['log'] {
  return (message, details) => process.stderr.write(`${account}: ${message} ${JSON.stringify(details)}\n`);
}

/** Tries until it works or `stop` comes: a worker that cannot reach its venue has nothing better to do. */
async function untilDone(
  stop: AbortSignal,
  log: AccountDependencies['log'],
  problem: string,
  work: () => Promise<void>,
): Promise<void> {
  for (let pause = 250; !stop.aborted; pause = Math.min(pause * 2, 5_000)) {
    try {
      await work();
      return;
    } catch (error) {
      log(problem, { reason: (error as Error).message, againInMs: pause });
      await delay(pause, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}
