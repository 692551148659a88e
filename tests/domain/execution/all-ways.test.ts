import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import type { AmendmentRequest } from '../../../domain/execution/amendment.ts';
import { noMarketBenchmarks } from '../../../domain/execution/costs/market-benchmarks.ts';
import { buildReport, type ReportFill } from '../../../domain/execution/costs/report.ts';
import { dueSlice } from '../../../domain/execution/progress.ts';
import { crossAtOf, notAfterOf } from '../../../domain/execution/style.ts';
import { btc, planOf, START } from './good-plan.ts';
import { type Chance, type Message, type Run, simulate, type TriedChild, type VenueAnswer } from './simulated-run.ts';

const PRICE = '60000';
const VENUES: readonly (readonly VenueAnswer[])[] = [
  ['filled'],
  ['filled', 'filled', 'part', 'expired'],
  ['filled', 'part', 'expired', 'refused', 'not-placed'],
  ['part'],
];

/** Orders of up to 20 slices in every way that a TWAP can trade. */
const plans = fc
  .record({
    executionId: fc.uuid(),
    slices: fc.integer({ min: 1, max: 20 }),
    gapMs: fc.integer({ min: 10_000, max: 60_000 }),
    lotsPerSlice: fc.integer({ min: 10, max: 5_000 }),
    dust: fc.integer({ min: 0, max: 9_999 }),
    catchUp: fc.constantFrom('skip', 'spread', 'burst'),
    catchUpFactor: fc.double({ min: 1, max: 5, noNaN: true }),
    jitterTime: fc.constantFrom(0, 0.3, 0.99),
    jitterSize: fc.constantFrom(0, 0.4, 0.99),
    style: fc.constantFrom('taker', 'maker-first'),
    crossAfter: fc.constantFrom(0.1, 0.5, 0.95),
  })
  .map(({ executionId, slices, gapMs, lotsPerSlice, dust, ...params }) =>
    planOf({
      executionId,
      quantity: new Big(lotsPerSlice * slices).times(btc.lot).plus(new Big(dust).times('0.000000001')).toFixed(),
      endAt: START + slices * gapMs,
      params: { slices, ...params },
    }),
  );

const chances = (durationMs: number) =>
  fc.gen().map((draw): Chance => {
    const oneOf = <T>(values: readonly T[]): T => values[draw(fc.integer, { min: 0, max: values.length - 1 })]!;
    const answers = oneOf(VENUES);
    const times = oneOf([[5], [5, 50, 900], [50, Math.floor(durationMs / 5)]]);
    const lateness = oneOf([[0], [0, 3], [0, 0, Math.floor(durationMs / 4)]]);
    const talkative = oneOf([0, 1, 4]);
    const amended = (now: number): AmendmentRequest => ({
      ...(oneOf([true, false])
        ? { quantity: new Big(draw(fc.integer, { min: 1, max: 80_000 })).times('0.000001').toFixed() }
        : {}),
      ...(oneOf([true, false]) ? { endAt: now + draw(fc.integer, { min: 1, max: 2 * durationMs }) } : {}),
      ...(oneOf([true, false]) ? { limit: oneOf([null, '61000']) } : {}),
    });
    const messages: readonly Message[] = ['pause', 'resume', 'resume', { amend: amended }, { amend: amended }];
    let left = 12;
    return {
      child: () => ({
        answer: oneOf(answers),
        share: draw(fc.double, { min: 0, max: 1, noNaN: true }),
        tookMs: oneOf(times),
      }),
      message: (withinMs) => {
        if (withinMs <= 1 || left === 0 || draw(fc.integer, { min: 1, max: 20 }) > talkative) return null;
        left -= 1;
        return { message: oneOf(messages), afterMs: draw(fc.integer, { min: 0, max: withinMs - 1 }) };
      },
      lateMs: () => oneOf(lateness),
    };
  });

/** What can be said against one child, given the one before it. */
function problemsOf(child: TriedChild, before: TriedChild | undefined): string[] {
  const { plan, schedule } = child.course;
  const problems: string[] = [];
  const crossing = before?.role === 'maker' && before.slice === child.slice && child.role === 'taker';
  const last = child.slice === schedule.sliceCount(plan);
  if (child.at < schedule.dueAt(plan, child.slice)) problems.push('before it is due');
  if (child.at >= child.notAfter) problems.push('after its time');
  if (child.notAfter > plan.endAt) problems.push('may trade after the end');
  if (child.role === 'maker' && child.notAfter !== crossAtOf(plan, schedule, child.slice))
    problems.push('waits too long');
  if (child.role === 'taker' && child.notAfter !== notAfterOf(plan, schedule, child.slice))
    problems.push('its time is another');
  if (crossing && child.at < crossAtOf(plan, schedule, child.slice)) problems.push('crosses before it is time');
  if (!crossing && !last && child.slice !== dueSlice(plan, schedule, child.at))
    problems.push('is not the one that is due');
  if (before !== undefined && !crossing && child.slice <= before.slice && !last) problems.push('came before');
  if (before !== undefined && child.child < before.child) problems.push('has a number that was used');
  return problems;
}

/** Fills as the venue would report them, at a price that moves, each with a fee. */
function fillsOf({ tried }: Run): ReportFill[] {
  return tried.flatMap(({ at, outcome, child }, k) => {
    const quantity = new Big(outcome.totalFilled).minus(tried[k - 1]?.outcome.totalFilled ?? 0);
    if (quantity.eq(0)) return [];
    const price = new Big(PRICE).plus(new Big(k).times('0.37'));
    return [
      {
        tradeId: String(k),
        orderId: String(k),
        symbol: btc.symbol,
        side: 'buy' as const,
        price: price.toFixed(),
        quantity: quantity.toFixed(),
        fee: quantity.times(price).times('0.001').round(8, Big.roundDown).toFixed(),
        feeAsset: 'USDT',
        maker: false,
        at,
        clientOrderId: String(child),
        mid: PRICE,
      },
    ];
  });
}

describe('an execution in every way that a TWAP can trade', () => {
  it('is exact, bounded, in time and conserves quantity and money, whatever happens', () => {
    const seen = { ends: new Set<string>(), amendments: 0, crossings: 0 };
    fc.assert(
      fc.property(
        plans.chain((plan) => chances(plan.endAt - plan.startAt).map((chance) => ({ plan, chance }))),
        ({ plan, chance }) => {
          const run = simulate(plan, btc, PRICE, chance);
          seen.ends.add(run.finish.status);
          seen.amendments += run.amendments;
          seen.crossings += run.tried.filter(
            ({ role }, k) => role === 'taker' && run.tried[k - 1]?.role === 'maker',
          ).length;

          const problems = run.tried.flatMap((child, k) =>
            problemsOf(child, run.tried[k - 1]).map((problem) => `child ${child.child} ${problem}`),
          );
          expect(problems).toEqual([]);
          const names = run.tried.map(({ child, attempt }) => `${child}|${attempt}`);
          expect(new Set(names).size).toBe(names.length);
          // As far as the children go that a ledger is searched for.
          const { plan: current, schedule } = run.course;
          const slices = schedule.sliceCount(current);
          expect(Math.max(0, ...run.tried.map(({ child }) => child))).toBeLessThanOrEqual(2 * slices + 20);

          // Quantity: what has filled never exceeds the whole lots of what is ordered then, and the rest is the residual.
          const final = new Big(schedule.target(current, slices));
          expect(new Big(run.filled).lte(current.quantity)).toBe(true);
          expect(final.lte(current.quantity) && final.plus(current.lot).gt(current.quantity)).toBe(true);
          if (run.finish.status === 'completed') expect(final.minus(run.filled).lt('0.00009')).toBe(true);

          // Money: what was paid, and the parts of what it cost.
          const report = buildReport({
            id: 'e1',
            status: run.finish.status,
            symbol: btc.symbol,
            base: 'BTC',
            quote: 'USDT',
            side: 'buy',
            ordered: current.quantity,
            dust: '0',
            venue: { id: 'sim', label: 'paper', assumptions: null },
            decision: { mid: '59990', at: START },
            arrival: { mid: '59995', at: START },
            end: { mid: '60100', at: run.endedAt },
            fills: fillsOf(run),
            slices: [],
            market: noMarketBenchmarks('not measured'),
          });
          expect(new Big(report.filled).eq(run.filled)).toBe(true);
          expect(new Big(report.filled).plus(report.residual).eq(current.quantity)).toBe(true);
          const { delay, execution, opportunity, fees, quote } = report.shortfall;
          const parts = [delay, execution, opportunity, fees].reduce((sum, part) => sum.plus(part!), new Big(0));
          expect(parts.eq(quote!)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect([...seen.ends].sort()).toEqual(['completed', 'expired']);
    // The property is about something: both happen often.
    expect(seen.amendments).toBeGreaterThan(50);
    expect(seen.crossings).toBeGreaterThan(200);
  });
});
