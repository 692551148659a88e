import type { Database } from './database.ts';
import { only } from './rows.ts';

export type Role = 'viewer' | 'operator' | 'trader' | 'admin';

export interface ApiKey {
  readonly hash: string;
  readonly name: string;
  readonly role: Role;
}

/** API keys: only their SHA-256 is stored. */
export interface KeyStore {
  findKey(hash: string): Promise<ApiKey | null>;
  /** Stores the key under that name; a name that exists gets the new hash. */
  saveKey(key: ApiKey): Promise<ApiKey>;
}

export function createKeyStore(database: Database): KeyStore {
  return {
    findKey: async (hash) => {
      const { rows } = await database.query<ApiKey>('select hash, name, role from api_keys where hash = $1', [hash]);
      return rows[0] ?? null;
    },
    saveKey: async (key) => {
      const { rows } = await database.query<ApiKey>(
        `insert into api_keys (hash, name, role) values ($1, $2, $3)
         on conflict (name) do update set hash = $1, role = $3 returning hash, name, role`,
        [key.hash, key.name, key.role],
      );
      return only(rows);
    },
  };
}
