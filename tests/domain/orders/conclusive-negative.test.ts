import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ConsistencyTimes,
  countsFrom,
  isConclusive,
  noEvidence,
  withNegative,
} from '../../../domain/orders/conclusive-negative.ts';

const SIGNED = Date.UTC(2024, 7, 8, 23, 50, 0);

const binance: ConsistencyTimes = { recvWindowMs: 5_000, apiTimeoutMs: 10_000, marginMs: 30_000 };
const simulated: ConsistencyTimes = { recvWindowMs: 1_000, apiTimeoutMs: 1_000, marginMs: 2_000 };

/** Whether clean negatives at these seconds after the order was signed prove that it never reached the book. */
const proves = (times: ConsistencyTimes, ...seconds: number[]): boolean => {
  let evidence = noEvidence;
  for (const second of seconds) evidence = withNegative(evidence, SIGNED + second * 1_000);
  return isConclusive(evidence, SIGNED, times);
};

describe('a conclusive negative', () => {
  // 5 + 10 + 30 = 45: the latest look must come after 45 s; the first not before 5 s; 5 s between them.
  it.each([
    ['two looks, the later one after 45 s', [5, 45.001], true],
    ['the later one exactly at 45 s', [5, 45], false],
    ['a first look within the receive window', [4.999, 45.001], false],
    ['a single late look', [60], false],
    ['two late looks less than 5 s apart', [60, 64.999], false],
    ['two late looks 5 s apart', [60, 65], true],
    ['many looks, the last of them too early', [5, 10, 20, 30, 44], false],
  ])('on the exchange with 5 / 10 / 30 s: %s', (_, seconds, expected) => {
    expect(proves(binance, ...seconds)).toBe(expected);
  });

  // 1 + 1 + 2 = 4.
  it.each([
    ['two looks, the later one after 4 s', [1, 4.001], true],
    ['the later one exactly at 4 s', [1, 4], false],
    ['a first look within the receive window', [0.999, 4.001], false],
    ['two late looks less than 1 s apart', [5, 5.999], false],
    ['two late looks 1 s apart', [5, 6], true],
  ])('on the simulated venue with 1 / 1 / 2 s: %s', (_, seconds, expected) => {
    expect(proves(simulated, ...seconds)).toBe(expected);
  });

  it('needs evidence at all', () => {
    expect(isConclusive(noEvidence, SIGNED, simulated)).toBe(false);
  });

  it('counts from the end of the receive window', () => {
    expect(countsFrom(SIGNED, binance)).toBe(SIGNED + 5_000);
  });

  it('never comes before all three times have passed, whatever was looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 45 }), { maxLength: 30 }), (seconds) => {
        expect(proves(binance, ...seconds.sort((a, b) => a - b))).toBe(false);
      }),
    );
  });
});
