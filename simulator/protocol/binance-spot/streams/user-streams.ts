import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { LedgerRecord } from '../../../exchange/records.ts';
import type { StreamFaults } from '../../../faults/stream-faults.ts';
import type { Venue } from '../../../venue.ts';
import { amount } from '../format.ts';
import type { StreamConnection } from './connection.ts';
import { assetsOf, ExecutionReports } from './execution-reports.ts';
import type { Outbox } from './outbox.ts';
import type { Tell } from './publisher.ts';

/** The account's own events, told to every connection that has subscribed. Without one a record costs nothing. */
export class UserStreams {
  readonly #venue: Venue;
  readonly #faults: StreamFaults;
  readonly #outbox: Outbox;
  readonly #tell: Tell;
  readonly #reports: ExecutionReports;
  readonly #subscriptions = new Map<StreamConnection, number>();
  #nextId = 0;

  constructor(venue: Venue, faults: StreamFaults, outbox: Outbox, tell: Tell) {
    this.#venue = venue;
    this.#faults = faults;
    this.#outbox = outbox;
    this.#tell = tell;
    this.#reports = new ExecutionReports(venue.exchange.ledger, tell);
  }

  /** The id under which the connection hears of the account; `null` when it does not. */
  subscriptionOf(connection: StreamConnection): number | null {
    return this.#subscriptions.get(connection) ?? null;
  }

  subscribe(connection: StreamConnection): number {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#subscriptions.set(connection, id);
    return id;
  }

  unsubscribe(connection: StreamConnection): void {
    this.#subscriptions.delete(connection);
  }

  /** Queues the events of a record: what became of orders, then how the touched balances stand. */
  recorded(record: LedgerRecord): void {
    if (this.#subscriptions.size === 0) return;
    const now = this.#venue.clock.now();
    for (const report of this.#reports.of(record, now)) this.#publish(report, now);
    if (record.kind === 'transferred') {
      const { asset, amount: moved, at } = record;
      this.#publish({ e: 'balanceUpdate', E: this.#tell(now), a: asset, d: amount(moved), T: this.#tell(at) }, now);
    }
    const assets = assetsOf(record, this.#venue.exchange.ledger);
    if (assets.length > 0) this.#publish(this.#position(assets, now), now);
  }

  #position(assets: readonly string[], now: EpochMs): unknown {
    const { ledger } = this.#venue.exchange;
    return {
      e: 'outboundAccountPosition',
      E: this.#tell(now),
      u: this.#tell(ledger.updatedAt),
      B: ledger.balances
        .all()
        .filter(({ asset }) => assets.includes(asset))
        .map(({ asset, free, locked }) => ({ a: asset, f: amount(free), l: amount(locked) })),
    };
  }

  #publish(event: unknown, now: EpochMs): void {
    const text = JSON.stringify(event);
    for (const [connection, subscriptionId] of this.#subscriptions) {
      if (this.#faults.silences('stream.user', now) || this.#faults.skips('stream.user', now)) continue;
      this.#outbox.add(connection, `{"subscriptionId":${subscriptionId},"event":${text}}`);
    }
  }
}
