import type { EpochMs } from '../../domain/market/decimal.ts';
import { type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';
import { epochMs, epochMsOrNull, only } from './rows.ts';

export type Role = 'viewer' | 'operator' | 'trader' | 'admin';

/** Name of the key in the file `admin.key`. */
export const FILE_KEY_NAME = 'admin';

export interface ApiKey {
  readonly hash: string;
  readonly name: string;
  readonly role: Role;
}

/** A key as it is listed: nothing of the key itself. */
export interface KeyRecord {
  readonly name: string;
  readonly role: Role;
  readonly createdAt: EpochMs;
  /** `null` for the key of `admin.key`. */
  readonly createdBy: string | null;
  readonly revokedAt: EpochMs | null;
  readonly revokedBy: string | null;
}

export type Revocation =
  | { readonly kind: 'revoked'; readonly key: KeyRecord }
  | { readonly kind: 'unknown' }
  /** Nobody could make keys any more. */
  | { readonly kind: 'last-admin' };

/** API keys: only their SHA-256 is stored. */
export interface KeyStore {
  /** The key with that hash, unless it is revoked. */
  findKey(hash: string): Promise<ApiKey | null>;
  /** Stores the key under that name; a name that exists gets the new hash. */
  saveKey(key: ApiKey): Promise<ApiKey>;
  /** Stores a new key; `null` when the name is taken, be it by a revoked key. */
  createKey(key: ApiKey, by: string): Promise<KeyRecord | null>;
  /** All keys, revoked ones too, in order of their making. */
  listKeys(): Promise<readonly KeyRecord[]>;
  /** From now on the key opens nothing. Revoking it again changes nothing. */
  revokeKey(name: string, by: string): Promise<Revocation>;
}

interface KeyRow {
  name: string;
  role: Role;
  created_at: Date;
  created_by: string | null;
  revoked_at: Date | null;
  revoked_by: string | null;
}

const COLUMNS = 'name, role, created_at, created_by, revoked_at, revoked_by';

function recordOf(row: KeyRow): KeyRecord {
  return {
    name: row.name,
    role: row.role,
    createdAt: epochMs(row.created_at),
    createdBy: row.created_by,
    revokedAt: epochMsOrNull(row.revoked_at),
    revokedBy: row.revoked_by,
  };
}

export function createKeyStore(database: Database): KeyStore {
  return {
    findKey: async (hash) => {
      const { rows } = await database.query<ApiKey>(
        'select hash, name, role from api_keys where hash = $1 and revoked_at is null',
        [hash],
      );
      return rows[0] ?? null;
    },
    saveKey: async (key) => {
      const { rows } = await database.query<ApiKey>(
        `insert into api_keys (hash, name, role) values ($1, $2, $3)
         on conflict (name) do update set hash = $1, role = $3, revoked_at = null, revoked_by = null
         returning hash, name, role`,
        [key.hash, key.name, key.role],
      );
      return only(rows);
    },
    createKey: (key, by) =>
      inTransaction(database, async (connection) => {
        const { rows } = await connection.query<KeyRow>(
          `insert into api_keys (hash, name, role, created_by) values ($1, $2, $3, $4)
           on conflict (name) do nothing returning ${COLUMNS}`,
          [key.hash, key.name, key.role, by],
        );
        if (rows[0] === undefined) return null;
        await appendEvent(connection, 'key.created', key.name, { role: key.role, by });
        return recordOf(rows[0]);
      }),
    listKeys: async () => {
      const { rows } = await database.query<KeyRow>(`select ${COLUMNS} from api_keys order by created_at, name`);
      return rows.map(recordOf);
    },
    revokeKey: (name, by) => revokeKey(database, name, by),
  };
}

function revokeKey(database: Database, name: string, by: string): Promise<Revocation> {
  return inTransaction(database, async (connection) => {
    // Held together, so that two admins who revoke one another do not both succeed.
    const { rows } = await connection.query<KeyRow>(
      `select ${COLUMNS} from api_keys where name = $1 or role = 'admin' order by name for update`,
      [name],
    );
    const key = rows.find((row) => row.name === name);
    if (key === undefined) return { kind: 'unknown' };
    if (key.revoked_at !== null) return { kind: 'revoked', key: recordOf(key) };
    const others = rows.filter((row) => row.name !== name && row.role === 'admin' && row.revoked_at === null);
    if (key.role === 'admin' && others.length === 0) return { kind: 'last-admin' };
    const { rows: after } = await connection.query<KeyRow>(
      `update api_keys set revoked_at = now(), revoked_by = $2 where name = $1 returning ${COLUMNS}`,
      [name, by],
    );
    await appendEvent(connection, 'key.revoked', name, { by });
    return { kind: 'revoked', key: recordOf(only(after)) };
  });
}
