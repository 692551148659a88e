import { describe, expect, it } from '@jest/globals';
import type { ChildOutcome } from '../../../domain/execution/commands.ts';
import {
  afterChild,
  type ChildNumber,
  type ExecutionProgress,
  nextAction,
  openProgress,
} from '../../../domain/execution/progress.ts';
import { singleSchedule } from '../../../domain/execution/single/schedule.ts';
import { START } from './good-plan.ts';
import { singleOf } from './single/single-plan.ts';

const DAY_MS = 86_400_000;
const plan = singleOf({ endAt: START + 400 * DAY_MS, params: { kind: 'stop', stopPrice: '58000' } });
const next = (progress: ExecutionProgress, now = START) => nextAction(plan, singleSchedule, progress, now);
const outcome = (given: Partial<ChildOutcome>): ChildOutcome => ({
  result: 'expired',
  totalFilled: '0',
  problem: null,
  retryable: true,
  ...given,
});
const first: ChildNumber = { slice: 1, child: 1, attempt: 1, role: 'resting' };
const after = (
  given: Partial<ChildOutcome>,
  { tried = first, progress = openProgress(), now = START, tookBack = false } = {},
) => afterChild(plan, singleSchedule, progress, tried, outcome(given), now, tookBack);

describe('an execution whose order rests', () => {
  it('begins with it, for as long as the execution may last', () => {
    expect(next(openProgress())).toEqual({ kind: 'child', ...first, notAfter: plan.endAt });
  });

  it('is completed once it has filled', () => {
    expect(next(after({ result: 'filled', totalFilled: '0.5' }))).toMatchObject({ status: 'completed', problem: null });
  });

  it.each(['expired', 'partially-filled'] as const)('ends when the venue has ended its order: %s', (result) => {
    const progress = after({ result, totalFilled: result === 'expired' ? '0' : '0.2' });
    expect(next(progress)).toMatchObject({ kind: 'finish', status: 'expired', problem: { code: 'ORDER_ENDED' } });
  });

  it('fails at once with the code of a refusal that would be repeated', () => {
    const problem = { code: 'TRIGGER_PASSED', detail: '-2010: Stop price would trigger immediately.' };
    const progress = after({ result: 'refused', retryable: false, problem });
    expect(next(progress)).toEqual({ kind: 'finish', status: 'failed', problem });
  });

  it('is sent anew under the next attempt when its order surely was never placed, however often', () => {
    let progress = openProgress();
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      progress = after({ result: 'not-placed' }, { tried: { ...first, attempt }, progress, now: START + attempt });
      expect(next(progress, START + attempt)).toMatchObject({ kind: 'wait', until: START + attempt + 500 });
      expect(next(progress, START + attempt + 500)).toMatchObject({ child: 1, attempt: attempt + 1, role: 'resting' });
    }
  });

  it('is tried again within half a minute where something passing stands in its way, and then fails with it', () => {
    const problem = { code: 'BALANCE_INSUFFICIENT', detail: 'too little' };
    let progress = openProgress();
    let now = START;
    const pauses: number[] = [];
    for (let attempt = 1; ; attempt += 1) {
      progress = after({ result: 'refused', problem }, { tried: { ...first, attempt }, progress, now });
      const action = next(progress, now);
      if (action.kind !== 'wait') {
        expect(action).toEqual({ kind: 'finish', status: 'failed', problem });
        break;
      }
      pauses.push(action.until - now);
      now = action.until;
      expect(next(progress, now)).toMatchObject({ kind: 'child', child: 1, attempt: attempt + 1 });
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it('goes on as another child when a message took it back, once it may', () => {
    const taken = after({ result: 'partially-filled', totalFilled: '0.2' }, { tookBack: true });
    expect(next({ ...taken, paused: true })).toEqual({ kind: 'wait', until: plan.endAt, slice: null });
    expect(next(taken)).toMatchObject({ kind: 'child', slice: 1, child: 2, attempt: 1, role: 'resting' });
    expect(next({ ...taken, cancelRequested: true })).toMatchObject({ kind: 'finish', status: 'cancelled' });
  });

  it('is decided anew at once on an amended plan', () => {
    const progress = after({ result: 'carried', problem: { code: 'AMENDED', detail: '' } });
    expect(next(progress)).toMatchObject({ kind: 'child', child: 1, attempt: 2 });
    expect(progress.lastProblem).toBeNull();
  });

  it('is completed by dust only when something has traded', () => {
    const dust = { result: 'carried', problem: { code: 'BELOW_MINIMUM', detail: '' } } as const;
    expect(next(after({ ...dust, totalFilled: '0.49999' }))).toMatchObject({ status: 'completed' });
    expect(next(after(dust))).toMatchObject({ kind: 'wait' });
  });

  it('expires when its time is over', () => {
    expect(next(after({ result: 'expired' }, { now: plan.endAt + 1 }), plan.endAt + 1)).toMatchObject({
      kind: 'finish',
      status: 'expired',
    });
  });
});

describe('an execution of one marketable order', () => {
  const taker = { slice: 1, child: 1, attempt: 1, role: 'taker' } as const;
  const quick = singleOf();
  const ended = (given: Partial<ChildOutcome>) =>
    afterChild(quick, singleSchedule, openProgress(), taker, outcome(given), START);

  it('tries the unfilled rest again while its time lasts', () => {
    const progress = ended({ result: 'partially-filled', totalFilled: '0.2' });
    const action = nextAction(quick, singleSchedule, progress, START);
    expect(action).toMatchObject({ kind: 'wait', slice: 1 });
    const at = action.kind === 'wait' ? action.until : Number.NaN;
    expect(nextAction(quick, singleSchedule, progress, at)).toMatchObject({ child: 1, attempt: 2, role: 'taker' });
  });

  it('fails at the first refusal that would be repeated', () => {
    const problem = { code: '-2010', detail: 'Account has insufficient balance' };
    const progress = ended({ result: 'refused', retryable: false, problem });
    expect(nextAction(quick, singleSchedule, progress, START)).toEqual({ kind: 'finish', status: 'failed', problem });
  });
});
