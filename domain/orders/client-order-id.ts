/** Hash port: the lower-case hex SHA-256 (64 characters) of a text's UTF-8 bytes. Domain code has no cryptography of its own. */
export type Sha256Hex = (text: string) => string;

const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * The client order id of one attempt of one child order: the first 32 hex characters of
 * SHA-256(`executionId|child|attempt`). Known before the order is sent and never drawn from time or chance, so that whoever
 * holds the triple can ask a venue about the order after any crash.
 *
 * `child` and `attempt` count from 1. Throws a `RangeError` for an execution id that is empty or holds `|`, for a count that
 * is no positive whole number, and for a hash that is not lower-case hex SHA-256.
 */
export function clientOrderId(executionId: string, child: number, attempt: number, sha256: Sha256Hex): string {
  if (executionId === '' || executionId.includes('|')) {
    throw new RangeError(`execution id "${executionId}" must be non-empty and without "|"`);
  }
  requireCount('child', child);
  requireCount('attempt', attempt);
  const hash = sha256(`${executionId}|${child}|${attempt}`);
  if (!SHA256_HEX.test(hash)) throw new RangeError(`"${hash}" is not a SHA-256 in 64 lower-case hex characters`);
  return hash.slice(0, 32);
}

function requireCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${field} ${value} must be a whole number from 1`);
  }
}
