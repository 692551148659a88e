import { isDeepStrictEqual } from 'node:util';
import Big from 'big.js';
import {
  amend,
  amendmentProblem,
  type AmendmentRequest,
  type Course,
  courseOf,
  type Standing,
} from '../../../domain/execution/amendment.ts';
import { CATCH_UP_POLICIES, sizeChild } from '../../../domain/execution/child-quantity.ts';
import type { ChildOutcome } from '../../../domain/execution/commands.ts';
import { choiceParam, type ExecutionPlan, numberParam } from '../../../domain/execution/plan.ts';
import {
  afterAmendment,
  afterChild,
  type ExecutionProgress,
  type NextAction,
  nextAction,
  openProgress,
} from '../../../domain/execution/progress.ts';
import { TWAP_MAX_DURATION_MS, twapSchedule } from '../../../domain/execution/twap/schedule.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';

export type ChildAction = Extract<NextAction, { kind: 'child' }>;
export type Message = 'pause' | 'resume' | 'cancel' | { readonly amend: (now: number) => AmendmentRequest };
export type VenueAnswer = 'filled' | 'part' | 'expired' | 'refused' | 'refused-for-good' | 'not-placed';

/** What chance decides in a simulated run. */
export interface Chance {
  /** Answer of the venue, share of the order that a partial fill fills (0 to 1), and how long the child takes. */
  child(action: ChildAction): { readonly answer: VenueAnswer; readonly share: number; readonly tookMs: number };
  /** A message that comes within the next `withinMs`, and when; `null` for none. */
  message(withinMs: number): { readonly message: Message; readonly afterMs: number } | null;
  /** How late a timer fires: 0, or long when everything was down. */
  lateMs(): number;
}

export interface TriedChild extends ChildAction {
  /** Plan and schedule as they were then. */
  readonly course: Course;
  /** When the workflow asked for it. */
  readonly at: number;
  readonly quantity: string;
  readonly outcome: ChildOutcome;
}

export interface Run {
  readonly finish: Extract<NextAction, { kind: 'finish' }>;
  readonly endedAt: number;
  readonly filled: string;
  readonly progress: ExecutionProgress;
  readonly tried: readonly TriedChild[];
  /** Plan and schedule at the end. */
  readonly course: Course;
  /** Amendments that were accepted. */
  readonly amendments: number;
}

/** Runs a plan as the workflow does, against a venue that answers by chance. The progress passes through JSON in each step. */
export function simulate(plan: ExecutionPlan, instrument: Instrument, price: string, chance: Chance): Run {
  const tried: TriedChild[] = [];
  let progress = openProgress();
  let filled = new Big(0);
  let now = plan.startAt;
  let amendments = 0;
  /** A message, while a child for `working` with an order of `open` is under way. */
  const hear = (message: Message, at: number, working = 0, open = '0'): void => {
    if (typeof message === 'string') {
      progress = told(progress, message);
      return;
    }
    const { amendment, handledSlices } = progress;
    const standing: Standing = {
      amendment,
      behind: Math.max(handledSlices, working),
      filled: progress.filled,
      now: at,
    };
    const course = courseOf(plan, twapSchedule, amendment);
    const request = message.amend(at);
    if (progress.cancelRequested || amendmentProblem(course.plan, standing, request, TWAP_MAX_DURATION_MS) !== null)
      return;
    const next = amend(plan, twapSchedule, standing, request);
    // As the database decides it: nothing that has filled or may still fill is amended away.
    if (next === null || new Big(next.quantity).lt(new Big(progress.filled).plus(open))) return;
    progress = afterAmendment(progress, next);
    amendments += 1;
  };
  for (let step = 0; step < 20_000; step += 1) {
    progress = throughJson(progress);
    const course = courseOf(plan, twapSchedule, progress.amendment);
    const action = nextAction(course.plan, course.schedule, progress, now);
    if (action.kind === 'finish')
      return { finish: action, endedAt: now, filled: filled.toFixed(), progress, tried, course, amendments };
    if (action.kind === 'wait') {
      if (action.until <= now) throw new Error(`step ${step} waits for the past`);
      const heard = chance.message(action.until - now);
      if (heard === null) now = action.until + chance.lateMs();
      else {
        now += heard.afterMs;
        hear(heard.message, now);
      }
      continue;
    }
    const { outcome, quantity, tookMs } = child(course, instrument, price, filled, action, chance);
    filled = new Big(outcome.totalFilled);
    tried.push({ ...action, course, at: now, quantity, outcome });
    // An order at the touch that does not fill waits until its time is over.
    const waits = action.role === 'maker' && outcome.result !== 'filled' && outcome.result !== 'carried';
    const took = waits ? action.notAfter - now + tookMs : tookMs;
    const heard = chance.message(took);
    if (heard !== null) hear(heard.message, now + heard.afterMs, action.slice, quantity);
    now += took;
    const current = courseOf(plan, twapSchedule, progress.amendment);
    progress = afterChild(current.plan, current.schedule, progress, action, outcome, now);
  }
  throw new Error('the execution does not end');
}

/** As a run that is continued gets it. Throws when anything of it is lost on the way. */
function throughJson(progress: ExecutionProgress): ExecutionProgress {
  const carried = JSON.parse(JSON.stringify(progress)) as ExecutionProgress;
  if (!isDeepStrictEqual(carried, progress)) throw new Error(`JSON changes ${JSON.stringify(progress)}`);
  return carried;
}

function told(progress: ExecutionProgress, message: Extract<Message, string>): ExecutionProgress {
  return message === 'cancel' ? { ...progress, cancelRequested: true } : { ...progress, paused: message === 'pause' };
}

function child(
  { plan, schedule }: Course,
  instrument: Instrument,
  price: string,
  filled: Big,
  action: ChildAction,
  chance: Chance,
): { readonly outcome: ChildOutcome; readonly quantity: string; readonly tookMs: number } {
  const { answer, share, tookMs } = chance.child(action);
  const sizing = sizeChild({
    previousTarget: action.slice === 1 ? '0' : schedule.target(plan, action.slice - 1),
    target: schedule.target(plan, action.slice),
    finalTarget: schedule.target(plan, schedule.sliceCount(plan)),
    filled: filled.toFixed(),
    open: '0',
    catchUp: choiceParam(plan, 'catchUp', CATCH_UP_POLICIES),
    catchUpFactor: numberParam(plan, 'catchUpFactor'),
    participationCap: null,
    instrument,
    price,
  });
  const ended = (result: ChildOutcome['result'], traded: Big, code: string | null, retryable = true) => ({
    outcome: {
      result,
      totalFilled: filled.plus(traded).toFixed(),
      problem: code === null ? null : { code, detail: code },
      retryable,
    },
    quantity: sizing.kind === 'child' ? sizing.quantity.toFixed() : '0',
    tookMs,
  });
  const none = new Big(0);
  if (sizing.kind === 'nothing') return ended('carried', none, sizing.reason);
  const lots = sizing.quantity.div(instrument.lot);
  switch (answer) {
    case 'filled':
      return ended('filled', sizing.quantity, null);
    case 'part': {
      const part = lots.times(share).round(0, Big.roundDown);
      return part.eq(0) || part.eq(lots)
        ? ended('expired', none, null)
        : ended('partially-filled', part.times(instrument.lot), null);
    }
    case 'refused-for-good':
      return ended('refused', none, '-1013', false);
    case 'refused':
      return ended('refused', none, '-1003');
    case 'expired':
    case 'not-placed':
      return ended(answer, none, null);
    default:
      return answer satisfies never;
  }
}
