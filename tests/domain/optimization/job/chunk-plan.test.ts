import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  afterChunk,
  type ChunkPlan,
  chunkSize,
  openPlan,
  returnChunk,
  slotsOf,
  takeChunk,
  windowOf,
} from '../../../../domain/optimization/job/chunk-plan.ts';
import type { PositionRange } from '../../../../domain/optimization/job/commands.ts';
import { firstMissing, missingRanges } from '../../../../domain/optimization/job/coverage.ts';

const BIG = [{ from: 0, to: 10_000_000 }];
const MINUTE = 60_000;

/** A chunk that a worker finished at so many positions a second. */
function finished(plan: ChunkPlan, size: number, perSecond: number, worker = 'w1', now = 0): ChunkPlan {
  const did = { evaluated: size, busyMs: (size / perSecond) * 1_000, worker, slots: 2 };
  return afterChunk(plan, { from: 0, to: size }, did, now);
}

describe('the size of a chunk', () => {
  it('begins small, grows sixteenfold at most, and comes to ten seconds of work', () => {
    let plan = openPlan(BIG);
    const sizes: number[] = [];
    for (let chunk = 0; chunk < 5; chunk++) {
      sizes.push(chunkSize(plan));
      plan = finished(plan, sizes.at(-1)!, 1_000);
    }
    expect(sizes).toEqual([16, 256, 4_096, 10_000, 10_000]);
  });

  it('follows a pace that changes, half of each new chunk', () => {
    const plan = finished(finished(openPlan(BIG), 10_000, 1_000), 10_000, 500);
    expect(chunkSize(plan)).toBe(7_500);
  });

  it('is one position where one takes longer than ten seconds', () => {
    expect(chunkSize(finished(openPlan(BIG), 16, 0.05))).toBe(1);
  });

  it('is bounded, however fast it goes', () => {
    expect(chunkSize(finished(openPlan(BIG), 250_000, 1e9))).toBe(250_000);
  });

  it('shrinks towards the end, so that no slot is idle while another has a large rest', () => {
    const plan = finished(openPlan([{ from: 0, to: 16_000 }]), 10_000, 1_000);
    // Two slots, four chunks in flight.
    expect(chunkSize(plan)).toBe(4_000);
    expect(chunkSize({ ...plan, todo: [{ from: 0, to: 400 }] })).toBe(2_500);
  });

  it('learns nothing of a chunk whose rows were there already', () => {
    const plan = finished(openPlan(BIG), 1_000, 100);
    const after = afterChunk(plan, { from: 0, to: 1_000 }, { evaluated: 3, busyMs: 1, worker: 'w1', slots: 2 }, 0);
    expect([after.pace, after.largest]).toEqual([plan.pace, plan.largest]);
  });
});

describe('the window', () => {
  it('is two chunks for each slot of the workers that were seen lately, and bounded', () => {
    let plan = openPlan(BIG);
    expect([slotsOf(plan), windowOf(plan)]).toEqual([0, 2]);
    plan = finished(plan, 16, 100, 'w1', 0);
    expect(windowOf(plan)).toBe(4);
    plan = finished(plan, 16, 100, 'w2', 4 * MINUTE);
    expect(windowOf(plan)).toBe(8);
    plan = finished(plan, 16, 100, 'w2', 6 * MINUTE);
    expect(windowOf(plan)).toBe(4);
    for (let worker = 0; worker < 40; worker++) plan = finished(plan, 16, 100, `many-${worker}`, 6 * MINUTE);
    expect(windowOf(plan)).toBe(64);
  });
});

const ranges = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 60 })), { maxLength: 20 })
  .map((all) => all.map(([from, length]): PositionRange => ({ from, to: from + length })));
const positionsOf = (all: readonly PositionRange[]): number[] =>
  all.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, k) => from + k));

describe('what is left', () => {
  it('is taken once, whatever is given back in between', () => {
    fc.assert(
      fc.property(ranges, fc.array(fc.boolean(), { maxLength: 50 }), (covered, returns) => {
        let plan = openPlan(missingRanges(361, covered));
        const wanted = positionsOf(plan.todo);
        const done: number[] = [];
        for (let turn = 0; ; turn++) {
          const taken = takeChunk(plan);
          if (taken === null) break;
          if (returns[turn] === true) plan = returnChunk(taken.plan, taken.chunk);
          else {
            done.push(...positionsOf([taken.chunk]));
            plan = finished(taken.plan, taken.chunk.to - taken.chunk.from, 7);
          }
        }
        expect(done.toSorted((a, b) => a - b)).toEqual(wanted);
      }),
    );
  });

  it('is what no chunk has covered, and begins where the first of it is missing', () => {
    fc.assert(
      fc.property(ranges, (covered) => {
        const has = new Set(positionsOf(covered));
        const all = Array.from({ length: 400 }, (_, position) => position);
        const missing = all.filter((position) => !has.has(position));
        expect(positionsOf(missingRanges(400, covered))).toEqual(missing);
        const within = missing.find((position) => position >= 100 && position < 200) ?? 200;
        expect(firstMissing({ from: 100, to: 200 }, covered)).toBe(within);
      }),
    );
  });
});
