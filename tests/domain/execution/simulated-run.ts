import Big from 'big.js';
import { sizeChild } from '../../../domain/execution/child-quantity.ts';
import type { ChildOutcome } from '../../../domain/execution/commands.ts';
import { type ExecutionPlan, numberParam } from '../../../domain/execution/plan.ts';
import {
  afterChild,
  type ExecutionProgress,
  type NextAction,
  nextAction,
  openProgress,
} from '../../../domain/execution/progress.ts';
import { twapSchedule } from '../../../domain/execution/twap/schedule.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';

export type ChildAction = Extract<NextAction, { kind: 'child' }>;
export type Message = 'pause' | 'resume' | 'cancel';
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
}

/** Runs a plan as the workflow does, against a venue that answers by chance. The progress passes through JSON in each step. */
export function simulate(plan: ExecutionPlan, instrument: Instrument, price: string, chance: Chance): Run {
  const tried: TriedChild[] = [];
  let progress = openProgress();
  let filled = new Big(0);
  let now = plan.startAt;
  for (let step = 0; step < 20_000; step += 1) {
    progress = JSON.parse(JSON.stringify(progress)) as ExecutionProgress;
    const action = nextAction(plan, twapSchedule, progress, now);
    if (action.kind === 'finish') return { finish: action, endedAt: now, filled: filled.toFixed(), progress, tried };
    if (action.kind === 'wait') {
      if (action.until <= now) throw new Error(`step ${step} waits for the past`);
      const heard = chance.message(action.until - now);
      if (heard === null) now = action.until + chance.lateMs();
      else {
        now += heard.afterMs;
        progress = told(progress, heard.message);
      }
      continue;
    }
    const { outcome, quantity, tookMs } = child(plan, instrument, price, filled, action, chance);
    filled = new Big(outcome.totalFilled);
    tried.push({ ...action, at: now, quantity, outcome });
    const heard = chance.message(tookMs);
    if (heard !== null) progress = told(progress, heard.message);
    now += tookMs;
    progress = afterChild(plan, twapSchedule, progress, action, outcome, now);
  }
  throw new Error('the execution does not end');
}

function told(progress: ExecutionProgress, message: Message): ExecutionProgress {
  return message === 'cancel' ? { ...progress, cancelRequested: true } : { ...progress, paused: message === 'pause' };
}

function child(
  plan: ExecutionPlan,
  instrument: Instrument,
  price: string,
  filled: Big,
  action: ChildAction,
  chance: Chance,
): { readonly outcome: ChildOutcome; readonly quantity: string; readonly tookMs: number } {
  const { answer, share, tookMs } = chance.child(action);
  const sizing = sizeChild({
    previousTarget: action.slice === 1 ? '0' : twapSchedule.target(plan, action.slice - 1),
    target: twapSchedule.target(plan, action.slice),
    finalTarget: twapSchedule.target(plan, twapSchedule.sliceCount(plan)),
    filled: filled.toFixed(),
    open: '0',
    catchUp: 'skip',
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
