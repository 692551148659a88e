import { randomBytes } from 'node:crypto';

/** The form of every key. */
export const KEY_FORM = /^tw_[A-Za-z0-9_-]{43}$/;

/** A new key: 256 random bits. */
export function newKey(): string {
  return `tw_${randomBytes(32).toString('base64url')}`;
}
