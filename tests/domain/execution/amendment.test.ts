import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import {
  amend,
  type Amendment,
  amendmentProblem,
  type AmendmentRequest,
  type Course,
  courseOf,
  courseThrough,
  type Standing,
} from '../../../domain/execution/amendment.ts';
import { twapSchedule } from '../../../domain/execution/twap/schedule.ts';
import { planOf, START } from './good-plan.ts';

const DAYS_7 = 7 * 86_400_000;

/** Ten slices of 1, one every 10 s, the last at +90 s, the end at +100 s. */
const plan = planOf({ quantity: '10', lot: '0.01', endAt: START + 100_000, params: { slices: 10 } });

const at = (seconds: number): number => START + seconds * 1_000;
/** Four slices lie behind, all filled; it is +35 s. */
const standing = (given: Partial<Standing> = {}): Standing => ({
  amendment: null,
  behind: 4,
  filled: '4',
  now: at(35),
  ...given,
});

function amended(request: AmendmentRequest, given: Partial<Standing> = {}): Amendment {
  const amendment = amend(plan, twapSchedule, standing(given), request);
  if (amendment === null) throw new Error('nothing was amended');
  return amendment;
}

/** Due times in seconds after the start, and targets, of the slices from `from` on. */
function slicesOf({ plan: current, schedule }: Course, from = 1): (readonly [number, string])[] {
  return Array.from({ length: schedule.sliceCount(current) - from + 1 }, (_, k) => [
    (schedule.dueAt(current, from + k) - START) / 1_000,
    schedule.target(current, from + k),
  ]);
}

const after = (request: AmendmentRequest, given: Partial<Standing> = {}): (readonly [number, string])[] =>
  slicesOf(courseOf(plan, twapSchedule, amended(request, given)), (given.behind ?? 4) + 1);

describe('the rest of an amended execution', () => {
  it('keeps its times and shares a larger quantity among the slices left', () => {
    // 16 - 4 over six slices: 2 each.
    expect(after({ quantity: '16' })).toEqual([
      [40, '6'],
      [50, '8'],
      [60, '10'],
      [70, '12'],
      [80, '14'],
      [90, '16'],
    ]);
  });

  it('keeps its interval when the end is put off, so that there are more slices', () => {
    // From +40 s to +130 s at 10 s: nine slices for the 6 left, 0.66.. each.
    const slices = after({ endAt: at(130) });
    expect(slices.map(([time]) => time)).toEqual([40, 50, 60, 70, 80, 90, 100, 110, 120]);
    expect(slices.map(([, target]) => target)).toEqual([
      '4.66',
      '5.33',
      '6',
      '6.66',
      '7.33',
      '8',
      '8.66',
      '9.33',
      '10',
    ]);
  });

  it('has fewer slices when the end is brought forward', () => {
    // 22 s from +40 s on hold two slices of at least 10 s.
    expect(after({ endAt: at(62) })).toEqual([
      [40, '7'],
      [51, '10'],
    ]);
  });

  it('comes at once, in one slice, when the end is nearer than the next slice', () => {
    expect(after({ endAt: at(39) })).toEqual([[35, '10']]);
  });

  it('comes as soon as gives its slice a whole interval', () => {
    // Grid +40 s, end +45 s: a slice of 10 s would have to begin at +35 s, which is now.
    expect(after({ endAt: at(45) })).toEqual([[35, '10']]);
    // Two seconds later at +47 s it begins at +37 s.
    expect(after({ endAt: at(47) })).toEqual([[37, '10']]);
  });

  it('never lies before the start', () => {
    // It starts in 100 s; one slice in the 5 s that are left of it.
    const early = { behind: 0, filled: '0', now: at(-100) };
    expect(after({ endAt: at(5) }, early)).toEqual([[0, '10']]);
  });

  it('begins from the target reached, so that what is wanting to it is still caught up', () => {
    // 4 reached, 2.5 filled: (16 - 4) / 6 = 2 a slice as before.
    expect(after({ quantity: '16' }, { filled: '2.5' })[0]).toEqual([40, '6']);
  });

  it('begins from what has been filled where that is more', () => {
    expect(after({ quantity: '16' }, { filled: '10' })[0]).toEqual([40, '11']);
  });

  it('is over when the new quantity is what has been filled', () => {
    const slices = after({ quantity: '4' });
    expect(slices.at(-1)?.[1]).toBe('4');
  });

  it('goes down to a smaller quantity although more had been aimed at', () => {
    // 4 reached, 2.5 filled, 3 wanted: all that is left may be done at once.
    expect(after({ quantity: '3' }, { filled: '2.5' }).every(([, target]) => target === '3')).toBe(true);
  });

  it('leaves what is no whole lot as dust', () => {
    expect(after({ quantity: '16.005' }).at(-1)).toEqual([90, '16']);
  });

  it('gives new slices to an execution whose slices all lie behind', () => {
    const late = { behind: 10, filled: '7', now: at(95) };
    expect(after({ endAt: at(120) }, late)).toEqual([
      [95, '10'],
      [107.5, '10'],
    ]);
  });

  it('keeps the slices that a pause has missed: they are caught up as without an amendment', () => {
    // Paused since slice 4, +75 s now. The course runs from +40 s on.
    expect(after({ quantity: '16' }, { now: at(75) })[0]).toEqual([40, '6']);
  });

  it('is as it was when only the limit changes', () => {
    const amendment = amended({ limit: '61000' });
    expect(amendment.course).toBeNull();
    const course = courseOf(plan, twapSchedule, amendment);
    expect(course.plan).toEqual({ ...plan, limit: '61000' });
    expect(slicesOf(course)).toEqual(slicesOf({ plan, schedule: twapSchedule }));
  });
});

describe('an amendment', () => {
  it.each<[string, AmendmentRequest]>([
    ['the same quantity, otherwise written', { quantity: '10.00' }],
    ['the same end', { endAt: plan.endAt }],
    ['the limit that there is not', { limit: null }],
    ['all of them', { quantity: '10', endAt: plan.endAt, limit: null }],
  ])('that asks for %s is none', (_, request) => {
    expect(amend(plan, twapSchedule, standing(), request)).toBeNull();
  });

  it('stands for all before it', () => {
    const first = amended({ quantity: '16', limit: '61000' });
    const second = amended({ endAt: at(130) }, { amendment: first, behind: 6, filled: '8', now: at(55) });
    expect(second).toMatchObject({ number: 2, quantity: '16', endAt: at(130), limit: '61000' });
    // From +60 s at 10 s to +130 s: seven slices for 16 - 8, 1.14 each.
    expect(slicesOf(courseOf(plan, twapSchedule, second), 7).slice(0, 2)).toEqual([
      [60, '9.14'],
      [70, '10.28'],
    ]);
    const third = amended({ limit: null }, { amendment: second, behind: 7, filled: '9.14', now: at(65) });
    expect(third).toMatchObject({ number: 3, limit: null, course: second.course });
    expect(slicesOf(courseOf(plan, twapSchedule, third), 7)).toEqual(slicesOf(courseOf(plan, twapSchedule, second), 7));
  });

  it('leaves the times and targets of slices behind as they were, for who reads the whole course', () => {
    const first = amended({ quantity: '16' });
    const second = amended({ limit: '61000' }, { amendment: first, behind: 5, filled: '6', now: at(45) });
    const third = amended({ quantity: '13' }, { amendment: second, behind: 6, filled: '8', now: at(55) });
    const course = courseThrough(plan, twapSchedule, [first, second, third]);
    expect(course.plan).toMatchObject({ quantity: '13', limit: '61000', endAt: plan.endAt });
    // 1 to 4 of the plan, 5 and 6 of the first amendment, 13 - 8 over four slices afterwards.
    expect(slicesOf(course)).toEqual([
      [0, '1'],
      [10, '2'],
      [20, '3'],
      [30, '4'],
      [40, '6'],
      [50, '8'],
      [60, '9.25'],
      [70, '10.5'],
      [80, '11.75'],
      [90, '13'],
    ]);
  });

  it.each<[string, AmendmentRequest, Partial<Standing>, RegExp]>([
    ['nothing is asked for', {}, {}, /give a new quantity, end or limit/],
    ['the quantity is nothing', { quantity: '0' }, {}, /above 0/],
    ['less is asked for than has filled', { quantity: '3.99' }, {}, /below what has been filled, 4/],
    ['the end has passed', { endAt: at(35) }, {}, /has passed/],
    ['the end is before the start', { endAt: at(0) }, { now: at(-60) }, /not after the start/],
    ['the limit is nothing', { limit: '0' }, {}, /limit above 0/],
  ])('is refused when %s', (_, request, given, reason) => {
    expect(amendmentProblem(plan, standing(given), request, DAYS_7)).toMatch(reason);
  });

  it.each([
    ['a quantity that is a number', { quantity: 12 }, /quantity 12 is not decimal text/],
    ['a quantity that is none', { quantity: null }, /quantity null is not decimal text/],
    ['a limit in words', { limit: 'low' }, /limit "low" is not decimal text/],
    ['an end that is a text', { endAt: '2030-01-01T00:00:00Z' }, /not whole milliseconds/],
    ['an end that is no number', { endAt: Number.NaN }, /not whole milliseconds/],
    ['an end that no execution may have', { endAt: START + DAYS_7 + 1 }, /more than 7 days after the start/],
    ['an end in the year 9999', { endAt: Date.UTC(9999, 0) }, /give at most/],
    ['an end that no date has', { endAt: Number.MAX_SAFE_INTEGER }, /give at most/],
  ])('is refused for %s, as a person may send it', (_, request, reason) => {
    expect(amendmentProblem(plan, standing(), request as unknown as AmendmentRequest, DAYS_7)).toMatch(reason);
  });

  it.each<[string, AmendmentRequest]>([
    ['what has filled', { quantity: '4' }],
    ['a later end', { endAt: at(36) }],
    ['the latest end that an execution may have', { endAt: START + DAYS_7 }],
    ['no limit', { limit: null }],
  ])('may ask for %s', (_, request) => {
    expect(amendmentProblem(plan, standing(), request, DAYS_7)).toBeNull();
  });

  it('passes through JSON as it is', () => {
    const amendment = amended({ quantity: '16', endAt: at(130), limit: '61000' });
    expect(JSON.parse(JSON.stringify(amendment))).toEqual(amendment);
  });
});

describe('the course after any row of amendments', () => {
  /** What is asked for, and how many slices further on with how much of their quantity filled. */
  const steps = fc.array(
    fc.record({
      quantityLots: fc.option(fc.integer({ min: 1, max: 5_000 })),
      endAfterMs: fc.option(fc.integer({ min: 1, max: 150_000 })),
      limit: fc.option(fc.constantFrom('60000', '61000')),
      slicesOn: fc.integer({ min: 0, max: 6 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      laterMs: fc.integer({ min: 0, max: 40_000 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const plans = fc
    .record({
      executionId: fc.uuid(),
      slices: fc.integer({ min: 1, max: 30 }),
      lots: fc.integer({ min: 1, max: 5_000 }),
      jitterTime: fc.constantFrom(0, 0.5, 0.9),
      jitterSize: fc.constantFrom(0, 0.4, 0.99),
    })
    .map(({ executionId, slices, lots, jitterTime, jitterSize }) =>
      planOf({
        executionId,
        quantity: new Big(lots).times('0.01').toFixed(),
        lot: '0.01',
        endAt: START + slices * 5_000,
        params: { slices, jitterTime, jitterSize },
      }),
    );

  it('is monotone and in order, never below what has filled, and ends at the whole lots of the quantity', () => {
    fc.assert(
      fc.property(plans, steps, (given, asked) => {
        let position: Standing = { amendment: null, behind: 0, filled: '0', now: START };
        let reached = new Big(0);
        for (const { quantityLots, endAfterMs, limit, slicesOn, share, laterMs } of asked) {
          const course = courseOf(given, twapSchedule, position.amendment);
          const behind = Math.min(course.schedule.sliceCount(course.plan), position.behind + slicesOn);
          const now = Math.max(position.now + laterMs, course.schedule.dueAt(course.plan, Math.max(1, behind)));
          if (now >= course.plan.endAt) return;
          const target = behind === position.behind ? reached : new Big(course.schedule.target(course.plan, behind));
          const filled = new Big(position.filled).plus(
            target.minus(position.filled).div('0.01').times(share).round(0, Big.roundDown).times('0.01'),
          );
          position = {
            ...position,
            behind,
            now,
            filled: (filled.gt(position.filled) ? filled : new Big(position.filled)).toFixed(),
          };
          const request: AmendmentRequest = {
            ...(quantityLots === null ? {} : { quantity: new Big(quantityLots).times('0.01').toFixed() }),
            ...(endAfterMs === null ? {} : { endAt: now + endAfterMs }),
            limit,
          };
          if (amendmentProblem(course.plan, position, request, DAYS_7) !== null) continue;
          const amendment = amend(given, twapSchedule, position, request);
          if (amendment === null) continue;
          expect(JSON.parse(JSON.stringify(amendment))).toEqual(amendment);
          const next = courseOf(given, twapSchedule, amendment);
          const count = next.schedule.sliceCount(next.plan);
          const most = new Big(next.plan.quantity).div('0.01').round(0, Big.roundDown).times('0.01');
          if (amendment.course?.number === amendment.number) {
            expect(count).toBeGreaterThan(behind);
            const from = new Big(amendment.course.from);
            expect(from.gte(position.filled)).toBe(true);
            // Never back behind the target reached, unless less is wanted than that.
            expect(from.gte(target) || from.eq(most)).toBe(true);
          }
          let before = new Big(amendment.course?.from ?? 0);
          let dueBefore = Number.NEGATIVE_INFINITY;
          for (let n = behind + 1; n <= count; n += 1) {
            const cumulative = new Big(next.schedule.target(next.plan, n));
            const due = next.schedule.dueAt(next.plan, n);
            const holds =
              (amendment.course === null || cumulative.gte(before)) &&
              cumulative.mod('0.01').eq(0) &&
              due > dueBefore &&
              due >= given.startAt &&
              due < next.plan.endAt;
            // One expectation for all: there are very many slices.
            if (!holds)
              expect({ n, cumulative: cumulative.toFixed(), before: before.toFixed(), due, dueBefore }).toBeNull();
            [before, dueBefore] = [cumulative, due];
          }
          expect(new Big(next.schedule.target(next.plan, count)).eq(most)).toBe(true);
          position = { ...position, amendment };
          reached = amendment.course?.number === amendment.number ? new Big(amendment.course.from) : target;
        }
      }),
      { numRuns: 150 },
    );
  });
});
