import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { dueSlice } from '../../../domain/execution/progress.ts';
import { notAfterOf } from '../../../domain/execution/style.ts';
import { twapSchedule } from '../../../domain/execution/twap/schedule.ts';
import { btc, planOf, START } from './good-plan.ts';
import { type Chance, type Message, simulate, type VenueAnswer } from './simulated-run.ts';

const PRICE = '60000';
/** How a venue behaves in one run: its answers, all equally likely. */
const VENUES: readonly (readonly VenueAnswer[])[] = [
  ['filled'],
  ['filled', 'filled', 'part', 'expired'],
  ['filled', 'part', 'expired', 'refused', 'refused-for-good', 'not-placed'],
  ['refused-for-good', 'refused-for-good', 'filled'],
];
const MESSAGES: readonly Message[] = ['pause', 'resume', 'resume', 'cancel'];

/** A venue that fills everything, at once, and nobody who interferes. */
const smooth: Chance = {
  child: () => ({ answer: 'filled', share: 1, tookMs: 50 }),
  message: () => null,
  lateMs: () => 0,
};

/** Orders of up to 20 slices that pass the check, and all the chance of one run. */
const cases = fc
  .record({
    slices: fc.integer({ min: 1, max: 20 }),
    gapMs: fc.integer({ min: 100, max: 60_000 }),
    lotsPerSlice: fc.integer({ min: 10, max: 5_000 }),
    dust: fc.integer({ min: 0, max: 9_999 }),
    catchUpFactor: fc.double({ min: 1, max: 5, noNaN: true }),
  })
  .map(({ slices, gapMs, lotsPerSlice, dust, catchUpFactor }) =>
    planOf({
      // A least slice of 0.0001 BTC is 6 USDT, above 110 % of the minimum of 5.
      quantity: new Big(lotsPerSlice * slices).times(btc.lot).plus(new Big(dust).times('0.000000001')).toFixed(),
      endAt: START + Math.max(1_000, slices * gapMs),
      params: { slices, catchUpFactor },
    }),
  );

const chances = (plan: { readonly startAt: number; readonly endAt: number }) =>
  fc.gen().map((draw): Chance => {
    const oneOf = <T>(values: readonly T[]): T => values[draw(fc.integer, { min: 0, max: values.length - 1 })]!;
    const duration = plan.endAt - plan.startAt;
    const answers = oneOf(VENUES);
    const times = oneOf([[5], [5, 50, 900], [50, Math.floor(duration / 3)]]);
    const lateness = oneOf([[0], [0, 3], [0, 0, Math.floor(duration / 4)]]);
    const talkative = oneOf([0, 1, 3]);
    return {
      child: () => ({
        answer: oneOf(answers),
        share: draw(fc.double, { min: 0, max: 1, noNaN: true }),
        tookMs: oneOf(times),
      }),
      message: (withinMs) =>
        withinMs > 1 && draw(fc.integer, { min: 1, max: 20 }) <= talkative
          ? { message: oneOf(MESSAGES), afterMs: draw(fc.integer, { min: 0, max: withinMs - 1 }) }
          : null,
      lateMs: () => oneOf(lateness),
    };
  });

describe('a whole execution', () => {
  it('sends one child for each slice at its time when nothing goes wrong', () => {
    const run = simulate(planOf({}), btc, PRICE, smooth);
    expect(run.finish).toMatchObject({ status: 'completed', problem: null });
    expect(run.filled).toBe('5');
    expect(run.tried.map(({ at, quantity }) => [at - START, quantity])).toEqual(
      Array.from({ length: 20 }, (_, k) => [k * 15_000, '0.25']),
    );
  });

  it('catches up in bounded steps after an outage of five slices', () => {
    let fired = 0;
    // The fifth timer, that of slice 6 at +75 s, fires 80 s late: at +155 s slice 11 (due at +150 s) is the one.
    const run = simulate(planOf({}), btc, PRICE, { ...smooth, lateMs: () => ((fired += 1) === 5 ? 80_000 : 0) });
    expect(run.finish.status).toBe('completed');
    // Five slices of 0.25 are missed; each later child makes up 0.25 of them: 11 to 15, then the plain rest.
    expect(run.tried.map(({ slice, quantity }) => `${slice}:${quantity}`)).toEqual([
      ...[1, 2, 3, 4, 5].map((n) => `${n}:0.25`),
      ...[11, 12, 13, 14, 15].map((n) => `${n}:0.5`),
      ...[16, 17, 18, 19, 20].map((n) => `${n}:0.25`),
    ]);
  });

  it('expires with the residual when the outage lasts to the end', () => {
    const run = simulate(planOf({}), btc, PRICE, { ...smooth, lateMs: () => 400_000 });
    expect(run.finish.status).toBe('expired');
    expect(run.filled).toBe('0.25');
  });

  it('fails after three refusals that would come again', () => {
    const refusing: Chance = { ...smooth, child: () => ({ answer: 'refused-for-good', share: 0, tookMs: 5 }) };
    const run = simulate(planOf({}), btc, PRICE, refusing);
    expect(run.finish).toMatchObject({ status: 'failed', problem: { code: '-1013' } });
    expect(run.tried).toHaveLength(3);
  });

  it('is exact, bounded and in time whatever happens', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(
        cases.chain((plan) => chances(plan).map((chance) => ({ plan, chance }))),
        ({ plan, chance }) => {
          const run = simulate(plan, btc, PRICE, chance);
          const count = twapSchedule.sliceCount(plan);
          ends.add(run.finish.status);
          const names = run.tried.map(({ child, attempt }) => `${child}|${attempt}`);
          expect(new Set(names).size).toBe(names.length);
          run.tried.forEach((child, index) => {
            // No child before its slice is due, none after its time; a slice that was missed is not made up for by itself.
            expect(child.at).toBeGreaterThanOrEqual(twapSchedule.dueAt(plan, child.slice));
            expect(child.slice).toBe(dueSlice(plan, twapSchedule, child.at));
            expect(child.at).toBeLessThan(child.notAfter);
            expect(child.notAfter).toBe(notAfterOf(plan, twapSchedule, child.slice));
            expect(child.notAfter).toBeLessThanOrEqual(plan.endAt);
            const before = run.tried[index - 1];
            if (before === undefined) return;
            if (child.slice < count) expect(child.slice).toBeGreaterThan(before.slice);
            // A child that filled is over: what is still wanting is another child.
            if (before.child === child.child) expect(before.outcome.result).not.toBe('filled');
          });
          // What traded is what the outcomes say, and never more than the whole lots of the order.
          const final = twapSchedule.target(plan, count);
          expect(new Big(run.filled).lte(final)).toBe(true);
          expect(new Big(final).lte(plan.quantity)).toBe(true);
          expect(run.tried.length).toBeLessThanOrEqual(count + 4);

          const all = new Big(run.filled).eq(final);
          switch (run.finish.status) {
            case 'completed':
              // 5 USDT at 60,000 is 0.00009 (rounded up to lots): less than that cannot trade.
              if (!all) expect(new Big(final).minus(run.filled).lt('0.00009')).toBe(true);
              break;
            case 'cancelled':
              expect(all).toBe(false);
              expect(run.progress.cancelRequested).toBe(true);
              break;
            case 'failed':
              expect(run.tried.slice(-3).map(({ outcome }) => [outcome.result, outcome.retryable])).toEqual(
                Array.from({ length: 3 }, () => ['refused', false]),
              );
              break;
            case 'expired':
              expect(all).toBe(false);
              // Either the time is up, or the last slice was tried and there is no room for one more try.
              expect(run.endedAt >= plan.endAt || run.tried.at(-1)?.slice === count).toBe(true);
              break;
            default:
              run.finish.status satisfies never;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect([...ends].sort()).toEqual(['cancelled', 'completed', 'expired', 'failed']);
  });

  it('fills all whole lots within its time when the venue fills and nobody interferes', () => {
    fc.assert(
      fc.property(cases, (plan) => {
        const run = simulate(plan, btc, PRICE, smooth);
        expect(run.finish.status).toBe('completed');
        expect(run.filled).toBe(twapSchedule.target(plan, twapSchedule.sliceCount(plan)));
        expect(run.endedAt).toBeLessThan(plan.endAt);
      }),
    );
  });
});
