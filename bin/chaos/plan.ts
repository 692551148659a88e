import type { DurationMs } from '../../domain/market/decimal.ts';
import { Dice } from './dice.ts';
import { type Target, VENUE_FAULTS } from './targets.ts';
import { planSessionInterventions, type SessionIntervention } from './sessions/plan.ts';
import { drawVenueFault, type VenueFault } from './venue-faults.ts';

/** What a series of runs is asked for. */
export interface ChaosPlan {
  readonly seed: number;
  readonly targets: readonly Target[];
  readonly faultsPerRun: number;
  readonly executions: number;
  /** Sessions that trade through all runs. */
  readonly sessions: number;
  /** What they trade by instead of strategies of the platform. */
  readonly strategyFile?: string;
  /** The longest that an execution is planned for; without executions what a run lasts. */
  readonly lengthMs: DurationMs;
}

/** One disturbance, `atMs` after its run began. Numbers of things are taken modulo how many there are. */
export type Strike =
  | { readonly atMs: DurationMs; readonly kind: 'kill'; readonly target: string; readonly instance: number }
  | { readonly atMs: DurationMs; readonly kind: 'fault'; readonly venue: number; readonly fault: VenueFault };

/** What a person does to an execution, `atMs` after it was accepted; amounts and lengths are shares of what was planned. */
export type Intervention =
  | { readonly atMs: DurationMs; readonly kind: 'pause' | 'resume' | 'cancel' }
  | {
      readonly atMs: DurationMs;
      readonly kind: 'amend';
      readonly quantityFactor: number;
      readonly durationFactor: number;
    };

/** Nothing may be sent for `forMs`, from `atMs` after the run began. */
export interface PlannedHalt {
  readonly atMs: DurationMs;
  readonly forMs: DurationMs;
}

/** One TWAP of a run. */
export interface PlannedExecution {
  readonly side: 'buy' | 'sell';
  /** Which of all markets of all venues. */
  readonly market: number;
  /** In quote, at the mid when it starts. */
  readonly notional: number;
  readonly durationMs: DurationMs;
  readonly params: Readonly<Record<string, number | string>>;
  /** In the order of their instants. */
  readonly interventions: readonly Intervention[];
}

export interface RunPlan {
  readonly run: number;
  /** See `graceOf`. */
  readonly graceMs: DurationMs;
  readonly executions: readonly PlannedExecution[];
  /** In the order of their instants. */
  readonly strikes: readonly Strike[];
  readonly halt: PlannedHalt | null;
  /** In the order of their instants. */
  readonly sessionInterventions: readonly SessionIntervention[];
  /** What it lasts at least: it has no executions to wait for. */
  readonly lastsMs: DurationMs;
}

/** Twenty runs of executions of this length, with what comes before and after, fit into half an hour. */
export const DEFAULT_LENGTH_MS: DurationMs = 50_000;
/** The shortest execution, as a share of the longest. */
const SHORTEST = 0.76;
/** Strikes come from the start itself, which is thus disturbed as well, to where every execution still has slices ahead. */
const LAST_STRIKE = 0.72;
/** Slices whose times are jittered by nearly half an interval must still be 100 ms apart. */
const LEAST_INTERVAL_MS: DurationMs = 1_500;
/** What a slice that waits at the touch has at least for waiting, and for crossing. */
const LEAST_PART_MS: DurationMs = 1_000;
/** The most that slices which wait at the touch are jittered, in half intervals: they need their time. */
const MOST_JITTER_OF_WAITING = 0.3;
/** Draws about interventions come from dice of their own: what is struck when does not hang on what people do. */
const INTERVENTION_DICE = 0x5bd1e995;
const SESSION_DICE = 0x27d4eb2f;
/** In every run one execution is of each of these kinds, as far as there are as many. */
const ROLES = ['resting', 'amended', 'paused', 'cancelled'] as const;
const HALTED_SHARE = 0.5;
/** An order that waits at the touch for most of its execution: longer than any start or take-over has patience. */
const RESTING_SHARE = 0.8;
/** How many of all strikes are failures of a venue, where those are among the targets: they come in many kinds. */
const FAULT_SHARE = 0.35;

/** How long after its planned end an execution may still be at work before it counts as unfinished. */
export function graceOf({ lengthMs }: Pick<ChaosPlan, 'lengthMs'>): DurationMs {
  return 2 * lengthMs + 20_000;
}

/** Everything that is random in run `run`: a pure function of the plan and the number. */
export function planRun(plan: ChaosPlan, run: number): RunPlan {
  const dice = new Dice(plan.seed, run);
  const flip = dice.whole(0, 1);
  const executions = Array.from({ length: plan.executions }, (_, index) =>
    planExecution(dice, plan, (index + flip) % 2),
  );
  const strikes = Array.from({ length: plan.faultsPerRun }, () => planStrike(dice, plan));
  const people = new Dice(plan.seed ^ INTERVENTION_DICE, run);
  const first = people.whole(0, Math.max(0, plan.executions - 1));
  return {
    run,
    graceMs: graceOf(plan),
    executions: executions.map((each, index) =>
      inRole(people, each, (index - first + plan.executions) % plan.executions),
    ),
    strikes: strikes.toSorted((a, b) => a.atMs - b.atMs),
    halt: people.chance(HALTED_SHARE)
      ? { atMs: people.whole(0.1 * plan.lengthMs, 0.6 * plan.lengthMs), forMs: people.whole(1_000, 4_000) }
      : null,
    sessionInterventions: planSessionInterventions(new Dice(plan.seed ^ SESSION_DICE, run), plan, run),
    lastsMs: plan.executions === 0 ? plan.lengthMs : 0,
  };
}

/** The same execution as one that people meddle with, or that rests; those beyond the roles are left alone. */
export function inRole(dice: Dice, execution: PlannedExecution, role: number): PlannedExecution {
  const { durationMs, params } = execution;
  const at = (least: number, most: number) => dice.whole(Math.round(least * durationMs), Math.round(most * durationMs));
  const name = ROLES[role];
  switch (name) {
    case 'resting': {
      const still = { slices: 1, jitterTime: 0, style: 'maker-first', crossAfter: RESTING_SHARE };
      return { ...execution, params: { ...params, ...still } };
    }
    case 'amended': {
      const quantityFactor = dice.real(0.7, 1.4, 2);
      const durationFactor = dice.real(1, 1.2, 2);
      return { ...execution, interventions: [{ atMs: at(0.1, 0.5), kind: 'amend', quantityFactor, durationFactor }] };
    }
    case 'paused': {
      const atMs = at(0.1, 0.5);
      const resumed = { atMs: atMs + dice.whole(1_000, 4_000), kind: 'resume' } as const;
      return { ...execution, interventions: [{ atMs, kind: 'pause' }, resumed] };
    }
    case 'cancelled':
      return { ...execution, interventions: [{ atMs: at(0.3, 0.7), kind: 'cancel' }] };
    case undefined:
      return execution;
    default:
      return name satisfies never;
  }
}

/** A strike out of a row without an end; strike `index` comes at `atMs`. */
export function planSingleStrike(plan: ChaosPlan, index: number, atMs: DurationMs): Strike {
  return { ...planStrike(new Dice(plan.seed, -1 - index), plan), atMs };
}

/** Both sides in turn, so that the account's holdings last however many runs there are. */
export function planExecution(dice: Dice, { lengthMs }: ChaosPlan, turn: number): PlannedExecution {
  const durationMs = dice.whole(Math.round(SHORTEST * lengthMs), lengthMs);
  const mostSlices = Math.min(16, Math.floor(durationMs / LEAST_INTERVAL_MS));
  return {
    side: turn === 0 ? 'buy' : 'sell',
    market: dice.whole(0, 999),
    notional: dice.whole(3_000, 20_000),
    durationMs,
    params: fitting(durationMs, {
      slices: dice.whole(Math.min(8, mostSlices), mostSlices),
      catchUpFactor: dice.real(1.5, 4, 1),
      // Some of these reach too little of the book to fill whole.
      aggressionBps: dice.oneOf([2, 10, 20, 50]),
      catchUp: dice.oneOf(['skip', 'spread', 'burst']),
      jitterTime: dice.oneOf([0, 0, 0.3, 0.9]),
      jitterSize: dice.oneOf([0, 0, 0.3, 0.9]),
      ...(dice.chance(0.3) ? { style: 'maker-first', crossAfter: dice.real(0.3, 0.8, 1) } : {}),
      ...(dice.chance(0.2) ? { maxParticipation: dice.real(0.1, 0.5, 1) } : {}),
    }),
    interventions: [],
  };
}

/** The same parameters where they can be used; slices that wait at the touch get the time that they need for it. */
function fitting(durationMs: DurationMs, params: PlannedExecution['params']): PlannedExecution['params'] {
  const { crossAfter, jitterTime, slices } = params;
  if (typeof crossAfter !== 'number') return params;
  const jitter = Math.min(Number(jitterTime), MOST_JITTER_OF_WAITING);
  const shorter = durationMs * (1 - jitter) * Math.min(crossAfter, 1 - crossAfter);
  return {
    ...params,
    jitterTime: jitter,
    slices: Math.max(1, Math.min(Number(slices), Math.floor(shorter / LEAST_PART_MS))),
  };
}

function planStrike(dice: Dice, { targets, lengthMs }: ChaosPlan): Strike {
  const atMs = dice.whole(0, Math.round(LAST_STRIKE * lengthMs));
  const processes = targets.filter((target) => target !== VENUE_FAULTS);
  const ofVenue = dice.chance(FAULT_SHARE);
  if (processes.length === 0 || (ofVenue && targets.includes(VENUE_FAULTS))) {
    return { atMs, kind: 'fault', venue: dice.whole(0, 999), fault: drawVenueFault(dice) };
  }
  return { atMs, kind: 'kill', target: dice.oneOf(processes), instance: dice.whole(0, 999) };
}

/** A strike in a few words. */
export function strikeInWords(strike: Strike): string {
  if (strike.kind === 'kill') return `kill ${strike.target}`;
  const { endpoint, kind, ...rest } = strike.fault;
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return [`${kind} on ${endpoint}`, ...details].join(', ');
}
