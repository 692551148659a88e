import { describe, expect, it } from '@jest/globals';
import type { GateInput } from '../../../domain/risk/gate-input.ts';
import { limits } from '../../../domain/risk/registry.ts';
import type { GateNeed } from '../../../domain/risk/risk-limit.ts';
import { goodOrder, hopelessOrder } from './good-order.ts';

const codesOf = (denials: readonly { readonly code: string }[]) => denials.map((denial) => denial.code);

function without(need: GateNeed): GateInput {
  const setting = need.startsWith('config.') ? need.slice('config.'.length) : null;
  return setting === null
    ? { ...goodOrder, [need]: null }
    : { ...goodOrder, config: { ...goodOrder.config, [setting]: null } };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

describe('registry of limits', () => {
  it('has no id and no code twice', () => {
    const ids = limits.map((limit) => limit.id);
    const codes = limits.flatMap((limit) => [...limit.codes] as string[]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe.each(limits.map((limit) => ({ id: limit.id, limit })))('limit $id', ({ limit }) => {
  const missing: readonly GateNeed[] = limit.needs;

  it('allows a good order', () => {
    expect(limit.check(goodOrder)).toEqual([]);
  });

  it('denies a hopeless one, with a code of its own, the value and a sentence', () => {
    const denials = limit.check(hopelessOrder);
    expect(denials.length).toBeGreaterThan(0);
    for (const denial of denials) {
      expect(limit.codes).toContain(denial.code);
      expect(denial.value).not.toBeNull();
      expect(denial.message).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('says what it needs', () => {
    expect(missing.length).toBeGreaterThan(0);
  });

  it.each(missing)('denies with a code of its own when %s is missing', (need) => {
    const [denial, ...more] = limit.check(without(need));
    expect(more).toEqual([]);
    expect(limit.codes).toContain(denial?.code);
    expect(codesOf(limit.check(hopelessOrder))).not.toContain(denial?.code);
  });

  it('is a pure function of plain data: it changes nothing and says the same about a copy', () => {
    const once = limit.check(frozen(structuredClone(hopelessOrder)));
    const again = limit.check(JSON.parse(JSON.stringify(hopelessOrder)) as GateInput);
    expect(again).toEqual(once);
    expect(JSON.parse(JSON.stringify(once))).toEqual(once);
  });
});
