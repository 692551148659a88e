import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problems.ts';

const KEY_FORM = /^[\x21-\x7e]{1,200}$/;

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** The `Idempotency-Key` of a request, or `null` without one. Throws `INVALID_IDEMPOTENCY_KEY` for one that is not usable. */
export function idempotencyKeyOf(request: Pick<FastifyRequest, 'headers'>): string | null {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return null;
  if (typeof given === 'string' && KEY_FORM.test(given)) return given;
  const message = 'give 1 to 200 visible ASCII characters, once';
  throw new Problem('INVALID_IDEMPOTENCY_KEY', `Idempotency-Key: ${message}`, [
    { field: 'Idempotency-Key', value: given, message },
  ]);
}

/**
 * The id that (owner, key) always leads to: a UUID of version 8 (RFC 9562) from their SHA-256, so that a repeated request
 * finds its execution whatever was lost in between.
 */
export function idFromKey(owner: string, key: string): string {
  const bytes = sha256(JSON.stringify([owner, key])).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

/** SHA-256 of a JSON body, hex; the order of its fields does not matter. */
export function hashBody(body: unknown): string {
  return sha256(JSON.stringify(sorted(body))).toString('hex');
}
