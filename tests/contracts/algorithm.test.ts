import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import type { Algorithm, DecisionInput, VenueAbilities } from '../../domain/execution/algorithm.ts';
import { type AnyParamSpec, completeParams } from '../../domain/parameters/param-spec.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { algorithms, findAlgorithm } from '../../domain/execution/registry.ts';
import { validatePlan } from '../../domain/execution/validate-plan.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { scheduleOf } from '../../workflows/execution/algorithms.ts';

const START = Date.UTC(2024, 7, 8, 23, 50, 0);
const PRICE = '60000';

const btc: Instrument = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  minQuantity: '0.00001',
  maxQuantity: '9000',
  minNotional: '5',
};

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A venue that can do all that one can. */
const ABLE: VenueAbilities = { hasStopOrders: true };

/** Any legal value, small where a count could be huge; one that may be left out is left out by half. */
const valueOf = (spec: AnyParamSpec): fc.Arbitrary<number | string | undefined> => {
  if (spec.kind === 'decimal') return fc.constantFrom('58000.05', '60000', '62000', undefined, undefined, undefined);
  if (spec.kind === 'choice') return fc.constantFrom(...spec.choices);
  const { kind, min, max } = spec;
  return kind === 'integer'
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, min + 50)) })
    : fc.double({ min, max, noNaN: true });
};

/** The least legal value, the first word. */
const leastOf = (spec: Exclude<AnyParamSpec, { kind: 'decimal' }>): number | string =>
  spec.kind === 'choice' ? spec.choices[0]! : spec.min;

const plansOf = (algorithm: Algorithm): fc.Arbitrary<ExecutionPlan> =>
  fc
    .record({
      side: fc.constantFrom<ExecutionPlan['side'][]>('buy', 'sell'),
      // In units of 1e-8, so that not every quantity is whole lots.
      units: fc.integer({ min: 100_000, max: 2_000_000_000 }),
      durationMs: fc.integer({ min: 1_000, max: 3_600_000 }),
      limit: fc.constantFrom(null, '59000', '61000'),
      params: fc.record(Object.fromEntries(algorithm.params.map((spec) => [spec.name, valueOf(spec)]))),
    })
    .map(({ side, units, durationMs, limit, params }) => ({
      executionId: 'e1',
      algo: algorithm.name,
      venue: 'sim',
      symbol: btc.symbol,
      side,
      quantity: new Big(units).div(100_000_000).toFixed(),
      lot: btc.lot,
      startAt: START,
      endAt: START + durationMs,
      limit,
      params: throughJson(params) as ExecutionPlan['params'],
    }))
    .filter((plan) => validatePlan(plan, algorithm, btc, PRICE, ABLE).length === 0);

const slicesOf = ({ schedule }: Algorithm, plan: ExecutionPlan) =>
  Array.from({ length: schedule.sliceCount(plan) }, (_, k) => ({
    dueAt: schedule.dueAt(plan, k + 1),
    target: schedule.target(plan, k + 1),
  }));

const inputsOf = (algorithm: Algorithm): fc.Arbitrary<DecisionInput> =>
  fc
    .record({
      plan: plansOf(algorithm),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      filled: fc.double({ min: 0, max: 1, noNaN: true }),
      bid: fc.integer({ min: 5_500_000, max: 6_500_000 }),
      spread: fc.integer({ min: 1, max: 500 }),
    })
    .map(({ plan, at, filled, bid, spread }) => {
      const slices = slicesOf(algorithm, plan);
      const slice = Math.floor(at * slices.length) + 1;
      const lots = new Big(slices.at(-1)!.target).div(btc.lot).times(filled).round(0, Big.roundDown);
      return {
        plan,
        slice,
        role: 'taker' as const,
        canRest: true,
        canStop: true,
        participation: { kind: 'unbounded' as const },
        target: slices[slice - 1]!.target,
        previousTarget: slice === 1 ? '0' : slices[slice - 2]!.target,
        finalTarget: slices.at(-1)!.target,
        filled: lots.times(btc.lot).toFixed(),
        open: '0',
        instrument: btc,
        quote: {
          bid: new Big(bid).div(100).toFixed(),
          bidQuantity: '1',
          ask: new Big(bid + spread).div(100).toFixed(),
          askQuantity: '1',
          at: START,
        },
      };
    });

describe('the registry of execution algorithms', () => {
  it('knows each by a name of its own', () => {
    const names = algorithms.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(names.map((name) => findAlgorithm(name)?.name)).toEqual(names);
    expect(findAlgorithm('no-such')).toBeUndefined();
  });

  it('refuses a schedule that a workflow does not know, and names those it knows', () => {
    expect(() => scheduleOf('no-such')).toThrow(`there is no schedule for "no-such"; known: ${algorithms[0]?.name}`);
  });
});

describe.each(algorithms)('the execution algorithm $name', (algorithm) => {
  const { schedule } = algorithm;

  it('has the schedule that workflows run', () => {
    expect(scheduleOf(algorithm.name)).toBe(schedule);
  });

  it('declares parameters whose defaults are legal', () => {
    const names = algorithm.params.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const declared = algorithm.params.filter((spec) => spec.kind !== 'decimal');
    const required = declared.filter((spec) => spec.default === null);
    const given = Object.fromEntries(required.map((spec) => [spec.name, leastOf(spec)]));
    const { params, problems } = completeParams(algorithm.params, given);
    expect(problems).toEqual([]);
    expect(Object.keys(params)).toEqual(declared.map(({ name }) => name));
  });

  it('plans exactly the whole lots of the order, in whole lots that never fall', () => {
    fc.assert(
      fc.property(plansOf(algorithm), (plan) => {
        const targets = slicesOf(algorithm, plan).map(({ target }) => new Big(target));
        expect(targets.length).toBeGreaterThan(0);
        targets.forEach((target, k) => {
          expect(target.mod(plan.lot).eq(0)).toBe(true);
          expect(target.gte(targets[k - 1] ?? 0)).toBe(true);
        });
        const dust = new Big(plan.quantity).minus(targets.at(-1)!);
        expect(dust.gte(0) && dust.lt(plan.lot)).toBe(true);
      }),
    );
  });

  it('is due at whole milliseconds that rise, from the start on and before the end', () => {
    fc.assert(
      fc.property(plansOf(algorithm), (plan) => {
        const times = slicesOf(algorithm, plan).map(({ dueAt }) => dueAt);
        times.forEach((time, k) => {
          expect(Number.isSafeInteger(time)).toBe(true);
          expect(time).toBeGreaterThanOrEqual(plan.startAt);
          expect(time).toBeLessThan(plan.endAt);
          if (k > 0) expect(time).toBeGreaterThan(times[k - 1]!);
        });
      }),
    );
  });

  it('says the same of a plan that has been through JSON', () => {
    fc.assert(
      fc.property(plansOf(algorithm), (plan) => {
        expect(slicesOf(algorithm, throughJson(plan))).toEqual(slicesOf(algorithm, plan));
      }),
    );
  });

  it('decides the same on the same input, changes none of it, and its decision is plain JSON', () => {
    fc.assert(
      fc.property(inputsOf(algorithm), (input) => {
        const before = throughJson(input);
        const decision = algorithm.decide(input);
        expect(input).toEqual(before);
        expect(algorithm.decide(before)).toEqual(decision);
        expect(throughJson(decision)).toEqual(decision);
      }),
    );
  });

  it('sends only what the venue takes, inside the limit and never more than is left', () => {
    fc.assert(
      fc.property(inputsOf(algorithm), (input) => {
        const decision = algorithm.decide(input);
        const quantity = new Big(decision.quantity);
        expect(quantity.mod(btc.lot).eq(0)).toBe(true);
        expect(quantity.gte(0) && quantity.lte(new Big(input.finalTarget).minus(input.filled))).toBe(true);
        if (decision.action === 'carry') return;
        const { plan } = input;
        expect(new Big(decision.price).mod(btc.tick).eq(0)).toBe(true);
        expect(quantity.times(decision.price).gte(btc.minNotional)).toBe(true);
        if (plan.limit === null) return;
        expect(
          plan.side === 'buy' ? new Big(decision.price).lte(plan.limit) : new Big(decision.price).gte(plan.limit),
        ).toBe(true);
      }),
    );
  });

  it('refuses an order that is less than one order of the venue', () => {
    const [plan] = fc.sample(plansOf(algorithm), { numRuns: 1, seed: 1 });
    const [problem] = algorithm.check({ ...plan!, quantity: '0.00001' }, btc, PRICE, ABLE);
    expect(problem).toMatchObject({ field: expect.any(String), message: expect.stringContaining('minimum') });
  });
});
