import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Displacement } from '../../../domain/matching/displacement.ts';
import { impactModels } from './books.ts';

const LOT = 100_000n;
const displacement = (permanent: number, halfLifeMs: number) => new Displacement({ permanent, halfLifeMs }, LOT);
const missing = (of: Displacement, half: 'bid' | 'ask', at: number) => Number(of.missing(half, at) / LOT);

describe('displacement', () => {
  it('leaves exactly what was taken missing at once', () => {
    const model = displacement(0.25, 1000);
    model.take('ask', 8n * LOT, 0);
    expect(missing(model, 'ask', 0)).toBe(8);
    expect(missing(model, 'bid', 0)).toBe(0);
  });

  it.each([
    // Permanent 0.25 of 8 is 2; the other 6 halve every second.
    [1000, 5], // 2 + 3
    [2000, 3], // 2 + 1.5, rounded down
    [3000, 2], // 2 + 0.75, rounded down
    [1e9, 2],
  ])('after %i ms with a half-life of 1 s and a quarter permanent, %i of 8 lots are missing', (at, expected) => {
    const model = displacement(0.25, 1000);
    model.take('bid', 8n * LOT, 0);
    expect(missing(model, 'bid', at)).toBe(expected);
  });

  it('adds a second fill to what is left of the first', () => {
    const model = displacement(0, 1000);
    model.take('ask', 8n * LOT, 0);
    model.take('ask', 4n * LOT, 1000);
    expect(missing(model, 'ask', 1000)).toBe(8); // 4 + 4
    expect(missing(model, 'ask', 2000)).toBe(4);
  });

  it('gives the permanent part back when we trade the other way, and takes from that half all the same', () => {
    const model = displacement(0.25, 1000);
    model.take('ask', 8n * LOT, 0);
    model.take('bid', 8n * LOT, 1000);
    expect(missing(model, 'ask', 1000)).toBe(3); // 6 halved; the lasting 2 are back
    expect(missing(model, 'bid', 1000)).toBe(8);
    expect(missing(model, 'ask', 1e9)).toBe(0);
    expect(missing(model, 'bid', 1e9)).toBe(0);
  });

  it('agrees with the closed form while trades go one way', () => {
    const fills = fc.array(
      fc.record({ lots: fc.integer({ min: 1, max: 500 }), pause: fc.integer({ min: 0, max: 60000 }) }),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(
        impactModels,
        fills,
        fc.integer({ min: 0, max: 60000 }),
        ({ permanent, halfLifeMs }, taken, after) => {
          const model = displacement(permanent, halfLifeMs);
          const times: number[] = [];
          let now = 0;
          for (const { lots, pause } of taken) {
            now += pause;
            times.push(now);
            model.take('ask', BigInt(lots) * LOT, now);
          }
          const at = now + after;
          const closed = taken.reduce((sum, { lots }, index) => {
            const fading = 2 ** (-(at - (times[index] as number)) / halfLifeMs);
            return sum + lots * (permanent + (1 - permanent) * fading);
          }, 0);
          const found = missing(model, 'ask', at);
          expect(found).toBeLessThanOrEqual(closed + 1e-5);
          expect(found).toBeGreaterThan(closed - 1 - 1e-5);
        },
      ),
    );
  });

  it('always misses exactly the taken quantity more on the half that it was taken from, and never less than nothing', () => {
    const step = fc.record({
      half: fc.constantFrom('bid' as const, 'ask' as const),
      lots: fc.integer({ min: 0, max: 500 }),
      pause: fc.integer({ min: 0, max: 60000 }),
    });
    fc.assert(
      fc.property(impactModels, fc.array(step, { maxLength: 30 }), ({ permanent, halfLifeMs }, steps) => {
        const model = displacement(permanent, halfLifeMs);
        let now = 0;
        for (const { half, lots, pause } of steps) {
          now += pause;
          const other = half === 'bid' ? 'ask' : 'bid';
          const before = missing(model, half, now);
          const otherBefore = missing(model, other, now);
          model.take(half, BigInt(lots) * LOT, now);
          expect(missing(model, half, now)).toBe(before + lots);
          expect(missing(model, other, now)).toBeLessThanOrEqual(otherBefore);
          expect(missing(model, other, now)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it.each([
    [{ permanent: -0.1, halfLifeMs: 1000 }, 'impact.permanent -0.1'],
    [{ permanent: 1.1, halfLifeMs: 1000 }, 'impact.permanent 1.1'],
    [{ permanent: Number.NaN, halfLifeMs: 1000 }, 'impact.permanent NaN'],
    [{ permanent: 0.5, halfLifeMs: 0 }, 'impact.halfLifeMs 0'],
    [{ permanent: 0.5, halfLifeMs: Number.POSITIVE_INFINITY }, 'impact.halfLifeMs Infinity'],
  ])('refuses %j', (impact, message) => {
    expect(() => new Displacement(impact, LOT)).toThrow(message);
  });
});
