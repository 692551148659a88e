import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { clientOrderId } from '../../../domain/orders/client-order-id.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('client order id', () => {
  // Computed with coreutils: printf '%s' 'exec-1|1|1' | sha256sum, first 32 characters; Python's hashlib gives the same.
  it.each([
    ['exec-1', 1, 1, '9b313e83c1edba6fcf858edc6868dc15'],
    ['exec-1', 1, 2, '443e632bc632881ca84d0cd459e25299'],
    ['0b7c1d0e-3f59-4a53-9a55-6c1f0e0d7a11', 20, 3, '22850648cad04f8ae1a29edf4c2932e8'],
  ])('of %s, child %i, attempt %i agrees with sha256sum', (executionId, child, attempt, expected) => {
    expect(clientOrderId(executionId, child, attempt, sha256)).toBe(expected);
  });

  it.each([
    ['', 1, 1, 'execution id ""'],
    ['a|1', 1, 1, 'execution id "a|1"'],
    ['a', 0, 1, 'child 0'],
    ['a', 1.5, 1, 'child 1.5'],
    ['a', 1, -1, 'attempt -1'],
    ['a', 1, Number.NaN, 'attempt NaN'],
  ])('refuses (%j, %d, %d), naming the field', (executionId, child, attempt, message) => {
    expect(() => clientOrderId(executionId, child, attempt, sha256)).toThrow(message);
  });

  it('refuses a hash port that gives no hex SHA-256', () => {
    expect(() => clientOrderId('a', 1, 1, () => 'abc')).toThrow('"abc" is not a SHA-256');
  });
});
