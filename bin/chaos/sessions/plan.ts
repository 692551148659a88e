import type { DurationMs } from '../../../domain/market/decimal.ts';
import type { CatchUp } from '../../../domain/session/spec.ts';
import type { Dice } from '../dice.ts';

/** A strategy that trades through all runs of a series. */
export interface PlannedSession {
  readonly strategy: { readonly id: string } | { readonly file: string };
  readonly params: Readonly<Record<string, number>>;
  /** What an amendment changes to and fro; not longer than what it began with, so that its history suffices. */
  readonly amended: Readonly<Record<string, number>>;
  readonly catchUp: CatchUp;
}

/** What a person does to a session, `atMs` after its run began. */
export interface SessionIntervention {
  readonly atMs: DurationMs;
  /** The number of the session, from 0. */
  readonly session: number;
  readonly kind: 'pause' | 'resume' | 'amend';
}

/** All trade on bars of that length, so that several trades begin and end within minutes. */
export const SESSION_TIMEFRAME = '5s';
/** In quote: what a session holds at most is worth a third of it. */
export const SESSION_CAPITAL = '10000';
/** In quote, at the mid when the sessions start. */
export const SESSION_NOTIONAL = 3_000;

/**
 * Each with a protective stop that is hit now and then on the default venue: one that stays, one that follows, one with a target beside it. Each treats bars that
 * nobody could decide on in its own way. Found by backtests on candles of the synthetic market: some ten to twenty trades in 15 minutes each.
 */
const SESSIONS: readonly PlannedSession[] = [
  {
    strategy: { id: 'sma-cross' },
    params: { fast: 2, slow: 5, stopLoss: 0.001 },
    amended: { fast: 3 },
    catchUp: 'replay',
  },
  {
    strategy: { id: 'ema-cross' },
    params: { fast: 2, slow: 5, trailingStop: 0.001 },
    amended: { trailingStop: 0.0015 },
    catchUp: 'latest',
  },
  {
    strategy: { id: 'rsi-reversion' },
    params: { period: 4, oversold: 40, exit: 70, overbought: 80, stopLoss: 0.0008, takeProfit: 0.0008 },
    amended: { takeProfit: 0.0006 },
    catchUp: 'skip',
  },
];

/** The sessions of a series: the strategies in turn, or all with that of a file, as its parameters are by default. */
export function planSessions(count: number, file?: string): readonly PlannedSession[] {
  if (file !== undefined)
    return Array.from({ length: count }, () => ({ strategy: { file }, params: {}, amended: {}, catchUp: 'latest' }));
  return Array.from({ length: count }, (_, index) => SESSIONS[index % SESSIONS.length]!);
}

/** One session is paused and resumed, one amended: the next ones in each run. In the order of their instants. */
export function planSessionInterventions(
  dice: Dice,
  {
    sessions,
    strategyFile,
    lengthMs,
  }: { readonly sessions: number; readonly strategyFile?: string; readonly lengthMs: DurationMs },
  run: number,
): readonly SessionIntervention[] {
  if (sessions === 0) return [];
  const at = (least: number, most: number) => dice.whole(Math.round(least * lengthMs), Math.round(most * lengthMs));
  const pausedAt = at(0.1, 0.5);
  const session = run % sessions;
  const interventions: SessionIntervention[] = [
    { atMs: pausedAt, session, kind: 'pause' },
    { atMs: pausedAt + dice.whole(2_000, 8_000), session, kind: 'resume' },
    // What parameters a file has nobody knows here.
    ...(strategyFile === undefined
      ? [{ atMs: at(0.1, 0.7), session: (run + 1) % sessions, kind: 'amend' } as const]
      : []),
  ];
  return interventions.toSorted((a, b) => a.atMs - b.atMs);
}

/** What run `run` amends a session to: in turn the other parameters and those that it began with. */
export function amendmentOf({ params, amended }: PlannedSession, run: number): Readonly<Record<string, number>> {
  if (run % 2 === 1) return amended;
  return Object.fromEntries(Object.keys(amended).map((name) => [name, params[name]!]));
}
