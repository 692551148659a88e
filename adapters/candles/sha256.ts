import { createHash } from 'node:crypto';
import type { Hasher } from '../../domain/market/dataset.ts';

/** SHA-256 for the domain's content hashes. */
export function sha256(): Hasher {
  const hash = createHash('sha256');
  return { update: (data) => hash.update(data), hex: () => hash.digest('hex') };
}
