import type { BarContext, OnBar } from '../../strategies/strategy.ts';
import type { IntrabarPath } from '../settings.ts';
import { fillAtCloses } from './at-close.ts';
import { endBar, orderTimeStops } from './bar-end.ts';
import type { CashAccount } from './cash-account.ts';
import { closeAll, finishDesk } from './last-bar.ts';
import { fillAtOpen, LEGS, walkLeg } from './path-walk.ts';
import { RunCancelled } from './run-cancelled.ts';
import { strategyFailure } from './strategy-failure.ts';
import type { SymbolDesk } from './symbol-desk.ts';
import { fillWorstFirst } from './worst-first.ts';

/** Bars between two reports of progress. */
const PROGRESS_BARS = 4_096;

/** A desk and who decides what it orders. */
export interface Seat {
  readonly desk: SymbolDesk;
  readonly onBar: OnBar;
  readonly context: BarContext;
  /** First bar at which the strategy is asked, and the end of the bars, not included. */
  readonly start: number;
  readonly end: number;
}

export interface LoopTerms {
  readonly strategyId: string;
  readonly path: IntrabarPath;
  readonly fillsAtClose: boolean;
  readonly finalize: boolean;
  readonly onProgress: ((barsDone: number) => boolean | undefined) | undefined;
}

/**
 * Goes through the joint time axis. At each of its times: all symbols that have a bar fill it, equity is recorded at the closes, then
 * their strategies are asked in the order of the symbols, and what they order for these closes fills.
 *
 * @returns whether equity fell to 0, which ends the run.
 */
export function runBars(seats: readonly Seat[], account: CashAccount, terms: LoopTerms): boolean {
  const { times } = account.curve;
  const { onProgress, finalize, fillsAtClose } = terms;
  const active: Seat[] = [];
  const desks: SymbolDesk[] = [];
  let asked: SymbolDesk | null = null;
  try {
    for (let t = 0; t < times.length; t++) {
      beginBar(seats, times[t]!, active, desks);
      fillBars(desks, terms.path);
      const equity = account.equity();
      account.curve.record(equity);
      if (equity <= 0) {
        ruin(account);
        return true;
      }
      for (let k = 0; k < active.length; k++) {
        const { desk, start, onBar, context } = active[k]!;
        if (desk.bar < start) continue;
        asked = desk;
        onBar(context);
        asked = null;
      }
      for (let k = 0; k < desks.length; k++) if (desks[k]!.hasTimeStop) orderTimeStops(desks[k]!);
      if (fillsAtClose && fillAtCloses(desks)) account.curve.replaceLast(account.equity());
      for (let k = 0; k < active.length; k++) {
        const { desk, end } = active[k]!;
        if (desk.bar === end - 1) finishDesk(desk, finalize);
      }
      if (onProgress !== undefined && (t + 1) % PROGRESS_BARS === 0) report(onProgress, t + 1);
    }
  } catch (error) {
    throw asked === null ? error : strategyFailure(error, terms.strategyId, asked);
  }
  if (onProgress !== undefined) report(onProgress, times.length);
  return false;
}

/** Moves the symbols that have a bar at `time` on to it, and lists them. */
function beginBar(seats: readonly Seat[], time: number, active: Seat[], desks: SymbolDesk[]): void {
  let count = 0;
  for (let s = 0; s < seats.length; s++) {
    const seat = seats[s]!;
    const { desk } = seat;
    const bar = desk.bar + 1;
    if (bar >= seat.end || desk.candles.time[bar] !== time) continue;
    desk.bar = bar;
    desk.board.moveTo(bar);
    desk.mark = desk.candles.open[bar]!;
    active[count] = seat;
    desks[count++] = desk;
  }
  if (active.length !== count) {
    active.length = count;
    desks.length = count;
  }
}

function fillBars(desks: readonly SymbolDesk[], path: IntrabarPath): void {
  if (path === 'worst-first') fillWorstFirst(desks);
  else walkPaths(desks, path);
  for (let k = 0; k < desks.length; k++) {
    const desk = desks[k]!;
    desk.mark = desk.candles.close[desk.bar]!;
    if (desk.hasTrailing || desk.book.needsBarEnd) endBar(desk);
  }
}

/** All symbols at the open, then all along the first leg, and so on. */
function walkPaths(desks: readonly SymbolDesk[], path: IntrabarPath): void {
  for (let k = 0; k < desks.length; k++) if (!desks[k]!.book.isEmpty) fillAtOpen(desks[k]!);
  for (let leg = 0; leg < LEGS; leg++) {
    for (let k = 0; k < desks.length; k++) if (!desks[k]!.book.isEmpty) walkLeg(desks[k]!, path, leg);
  }
}

function ruin(account: CashAccount): void {
  for (const desk of account.desks) closeAll(desk, 'ruin');
  // What is owed beyond the capital is written off.
  account.cash = 0;
  account.curve.replaceLast(0);
}

function report(onProgress: (barsDone: number) => boolean | undefined, barsDone: number): void {
  if (onProgress(barsDone) === false) throw new RunCancelled();
}
