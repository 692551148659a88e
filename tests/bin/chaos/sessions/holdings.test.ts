import { describe, expect, it } from '@jest/globals';
import { doubledPositions } from '../../../../bin/chaos/sessions/holdings.ts';
import { bought, EVIDENCE, sold } from './witness.ts';

const found = (evidence: Partial<typeof EVIDENCE>) =>
  doubledPositions({ ...EVIDENCE, ...evidence }).map(({ kind, executionId, detail }) => {
    expect([kind, executionId]).toEqual(['doubled-position', 's1']);
    return detail;
  });

describe('what a session holds by the ledger', () => {
  it('is right while it is what its sizing says, beside what rounding leaves behind', () => {
    expect(found({ fills: [bought('1', 1, '1', '0.001'), sold('2', 2, '0.99'), bought('3', 3)] })).toEqual([]);
  });

  it('is wrong when an entry was sent twice', () => {
    const [detail, ...others] = found({ fills: [bought('1', 1), bought('2', 2), sold('3', 3), sold('4', 4)] });
    expect(others).toEqual([]);
    expect(detail).toContain('it held 2 after the trade of order 2');
    expect(detail).toContain('its sizing is 1');
  });

  it('is wrong by a part of an entry that came twice', () => {
    expect(found({ fills: [bought('1', 1), bought('2', 2, '0.011')] })).toHaveLength(1);
  });

  it('is wrong when more was sold than was held', () => {
    expect(found({ fills: [bought('1', 1), sold('2', 2), sold('3', 3)] })).toEqual([
      expect.stringContaining('it held -1 after the trade of order 3'),
    ]);
  });

  it('is less than what was bought, by the fees in base', () => {
    expect(found({ fills: [bought('1', 1, '1', '0.001'), sold('2', 2, '1')] })).toEqual([
      expect.stringContaining('it held -0.001'),
    ]);
  });

  it('is in order of time, whatever the order of the ledger, and a sale comes before a purchase of its instant', () => {
    expect(found({ fills: [bought('3', 5), sold('2', 5), bought('1', 1)] })).toEqual([]);
  });

  it('is told once for as long as it is wrong, and again when it is wrong again', () => {
    const fills = [bought('1', 1), bought('2', 2), bought('3', 3), sold('4', 4, '3'), bought('5', 5), bought('6', 6)];
    expect(found({ fills })).toHaveLength(2);
  });

  it('is wrong when the books say something else', () => {
    expect(found({ standings: [{ when: 'after its end', inBooks: '0', inLedger: '0.05' }] })).toEqual([
      expect.stringContaining('after its end its books held 0 and its trades in the ledger came to 0.05'),
    ]);
    expect(found({ standings: [{ when: 'then', inBooks: '0.050', inLedger: '0.05' }] })).toEqual([]);
  });
});
