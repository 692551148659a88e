import type { ExitReason } from '../trade.ts';
import { CLOSE, decideSignal, HOLD, OPEN_LONG } from '../../strategies/rules.ts';
import type { BrokerTerms } from './broker-terms.ts';
import {
  CASH,
  COMMISSION,
  COST,
  ENTRY_BAR,
  ENTRY_COMMISSION,
  ENTRY_PRICE,
  EXPOSURE,
  FILLS,
  GROSS_LOSS,
  GROSS_PROFIT,
  LAST_EXPOSED,
  MAX_BARS,
  PENDING,
  STOP,
  STOP_LOSS,
  TAKE_PROFIT,
  TARGET,
  TRADES,
  TRAIL,
  TRAILING_STOP,
  UNITS,
  WINS,
} from './combo-state.ts';
import { findExit } from './exit-scan.ts';
import type { MarketTables } from './market-tables.ts';
import { markToMarket } from './mark-to-market.ts';
import type { SignalRuns } from './signal-tile.ts';

/** `decideSignal` by position + 1 and bits. */
const DECISIONS = Uint8Array.from({ length: 48 }, (_, k) => decideSignal(((k >> 4) - 1) as -1 | 0 | 1, k & 15));

export interface TradeRecorder {
  closed(
    s: Float64Array,
    at: number,
    exitBar: number,
    exitPrice: number,
    commission: number,
    pnl: number,
    reason: ExitReason,
  ): void;
  held(s: Float64Array, at: number, from: number, to: number): void;
}

/** Trades bars `from` to `to` (not included) of one combination. */
export function runTile(
  market: MarketTables,
  terms: BrokerTerms,
  signals: SignalRuns,
  s: Float64Array,
  at: number,
  from: number,
  to: number,
  recorder: TradeRecorder | null,
): void {
  const { bars, bits, count } = signals;
  let run = -1;
  let bar = from;
  while (bar < to) {
    if (s[at + PENDING] !== HOLD) fillPending(market, terms, s, at, bar, recorder);
    const units = s[at + UNITS]!;
    const side = units > 0 ? 1 : units < 0 ? -1 : 0;
    const decisions = (side + 1) << 4;
    // The next bar at whose close the signals ask for something.
    while (run + 1 < count && bars[run + 1]! <= bar) run++;
    let ahead = run;
    let next = bar;
    if (ahead < 0 || DECISIONS[decisions + bits[ahead]!] === HOLD) {
      do ahead++;
      while (ahead < count && DECISIONS[decisions + bits[ahead]!] === HOLD);
      next = ahead < count ? bars[ahead]! : to;
    }
    let last = next;
    if (side !== 0) {
      const timeOut = s[at + ENTRY_BAR]! + s[at + MAX_BARS]!;
      if (timeOut < last) last = timeOut < bar ? bar : timeOut;
      const stop = Math.min(last + 1, to);
      const exit = findExit(market, s, at, bar, stop);
      if (exit < stop) {
        markUntil(market, s, at, bar, exit, recorder);
        fillExit(market, terms, s, at, exit, recorder);
        last = exit;
      } else markUntil(market, s, at, bar, Math.min(last, to), recorder);
    } else markUntil(market, s, at, bar, Math.min(last, to), recorder);
    if (last >= to) return;
    // The close of bar `last`.
    while (run + 1 < count && bars[run + 1]! <= last) run++;
    const now = s[at + UNITS]!;
    const position = now > 0 ? 2 : now < 0 ? 0 : 1;
    let action = run < 0 ? HOLD : DECISIONS[(position << 4) + bits[run]!]!;
    let reason: ExitReason = 'signal';
    if (action === HOLD && now !== 0 && last >= s[at + ENTRY_BAR]! + s[at + MAX_BARS]!) {
      action = CLOSE;
      reason = 'time-stop';
    }
    if (action !== HOLD) {
      if (terms.fillsAtClose) {
        trade(market, terms, s, at, action, last, market.close[last]!, last, reason, recorder);
      } else s[at + PENDING] = action;
    }
    markUntil(market, s, at, last, last + 1, recorder);
    bar = last + 1;
  }
}

/** What is left to do after the last bar. */
export function finishRun(
  market: MarketTables,
  terms: BrokerTerms,
  s: Float64Array,
  at: number,
  recorder: TradeRecorder | null,
): void {
  const last = market.end - 1;
  if (terms.finalize && s[at + UNITS] !== 0) {
    closePosition(terms, s, at, last, market.close[last]!, 'end-of-data', recorder);
  }
}

function markUntil(
  market: MarketTables,
  s: Float64Array,
  at: number,
  from: number,
  to: number,
  recorder: TradeRecorder | null,
): void {
  markToMarket(market, s, at, from, to);
  if (recorder !== null) recorder.held(s, at, from, to);
}

function fillPending(
  market: MarketTables,
  terms: BrokerTerms,
  s: Float64Array,
  at: number,
  bar: number,
  recorder: TradeRecorder | null,
): void {
  const action = s[at + PENDING]!;
  s[at + PENDING] = HOLD;
  trade(market, terms, s, at, action, bar, market.open[bar]!, bar - 1, 'signal', recorder);
}

/** Fills what a signal asks for at `price` in bar `bar`: closes what is held, then opens. */
function trade(
  market: MarketTables,
  terms: BrokerTerms,
  s: Float64Array,
  at: number,
  action: number,
  bar: number,
  price: number,
  signalBar: number,
  reason: ExitReason,
  recorder: TradeRecorder | null,
): void {
  if (s[at + UNITS] !== 0) closePosition(terms, s, at, bar, price, reason, recorder);
  if (action === CLOSE) return;
  openPosition(terms, s, at, action === OPEN_LONG ? 1 : -1, bar, price, market.close[signalBar]!);
}

function openPosition(
  terms: BrokerTerms,
  s: Float64Array,
  at: number,
  side: 1 | -1,
  bar: number,
  price: number,
  signalClose: number,
): void {
  const entry = price * (1 + side * terms.spread) * (1 + side * terms.slippage);
  const available = s[at + CASH]!;
  let size: number;
  if (terms.sizing === 'cashShare') {
    size = ((available * terms.sizeValue) / terms.margin - terms.fixed) / (entry * (1 + terms.taker));
  } else if (terms.sizing === 'cash') size = terms.sizeValue / entry;
  else size = terms.sizeValue;
  if (terms.lot > 0) size = Math.floor(size / terms.lot) * terms.lot;
  if (!(size > 0) || size * entry < terms.minNotional) return;
  const commission = size * entry * terms.taker + terms.fixed;
  s[at + CASH] = available - commission;
  s[at + COST] = side * size * entry;
  s[at + UNITS] = side * size;
  s[at + ENTRY_PRICE] = entry;
  s[at + ENTRY_BAR] = bar;
  s[at + ENTRY_COMMISSION] = commission;
  s[at + COMMISSION]! += commission;
  s[at + FILLS]! += 1;
  const stopLoss = s[at + STOP_LOSS]!;
  const takeProfit = s[at + TAKE_PROFIT]!;
  s[at + STOP] = Number.isNaN(stopLoss) ? -side * Infinity : signalClose * (1 - side * stopLoss);
  s[at + TARGET] = Number.isNaN(takeProfit) ? side * Infinity : signalClose * (1 + side * takeProfit);
  s[at + TRAIL] = signalClose * (1 - side * s[at + TRAILING_STOP]!);
}

function fillExit(
  market: MarketTables,
  terms: BrokerTerms,
  s: Float64Array,
  at: number,
  bar: number,
  recorder: TradeRecorder | null,
): void {
  const side = s[at + UNITS]! > 0 ? 1 : -1;
  const trail = s[at + TRAIL]!;
  const fixed = s[at + STOP]!;
  const isTrail = side * trail > side * fixed;
  const stop = isTrail ? trail : fixed;
  const open = market.open[bar]!;
  const isStopped = side > 0 ? market.low[bar]! <= stop : market.high[bar]! >= stop;
  if (isStopped) {
    const price = side > 0 ? Math.min(open, stop) : Math.max(open, stop);
    closePosition(terms, s, at, bar, price, isTrail ? 'trailing-stop' : 'stop-loss', recorder);
  } else {
    const target = s[at + TARGET]!;
    const price = side > 0 ? Math.max(open, target) : Math.min(open, target);
    closePosition(terms, s, at, bar, price, 'take-profit', recorder);
  }
}

function closePosition(
  terms: BrokerTerms,
  s: Float64Array,
  at: number,
  bar: number,
  price: number,
  reason: ExitReason,
  recorder: TradeRecorder | null,
): void {
  const units = s[at + UNITS]!;
  const side = units > 0 ? 1 : -1;
  const exit = price * (1 - side * terms.slippage);
  const commission = Math.abs(units) * exit * terms.taker + terms.fixed;
  const total = s[at + ENTRY_COMMISSION]! + commission;
  const pnl = units * (exit - s[at + ENTRY_PRICE]!) - total;
  if (recorder !== null) recorder.closed(s, at, bar, exit, total, pnl, reason);
  s[at + CASH]! += units * (exit - s[at + ENTRY_PRICE]!) - commission;
  s[at + UNITS] = 0;
  s[at + COMMISSION]! += commission;
  s[at + FILLS]! += 1;
  s[at + TRADES]! += 1;
  if (pnl > 0) {
    s[at + WINS]! += 1;
    s[at + GROSS_PROFIT]! += pnl;
  } else s[at + GROSS_LOSS]! -= pnl;
  const firstNew = Math.max(s[at + ENTRY_BAR]!, s[at + LAST_EXPOSED]! + 1);
  s[at + EXPOSURE]! += bar - firstNew + 1;
  s[at + LAST_EXPOSED] = bar;
}
