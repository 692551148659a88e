import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { pause } from '../abortable.ts';
import { type Ownership, OwnershipLost } from '../ports/venue-ownership.ts';
import { type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';
import { epochMs, only } from './rows.ts';

/** How often a process that stands by asks for the account. */
const ASK_EVERY_MS: DurationMs = 250;
/** How often an owner shows the database that it lives. */
const SIGN_OF_LIFE_EVERY_MS: DurationMs = 1_000;
/** An owner that the database has not heard of for so long loses the account, whatever its connection looks like. */
export const SILENCE_MS: DurationMs = 6_000;
/** How long an answer of the database may take before the owner itself counts its connection as lost. */
const ANSWER_WITHIN_MS: DurationMs = 4_000;

/** The advisory lock of an account, as SQL over the venue in `$1` or in a column. */
const lockKey = (venue: string): string => `hashtextextended('owner of ' || ${venue}, 0)`;

/** Whether any process holds an account now, as SQL over the column with the venue. A lock of 64 bits is listed in two halves. */
export const ownerHolds = (venue: string): string =>
  `exists (select from pg_locks
           where locktype = 'advisory' and granted and objsubid = 1
             and database = (select oid from pg_database where datname = current_database())
             and (classid::bigint << 32 | objid::bigint) = ${lockKey(venue)})`;

export interface OwnershipRequest {
  readonly databaseUrl: string;
  readonly venue: string;
  /** What the owner is called in the table and in messages, as host/pid. */
  readonly owner: string;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
  /** Told when another process turns out to own the account. */
  standsBy(): void;
  log(message: string, details: Readonly<Record<string, unknown>>): void;
}

interface OwnerRow {
  epoch: number;
  owner: string;
  since: Date;
}

/**
 * Waits until this process is the owner of a venue account: holder of its advisory lock, on a connection of its own, under a new
 * epoch. The lock goes with the connection. That ends when the process dies, and when the database has heard nothing of it for
 * `SILENCE_MS`: a stopped process, a dead host and a cut network all free the account in that time.
 *
 * Tries again for as long as it takes when the database is away.
 *
 * @returns `null` when `stop` came first.
 */
export async function takeOwnership(request: OwnershipRequest): Promise<Ownership | null> {
  let told = '';
  const tell = (message: string, details: Readonly<Record<string, unknown>>): void => {
    // The same standing is told once, not four times a second.
    const standing = `${message} ${JSON.stringify(details)}`;
    if (standing !== told) request.log(message, details);
    told = standing;
  };
  while (!request.stop.aborted) {
    const client = lockClient(request);
    let broken = false;
    client.on('error', () => (broken = true));
    try {
      await client.connect();
      await client.query(`select set_config('idle_session_timeout', $1, false)`, [`${SILENCE_MS}ms`]);
      while (!request.stop.aborted && !broken) {
        if (await tryLock(client, request.venue))
          return new HeldAccount(request, client, await newEpoch(client, request));
        const row = await currentOwner(client, request.venue);
        tell('stands by: another process owns the account', { owner: row?.owner ?? null, epoch: row?.epoch ?? null });
        request.standsBy();
        await pause(ASK_EVERY_MS, request.stop);
      }
    } catch (error) {
      tell('stands by: the database gives no answer', { reason: (error as Error).message });
    }
    await end(client);
    await pause(ASK_EVERY_MS, request.stop);
  }
  return null;
}

function lockClient({ databaseUrl, venue }: OwnershipRequest): pg.Client {
  return new pg.Client({
    connectionString: databaseUrl,
    application_name: `tradewind owner of ${venue}`,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    statement_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
  });
}

async function tryLock(client: pg.Client, venue: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${lockKey('$1')}) as locked`, [
    venue,
  ]);
  return only(rows).locked;
}

/** From the commit on nothing that an earlier owner writes is taken. Waits for the transactions that it has under way. */
async function newEpoch(client: pg.Client, { venue, owner }: OwnershipRequest): Promise<number> {
  await client.query('begin');
  const { rows } = await client.query<{ epoch: number }>(
    `insert into venue_owners as held (venue, epoch, owner, since) values ($1, 1, $2, now())
     on conflict (venue) do update set epoch = held.epoch + 1, owner = $2, since = now() returning epoch`,
    [venue, owner],
  );
  const { epoch } = only(rows);
  await appendEvent(client, 'venue.owner', venue, { owner, epoch });
  await client.query('commit');
  return epoch;
}

async function currentOwner(client: pg.ClientBase | pg.Pool, venue: string): Promise<OwnerRow | null> {
  const { rows } = await client.query<OwnerRow>('select epoch, owner, since from venue_owners where venue = $1', [
    venue,
  ]);
  return rows[0] ?? null;
}

/** Checks inside a transaction that it still is the owner's, and keeps it so until the transaction ends. */
export type Fence = (connection: pg.PoolClient) => Promise<void>;

/** Of whoever only reads. */
export const noFence: Fence = () => Promise.resolve();

/** Runs work in transactions that pass `fence` before anything else. */
export function fencedWrites(
  database: Database,
  fence: Fence,
): <T>(work: (connection: pg.PoolClient) => Promise<T>) => Promise<T> {
  return (work) =>
    inTransaction(database, async (connection) => {
      await fence(connection);
      return work(connection);
    });
}

/**
 * The fence of one ownership. A take-over waits for transactions that have passed it; those that come later are refused.
 * @throws {OwnershipLost} (the fence) when another has taken over; the ownership then counts as lost
 */
export function fenceOf(ownership: Ownership): Fence {
  return async (connection) => {
    ownership.lost.throwIfAborted();
    const { rows } = await connection.query<OwnerRow>(
      'select epoch, owner, since from venue_owners where venue = $1 for share',
      [ownership.venue],
    );
    const row = rows[0] ?? null;
    if (row?.epoch === ownership.epoch) return;
    const lost = takenOver(ownership, row);
    if (ownership instanceof HeldAccount) ownership.lose(lost);
    throw lost;
  };
}

function takenOver({ venue, epoch }: Pick<Ownership, 'venue' | 'epoch'>, row: OwnerRow | null): OwnershipLost {
  const now =
    row === null
      ? 'the account has no owner any more'
      : `${row.owner} has owned the account since ${new Date(epochMs(row.since)).toISOString()} (epoch ${row.epoch})`;
  return new OwnershipLost(
    `${now}; epoch ${epoch} of venue account "${venue}" is over and nothing of it is written any more`,
  );
}

class HeldAccount implements Ownership {
  readonly venue: string;
  readonly epoch: number;
  readonly #client: pg.Client;
  readonly #lost = new AbortController();
  readonly #signs: NodeJS.Timeout;
  #asking = false;
  #released: Promise<void> | null = null;

  constructor({ venue }: OwnershipRequest, client: pg.Client, epoch: number) {
    this.venue = venue;
    this.epoch = epoch;
    this.#client = client;
    const cut = (error?: Error): void =>
      this.lose(
        new OwnershipLost(
          `the connection that holds venue account "${venue}" is gone (${error?.message ?? 'closed by the database'})`,
        ),
      );
    client.on('error', cut);
    client.once('end', () => cut());
    this.#signs = setInterval(() => void this.#showLife(), SIGN_OF_LIFE_EVERY_MS);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  lose(reason: OwnershipLost): void {
    clearInterval(this.#signs);
    if (this.#released === null && !this.#lost.signal.aborted) this.#lost.abort(reason);
    // The lock must not outlive the ownership: whoever stands by takes over at once.
    void this.release();
  }

  release(): Promise<void> {
    clearInterval(this.#signs);
    this.#released ??= end(this.#client);
    return this.#released;
  }

  async #showLife(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const row = await currentOwner(this.#client, this.venue);
      if (row?.epoch !== this.epoch) this.lose(takenOver(this, row));
    } catch (error) {
      this.lose(
        new OwnershipLost(
          `the database does not answer on the connection that holds venue account "${this.venue}": ${(error as Error).message}`,
        ),
      );
    } finally {
      this.#asking = false;
    }
  }
}

/** Ends a connection, however it stands: one whose other side is silent is cut off. */
async function end(client: pg.Client): Promise<void> {
  const cut = new AbortController();
  const ended = client.end().catch(() => undefined);
  const tooLate = delay(1_000, undefined, { signal: cut.signal }).then(
    () => (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy(),
    () => undefined,
  );
  await Promise.race([ended, tooLate]);
  cut.abort();
}
