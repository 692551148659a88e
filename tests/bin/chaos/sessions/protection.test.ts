import { describe, expect, it } from '@jest/globals';
import { gapsOf, unprotectedFindings } from '../../../../bin/chaos/sessions/protection.ts';
import { bought, EVIDENCE, sold, stop } from './witness.ts';

const gaps = (evidence: Partial<typeof EVIDENCE>, down: readonly (readonly [number, number])[] = []) =>
  gapsOf(
    { ...EVIDENCE, ...evidence },
    down.map(([from, until]) => ({ from, until })),
  ).map(({ from, ms, wholeMs }) => [from, ms, ...(down.length === 0 ? [] : [wholeMs])]);

describe('gaps in the protection of a session', () => {
  it('are from the entry to its stop', () => {
    expect(gaps({ fills: [bought('1', 1_000)], orders: [stop('2', 1_400, null)] })).toEqual([[1_000, 400]]);
  });

  it('last as long as the ledger was looked at, when no stop ever came', () => {
    expect(gaps({ fills: [bought('1', 1_000)] })).toEqual([[1_000, 99_000]]);
  });

  it('are between a stop and the one that follows it', () => {
    const orders = [stop('2', 1_000, 7_000), stop('3', 7_600, null)];
    expect(gaps({ fills: [bought('1', 1_000)], orders })).toEqual([[7_000, 600]]);
  });

  it('are none after a stop that has sold everything', () => {
    const fills = [bought('1', 1_000), sold('2', 9_000)];
    expect(gaps({ fills, orders: [stop('2', 1_000, 9_000)] })).toEqual([]);
  });

  it('are there when a stop has sold a part and ended', () => {
    const fills = [bought('1', 1_000), sold('2', 9_000, '0.4'), sold('3', 12_000, '0.6')];
    expect(gaps({ fills, orders: [stop('2', 1_000, 9_500)] })).toEqual([[9_500, 2_500]]);
  });

  it('are there when a stop sells less than is held', () => {
    const fills = [bought('1', 1_000, '0.4'), bought('1', 3_000, '0.6')];
    const orders = [stop('2', 1_000, 6_000, '0.4'), stop('3', 6_000, null)];
    expect(gaps({ fills, orders })).toEqual([[3_000, 3_000]]);
  });

  it('are none for what is too little to be an order', () => {
    expect(gaps({ fills: [bought('1', 1_000, '0.009')] })).toEqual([]);
  });

  it('do not count while the session leaves by itself, 30 s at most', () => {
    const fills = [bought('1', 1_000), sold('3', 62_000)];
    const orders = [stop('2', 1_000, 10_000)];
    expect(gaps({ fills, orders, exits: [{ from: 9_000, until: 62_000 }] })).toEqual([[10_000, 23_000]]);
    const quick = [bought('1', 1_000), sold('3', 10_400)];
    expect(gaps({ fills: quick, orders, exits: [{ from: 9_900, until: 10_500 }] })).toEqual([]);
  });

  it('count again when what it left with has ended unfilled', () => {
    const orders = [stop('2', 1_000, 10_000)];
    const exits = [{ from: 9_900, until: 11_000 }];
    expect(gaps({ fills: [bought('1', 1_000)], orders, exits })).toEqual([[10_000, 89_000]]);
  });

  it('do not count while something is down', () => {
    const orders = [stop('2', 31_000, null)];
    expect(
      gaps({ fills: [bought('1', 1_000)], orders }, [
        [2_000, 22_000],
        [20_000, 25_000],
      ]),
    ).toEqual([[1_000, 7_000, 30_000]]);
  });

  it('give an exit its 30 s when nothing is down', () => {
    const fills = [bought('1', 1_000), sold('3', 60_000)];
    const exits = [{ from: 10_000, until: 60_000 }];
    expect(gaps({ fills, orders: [stop('2', 1_000, 10_000)], exits }, [[11_000, 31_000]])).toEqual([
      [10_000, 0, 20_000],
    ]);
  });

  it('take no order but a resting stop for protection', () => {
    const target = { ...stop('2', 1_000, null), isStop: false, purpose: 'take-profit' as const };
    expect(gaps({ fills: [bought('1', 1_000)], orders: [target], readAt: 5_000 })).toEqual([[1_000, 4_000]]);
  });
});

it('a gap of more than 10 s is a failure', () => {
  const found = unprotectedFindings(EVIDENCE, [
    { from: 0, ms: 10_000, wholeMs: 30_000 },
    { from: 50_000, ms: 10_001, wholeMs: 10_001 },
  ]);
  expect(found).toEqual([
    {
      executionId: 's1',
      kind: 'unprotected',
      detail: expect.stringContaining(
        'from 1970-01-01T00:00:50.000Z on it held a position without a working stop for 10.001 s',
      ),
    },
  ]);
});
