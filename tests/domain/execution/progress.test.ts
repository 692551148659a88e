import { describe, expect, it } from '@jest/globals';
import type { ChildOutcome } from '../../../domain/execution/commands.ts';
import {
  afterAmendment,
  afterChild,
  type ChildNumber,
  completeProgress,
  dueSlice,
  type ExecutionProgress,
  nextAction,
  openProgress,
  wantedBy,
} from '../../../domain/execution/progress.ts';
import { singleSchedule } from '../../../domain/execution/single/schedule.ts';
import { twapSchedule } from '../../../domain/execution/twap/schedule.ts';
import { planOf, START } from './good-plan.ts';
import { singleOf } from './single/single-plan.ts';

/** Ten slices of 1, one every 10 s, the last at +90 s, the end at +100 s. */
const plan = planOf({ quantity: '10', lot: '0.01', endAt: START + 100_000, params: { slices: 10 } });

const at = (seconds: number): number => START + seconds * 1_000;
const progressOf = (given: Partial<ExecutionProgress>): ExecutionProgress => ({ ...openProgress(), ...given });
const next = (given: Partial<ExecutionProgress>, seconds: number) =>
  nextAction(plan, twapSchedule, progressOf(given), at(seconds));

const outcome = (result: ChildOutcome['result'], totalFilled: string, given: Partial<ChildOutcome> = {}) => ({
  result,
  totalFilled,
  problem: null,
  retryable: true,
  ...given,
});
const after = (given: Partial<ExecutionProgress>, child: ChildNumber, ended: ChildOutcome, seconds: number) =>
  afterChild(plan, twapSchedule, progressOf(given), child, ended, at(seconds));
const first = (slice: number): ChildNumber => ({ slice, child: slice, attempt: 1, role: 'taker' });

const BELOW = { code: 'BELOW_MINIMUM', detail: 'slice 10: 0.00001 is below the minimum' };
const REFUSED = { code: '-1013', detail: 'Filter failure' };

describe('an amendment', () => {
  const amendment = { number: 1, at: at(25), quantity: '10', endAt: at(100), limit: '61000', course: null };

  it('takes away what the plan before it met, but not what three refusals end the execution with', () => {
    expect(afterAmendment(progressOf({ lastProblem: REFUSED }), amendment)).toMatchObject({ lastProblem: null });
    const refused = progressOf({ lastProblem: REFUSED, refusals: 3 });
    expect(nextAction(plan, twapSchedule, afterAmendment(refused, amendment), at(35))).toMatchObject({
      status: 'failed',
      problem: REFUSED,
    });
  });
});

describe('the next action of an execution', () => {
  it('is its first slice at the start, which must not be sent once the second is due', () => {
    expect(next({}, 0)).toEqual({
      kind: 'child',
      slice: 1,
      child: 1,
      attempt: 1,
      role: 'taker',
      notAfter: at(10),
    });
  });

  it('is to wait before the start', () => {
    expect(next({}, -5)).toEqual({ kind: 'wait', until: at(0), slice: 1 });
  });

  it('is to wait for the next slice after each', () => {
    expect(next({ handledSlices: 3, filled: '3' }, 21)).toEqual({ kind: 'wait', until: at(30), slice: 4 });
    expect(next({ handledSlices: 3, filled: '3' }, 29.999)).toMatchObject({ kind: 'wait' });
    expect(next({ handledSlices: 3, filled: '3' }, 30)).toMatchObject({ kind: 'child', slice: 4 });
  });

  it('is the slice that is due now after an outage: those missed are passed over', () => {
    expect(next({ handledSlices: 2, children: 2, filled: '2' }, 67)).toEqual({
      kind: 'child',
      slice: 7,
      // As 0.2 counted, so that an execution that began under it never gives a number twice.
      child: 7,
      attempt: 1,
      role: 'taker',
      notAfter: at(70),
    });
  });

  it('gives each child a number of its own, also where slices have had two of them', () => {
    expect(next({ handledSlices: 2, children: 4, filled: '2' }, 30)).toMatchObject({ slice: 4, child: 5 });
  });

  describe('of an execution that 0.2 began anew', () => {
    /** What 0.2 carried: three slices behind it, and nothing of children, crossings and amendments. */
    const earlier = {
      paused: false,
      cancelRequested: false,
      handledSlices: 3,
      retry: null,
      filled: '3',
      exhausted: false,
      refusals: 0,
      lastProblem: null,
    };

    it('is that of one that began now: it waits, and its children go on after those that it has had', () => {
      const progress = completeProgress(earlier);
      expect(progress).toEqual({ ...openProgress(), handledSlices: 3, children: 3, filled: '3' });
      expect(next(progress, 25)).toEqual({ kind: 'wait', until: at(30), slice: 4 });
      expect(next(progress, 30)).toMatchObject({ kind: 'child', slice: 4, child: 4 });
    });

    it('is a further try of its last slice, whose number none after it has', () => {
      const retry = { at: at(92), child: 11, attempt: 1, tries: 1 };
      const progress = completeProgress({ ...earlier, handledSlices: 10, filled: '9', retry });
      expect(next(progress, 92)).toMatchObject({ kind: 'child', slice: 10, child: 11 });
      expect(progress.children).toBe(11);
    });
  });

  it('leaves a progress as it is that has all of it', () => {
    const progress = progressOf({ handledSlices: 3, children: 6, crossing: { slice: 3, at: at(25) } });
    expect(completeProgress(progress)).toEqual(progress);
  });

  it('gives the last slice until the end', () => {
    expect(next({ handledSlices: 9, filled: '9' }, 90)).toMatchObject({ slice: 10, notAfter: at(100) });
  });

  it('is nothing but waiting for the end while it is paused, and what is due once it is resumed', () => {
    expect(next({ paused: true, handledSlices: 2, filled: '2' }, 45)).toEqual({
      kind: 'wait',
      until: at(100),
      slice: null,
    });
    expect(next({ handledSlices: 2, filled: '2' }, 45)).toMatchObject({ kind: 'child', slice: 5 });
  });

  describe('is the end', () => {
    it.each<[string, Partial<ExecutionProgress>, number, unknown]>([
      ['completed once all is filled', { filled: '10' }, 35, { status: 'completed', problem: null }],
      ['completed when nothing tradable is left', { exhausted: true }, 95, { status: 'completed', problem: null }],
      ['cancelled when asked to', { cancelRequested: true, filled: '4' }, 35, { status: 'cancelled', problem: null }],
      ['cancelled also from a pause', { cancelRequested: true, paused: true }, 35, { status: 'cancelled' }],
      [
        'completed, not cancelled, when all filled before',
        { cancelRequested: true, filled: '10' },
        35,
        { status: 'completed' },
      ],
      ['expired at the end', { handledSlices: 9, filled: '9' }, 100, { status: 'expired', problem: null }],
      [
        'expired at the end of a pause, which no earlier problem is blamed for',
        { paused: true, handledSlices: 3, filled: '2', lastProblem: REFUSED },
        100,
        {
          status: 'expired',
          problem: {
            code: 'PAUSED_TO_THE_END',
            detail: `it was paused and not resumed before its end at ${new Date(at(100)).toISOString()}; 7 of its 10 slices were not sent`,
          },
        },
      ],
      [
        'failed after three lasting refusals',
        { refusals: 3, lastProblem: REFUSED },
        35,
        { status: 'failed', problem: REFUSED },
      ],
      [
        'expired when the last slice is not tried again',
        { handledSlices: 10, filled: '9', lastProblem: REFUSED },
        95,
        { status: 'expired', problem: REFUSED },
      ],
    ])('%s', (_, given, seconds, expected) => {
      expect(next(given, seconds)).toMatchObject({ kind: 'finish', ...(expected as object) });
    });

    it('and not failed after two refusals', () => {
      expect(next({ refusals: 2, handledSlices: 2 }, 35)).toMatchObject({ kind: 'child' });
    });
  });
});

describe('the progress after a child', () => {
  it('takes over what the ledger says is filled, not a count of its own', () => {
    expect(after({ filled: '2' }, first(3), outcome('partially-filled', '2.71'), 21)).toEqual(
      progressOf({ handledSlices: 3, children: 3, filled: '2.71' }),
    );
  });

  it('keeps a pause and a cancel that came while the child was working', () => {
    expect(after({ paused: true, cancelRequested: true }, first(3), outcome('filled', '3'), 21)).toMatchObject({
      paused: true,
      cancelRequested: true,
    });
  });

  it('counts lasting refusals in a row only', () => {
    const lasting = outcome('refused', '0', { retryable: false, problem: REFUSED });
    expect(after({ refusals: 1 }, first(3), lasting, 21)).toMatchObject({ refusals: 2, lastProblem: REFUSED });
    expect(after({ refusals: 2 }, first(3), outcome('refused', '0', { problem: REFUSED }), 21).refusals).toBe(0);
    expect(after({ refusals: 2 }, first(3), outcome('expired', '0'), 21).refusals).toBe(0);
  });

  describe('of the last slice', () => {
    // At +91 s there are 9 s left for 5 tries in all: 9 / 5 = 1.8 s.
    it('tries the same child again when it did not fill', () => {
      expect(after({}, first(10), outcome('expired', '9'), 91).retry).toEqual({
        at: at(92.8),
        child: 10,
        attempt: 2,
        tries: 1,
      });
    });

    it('goes on with the next child number when it filled and still something is wanting', () => {
      expect(after({}, first(10), outcome('filled', '9'), 91).retry).toMatchObject({ child: 11, attempt: 1 });
    });

    it('waits at least a second', () => {
      // 1.5 s left: 1.5 / 5 = 0.3 s.
      expect(after({}, first(10), outcome('expired', '9'), 98.5).retry?.at).toBe(at(99.5));
    });

    it('is not tried where there is no time left', () => {
      expect(after({}, first(10), outcome('expired', '9'), 99).retry).toBeNull();
    });

    it('is tried five times', () => {
      const retry = { at: at(92), child: 10, attempt: 4, tries: 3 };
      const fourth = after({ retry }, { ...first(10), attempt: 4 }, outcome('expired', '9'), 92);
      expect(fourth.retry).toMatchObject({ attempt: 5, tries: 4 });
      const fifth = after({ ...fourth }, { ...first(10), attempt: 5 }, outcome('expired', '9'), 96);
      expect(fifth.retry).toBeNull();
    });

    it('waits for its time and then runs until the end', () => {
      const retry = { at: at(93), child: 11, attempt: 1, tries: 1 };
      expect(next({ handledSlices: 10, filled: '9', retry }, 92)).toEqual({ kind: 'wait', until: at(93), slice: 10 });
      expect(next({ handledSlices: 10, filled: '9', retry }, 93)).toEqual({
        kind: 'child',
        slice: 10,
        child: 11,
        attempt: 1,
        role: 'taker',
        notAfter: at(100),
      });
    });

    it('is tried soon where it is one marketable order, and then twice as late each time, until its time is over', () => {
      const one = singleOf({});
      let progress = openProgress();
      const gaps: number[] = [];
      let now = START;
      for (let attempt = 1; ; attempt += 1) {
        const tried = { slice: 1, child: 1, attempt, role: 'taker' } as const;
        progress = afterChild(one, singleSchedule, progress, tried, outcome('expired', '0'), now);
        if (progress.retry === null) break;
        expect(progress.retry).toMatchObject({ child: 1, attempt: attempt + 1 });
        gaps.push(progress.retry.at - now);
        now = progress.retry.at;
      }
      // 15.75 s are over by then, and 16 s more would be beyond its 30 s.
      expect(gaps).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000]);
      expect(nextAction(one, singleSchedule, progress, now)).toMatchObject({ kind: 'finish', status: 'expired' });
    });

    it('ends the execution when what is left is below the minimum', () => {
      const ended = outcome('carried', '9.99999', { problem: BELOW });
      expect(after({}, first(10), ended, 91)).toMatchObject({ exhausted: true });
      expect(after({}, first(9), ended, 81)).toMatchObject({ exhausted: false });
    });
  });
});

describe('slices and quantities', () => {
  it.each([
    [-0.001, 0],
    [0, 1],
    [9.999, 1],
    [10, 2],
    [89.999, 9],
    [90, 10],
    [1_000, 10],
  ])('at %f s the slice that is due is %i', (seconds, slice) => {
    expect(dueSlice(plan, twapSchedule, at(seconds))).toBe(slice);
  });

  it('want what the curve lacks, never less than nothing', () => {
    expect(wantedBy(plan, twapSchedule, progressOf({ filled: '2.71' }), 4)).toBe('1.29');
    expect(wantedBy(plan, twapSchedule, progressOf({ filled: '4.2' }), 4)).toBe('0');
  });
});
