import type { ApiKey, KeyRecord, KeyStore } from '../../../adapters/storage/key-store.ts';

/** Keys in memory. */
export class FakeKeys {
  readonly keys = new Map<string, ApiKey & KeyRecord>();

  add(key: ApiKey, by: string | null = null): ApiKey & KeyRecord {
    const record = { ...key, createdAt: Date.UTC(2026, 10, 23), createdBy: by, revokedAt: null, revokedBy: null };
    this.keys.set(key.name, record);
    return record;
  }

  readonly store: Pick<KeyStore, 'findKey' | 'createKey' | 'listKeys' | 'revokeKey'> = {
    findKey: async (hash) => [...this.keys.values()].find((key) => key.hash === hash && key.revokedAt === null) ?? null,
    createKey: async (key, by) => (this.keys.has(key.name) ? null : recordOf(this.add(key, by))),
    listKeys: async () => [...this.keys.values()].map(recordOf),
    revokeKey: async (name, by) => {
      const key = this.keys.get(name);
      if (key === undefined) return { kind: 'unknown' };
      const admins = [...this.keys.values()].filter(({ role, revokedAt }) => role === 'admin' && revokedAt === null);
      if (key.role === 'admin' && admins.length === 1) return { kind: 'last-admin' };
      const revoked = { ...key, revokedAt: key.revokedAt ?? Date.UTC(2026, 10, 24), revokedBy: key.revokedBy ?? by };
      this.keys.set(name, revoked);
      return { kind: 'revoked', key: recordOf(revoked) };
    },
  };
}

function recordOf({ name, role, createdAt, createdBy, revokedAt, revokedBy }: KeyRecord): KeyRecord {
  return { name, role, createdAt, createdBy, revokedAt, revokedBy };
}
