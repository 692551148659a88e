import { CLOSE, decideSignal, HOLD, OPEN_LONG } from '../../strategies/rules.ts';
import type { ExitReason } from '../trade.ts';
import {
  CASH,
  ENTRY_BAR,
  MAX_BARS,
  PENDING,
  RUINED,
  STATE_SIZE,
  TIMED_OUT,
  UNITS,
  WATCHES_PRICES,
} from './combo-state.ts';
import { areExitsValid, openPosition, placeExits } from './entry-fill.ts';
import { closeAtMarket, fillReachedExit } from './exit-fill.ts';
import { findExit } from './exit-scan.ts';
import type { KernelTerms } from './kernel-terms.ts';
import { equityAt, markClose, markToMarket } from './mark-to-market.ts';
import type { MarketTables } from './market-tables.ts';
import { ruin } from './ruin.ts';
import type { SignalRuns } from './signal-runs.ts';
import type { TradeRecorder } from './trade-recorder.ts';

/** `decideSignal` by position + 1 and bits. */
const DECISIONS = Uint8Array.from({ length: 48 }, (_, k) => decideSignal(((k >> 4) - 1) as -1 | 0 | 1, k & 15));

/** What a pass over bars needs besides the state of the combination. */
export interface Pass {
  readonly market: MarketTables;
  readonly terms: KernelTerms;
  /** Of the tile that the bars lie in. */
  readonly signals: SignalRuns;
  /** `null` in grids. */
  readonly recorder: TradeRecorder | null;
  /** `false` at the end of the run, whose last bars are valued by `finishRun`; bars are passed one by one then. */
  readonly marks: boolean;
}

/**
 * Trades bars `from` to `to` (not included) of one combination, jumping from one bar in which something happens to the next. In a bar
 * come first what was ordered at the close before, then stops and targets, then its close and what the signals ask for there.
 */
export function passBars(pass: Pass, s: Float64Array, at: number, from: number, to: number): void {
  const { market, terms, signals, recorder, marks } = pass;
  const { bars, bits, count } = signals;
  let run = -1;
  let bar = from;
  if (s[at + RUINED] !== 0) return;
  while (bar < to) {
    if (s[at + PENDING] !== HOLD) fillPending(pass, s, at, bar);
    const units = s[at + UNITS]!;
    if (units === 0 && s[at + CASH]! <= 0) {
      ruin(pass, s, at, bar);
      return;
    }
    const side = units > 0 ? 1 : units < 0 ? -1 : 0;
    const decisions = (side + 1) << 4;
    // The next bar at whose close the signals ask for something.
    while (run + 1 < count && bars[run + 1]! <= bar) run++;
    let next = bar;
    if (run < 0 || DECISIONS[decisions + bits[run]!] === HOLD) {
      let ahead = run + 1;
      while (ahead < count && DECISIONS[decisions + bits[ahead]!] === HOLD) ahead++;
      next = ahead < count ? bars[ahead]! : to;
    }
    if (side !== 0) {
      const timeOut = s[at + ENTRY_BAR]! + s[at + MAX_BARS]!;
      if (timeOut < next) next = timeOut;
      const stop = next < to ? next + 1 : to;
      const exit = s[at + WATCHES_PRICES] !== 0 ? findExit(market, terms, s, at, bar, stop) : stop;
      if (exit < stop) next = exit;
      if (marks) {
        const ruinBar = markUntil(market, s, at, bar, next < to ? next : to, recorder);
        if (ruinBar >= 0) {
          ruin(pass, s, at, ruinBar);
          return;
        }
      }
      if (exit < stop) fillReachedExit(market, terms, s, at, exit, recorder);
    } else if (marks) markUntil(market, s, at, bar, next < to ? next : to, recorder);
    if (next >= to && marks) return;
    const close = next < to ? next : to - 1;
    if (equityAt(market, s, at, close) <= 0) {
      ruin(pass, s, at, close);
      return;
    }
    if (recorder !== null) recorder.held(s, at, close, close + 1);
    if (next >= to) return;
    while (run + 1 < count && bars[run + 1]! <= next) run++;
    decide(pass, s, at, next, run < 0 ? 0 : bits[run]!);
    if (marks) markClose(market, s, at, next);
    bar = next + 1;
  }
}

/** At the close of bar `bar`: what its signals ask for, or else the end of the position's time. */
function decide(pass: Pass, s: Float64Array, at: number, bar: number, bits: number): void {
  const { terms, recorder } = pass;
  const units = s[at + UNITS]!;
  let action = DECISIONS[((units > 0 ? 2 : units < 0 ? 0 : 1) << 4) + bits]!;
  const isTimedOut = action === HOLD && units !== 0 && bar >= s[at + ENTRY_BAR]! + s[at + MAX_BARS]!;
  if (isTimedOut) action = CLOSE;
  if (action === HOLD) return;
  if (recorder !== null) tellOrder(pass, s, at, bar, action, recorder);
  s[at + PENDING] = action;
  s[at + TIMED_OUT] = isTimedOut ? 1 : 0;
  if (!terms.broker.fillAtClose) return;
  fillOrder(pass, s, at, bar, bar, pass.market.close[bar]!);
  if (recorder !== null) recorder.held(s, at, bar, bar + 1);
}

function tellOrder(
  { market, terms }: Pass,
  s: Float64Array,
  at: number,
  bar: number,
  action: number,
  recorder: TradeRecorder,
): void {
  const side = action === OPEN_LONG ? 1 : -1;
  const entry = s.slice(at, at + STATE_SIZE);
  placeExits(terms, entry, 0, side, market.close[bar]!);
  const isValid = action === CLOSE || areExitsValid(terms, entry, 0, side, market.close[bar]!);
  recorder.ordered(action, s[at + UNITS] !== 0, isValid);
  if (!isValid) recorder.refused(bar, 'INVALID_EXITS', 'an exit lies on the wrong side of the price');
}

function fillPending(pass: Pass, s: Float64Array, at: number, bar: number): void {
  fillOrder(pass, s, at, bar - 1, bar, pass.market.open[bar]!);
}

/** Fills in bar `bar`, at `price` before costs, what was ordered at the close of `orderBar`: an exit, then an entry. */
function fillOrder(
  { market, terms, recorder }: Pass,
  s: Float64Array,
  at: number,
  orderBar: number,
  bar: number,
  price: number,
): void {
  const action = s[at + PENDING]!;
  s[at + PENDING] = HOLD;
  if (s[at + UNITS] !== 0) {
    const reason: ExitReason = s[at + TIMED_OUT] === 0 ? 'signal' : 'time-stop';
    closeAtMarket(terms, s, at, bar, price, reason, terms.broker.fillAtClose, recorder);
  }
  if (action === CLOSE) return;
  const side = action === OPEN_LONG ? 1 : -1;
  const close = market.close[orderBar]!;
  placeExits(terms, s, at, side, close);
  if (areExitsValid(terms, s, at, side, close)) {
    openPosition(terms, s, at, side, bar, price, orderBar, recorder);
  }
}

function markUntil(
  market: MarketTables,
  s: Float64Array,
  at: number,
  from: number,
  to: number,
  recorder: TradeRecorder | null,
): number {
  if (from >= to) return -1;
  const ruinBar = markToMarket(market, s, at, from, to);
  if (recorder !== null) recorder.held(s, at, from, ruinBar < 0 ? to : ruinBar);
  return ruinBar;
}
