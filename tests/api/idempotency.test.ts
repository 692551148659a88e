import { describe, expect, it } from '@jest/globals';
import { hashBody, idFromKey } from '../../api/idempotency.ts';

describe('the id behind a key', () => {
  it('is a UUID of version 8 that depends on owner and key alone', () => {
    const id = idFromKey('admin', 'order-42');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idFromKey('admin', 'order-42')).toBe(id);
    expect(idFromKey('desk', 'order-42')).not.toBe(id);
  });

  it('cannot be reached by shifting letters from owner to key', () => {
    expect(idFromKey('ab', 'c')).not.toBe(idFromKey('a', 'bc'));
  });
});

describe('the hash of a body', () => {
  it('is that of its fields whatever their order', () => {
    expect(hashBody({ a: 1, b: { c: '2', d: [1, 2] } })).toBe(hashBody({ b: { d: [1, 2], c: '2' }, a: 1 }));
  });

  it.each([[{ a: 1 }], [{ a: '1', b: 1 }], [{ a: ['1'] }], [{}]])('differs for %j', (body) => {
    expect(hashBody(body)).not.toBe(hashBody({ a: '1' }));
  });
});
