import { type Candles, closeTime } from '../../market/candles.ts';
import { CLOSE } from '../../strategies/rules.ts';
import { excursionsOf } from '../engine/excursions.ts';
import { AT_CLOSE, AT_OPEN } from '../engine/open-trade.ts';
import { OrderTally } from '../engine/order-tally.ts';
import type { TradingSteps } from '../engine/steps.ts';
import type { Refusal } from '../run.ts';
import type { Trade } from '../trade.ts';
import { CASH, COST, ENTRY_BAR, ENTRY_COMMISSION, ENTRY_PRICE, STOP, TARGET, TRAIL, UNITS } from './combo-state.ts';
import type { KernelTerms } from './kernel-terms.ts';
import type { RecordedExit, TradeRecorder } from './trade-recorder.ts';

/** The strategy's lines at the bar that ordered an entry, by their names. */
export type EntryValues = (bar: number) => Readonly<Record<string, number | null>>;

/** Writes down what the event engine writes down: trades, equity, and what became of the orders. */
export class RunRecorder implements TradeRecorder {
  readonly trades: Trade[] = [];
  readonly equity: Float64Array;
  readonly tally = new OrderTally();
  readonly #candles: Candles;
  readonly #terms: KernelTerms;
  readonly #start: number;
  readonly #entryValues: EntryValues | null;
  /** Orders of the last close that are not filled yet. */
  #waiting = 0;
  #values: Readonly<Record<string, number | null>> = {};

  constructor(candles: Candles, terms: KernelTerms, start: number, end: number, entryValues: EntryValues | null) {
    this.#candles = candles;
    this.#terms = terms;
    this.#start = start;
    this.#entryValues = entryValues;
    this.equity = new Float64Array(end - start);
  }

  ordered(action: number, isHolding: boolean, areExitsValid: boolean): void {
    const orders = (isHolding ? 1 : 0) + (action === CLOSE ? 0 : 1);
    this.tally.submitted += orders;
    this.#waiting = orders;
    // An exclusive entry cancels what waits and orders its own exit of what is held.
    if (action !== CLOSE && isHolding && areExitsValid && this.#terms.broker.exclusive) {
      this.tally.submitted++;
      this.tally.cancelled++;
    }
  }

  refused(bar: number, code: Refusal['code'], detail: string): void {
    this.#waiting--;
    this.tally.refused++;
    this.tally.note({ bar, symbol: this.#candles.symbol, code, detail });
  }

  entered(orderBar: number): void {
    this.#waiting--;
    this.tally.filled++;
    this.#values = this.#entryValues?.(orderBar) ?? {};
  }

  exited(s: Float64Array, at: number, exit: RecordedExit): void {
    this.trades.push(this.#trade(s, at, exit, false));
    const { bar, reason, price, isAtClose } = exit;
    if (reason === 'signal' || reason === 'time-stop') {
      this.#waiting--;
      this.tally.filled++;
    }
    // The close before the last has been valued already when the end of the data leaves the trade there.
    if (isAtClose && reason === 'end-of-data') {
      this.equity[bar - this.#start]! += s[at + UNITS]! * (price - this.#candles.close[bar]!) - exit.exitCommission;
    }
  }

  held(s: Float64Array, at: number, from: number, to: number): void {
    const { close } = this.#candles;
    const [cash, units, cost] = [s[at + CASH]!, s[at + UNITS]!, s[at + COST]!];
    for (let i = from; i < to; i++) this.equity[i - this.#start] = cash + (units === 0 ? 0 : close[i]! * units - cost);
  }

  /** The trade that is still held after the last bar, valued at its close and without costs of an exit. */
  openTrades(s: Float64Array, at: number, end: number): readonly Trade[] {
    const size = s[at + UNITS]!;
    if (size === 0) return [];
    const price = this.#candles.close[end - 1]!;
    const commission = s[at + ENTRY_COMMISSION]!;
    const pnl = size * (price - s[at + ENTRY_PRICE]!) - commission;
    const mark = {
      bar: end - 1,
      isAtClose: true,
      price,
      exitCommission: 0,
      commission,
      pnl,
      reason: 'end-of-data',
    } as const;
    return [this.#trade(s, at, mark, true)];
  }

  /** The orders of the last close, for which there was no bar any more. */
  cancelWaiting(): void {
    this.tally.cancelled += this.#waiting;
    this.#waiting = 0;
  }

  #trade(s: Float64Array, at: number, exit: RecordedExit, isOpen: boolean): Trade {
    const isAtClose = this.#terms.broker.fillAtClose;
    const candles = this.#candles;
    const size = s[at + UNITS]!;
    const entryPrice = s[at + ENTRY_PRICE]!;
    const entryBar = s[at + ENTRY_BAR]!;
    const trade = {
      symbol: candles.symbol,
      size,
      entryBar,
      exitBar: exit.bar,
      entryTime: isAtClose ? closeTime(candles, entryBar) : candles.time[entryBar]!,
      exitTime: exit.isAtClose ? closeTime(candles, exit.bar) : candles.time[exit.bar]!,
      entryPrice,
      exitPrice: exit.price,
      sl: stopOf(this.#terms.steps, s, at),
      tp: Number.isFinite(s[at + TARGET]) ? s[at + TARGET]! : null,
      pnl: exit.pnl,
      commission: exit.commission,
      returnRatio: exit.pnl / (Math.abs(size) * entryPrice),
      exitReason: exit.reason,
      tag: null,
      entryValues: this.#values,
    };
    return { ...trade, ...excursionsOf(trade, isAtClose ? AT_CLOSE : AT_OPEN, candles, isOpen) };
  }
}

/** The nearer of stop loss and trailing stop where they stand, in whole ticks; `null` for none. */
function stopOf(steps: TradingSteps, s: Float64Array, at: number): number | null {
  const [fixed, trail] = [s[at + STOP]!, s[at + TRAIL]!];
  const isLong = s[at + UNITS]! > 0;
  const stop = Number.isNaN(trail) ? fixed : isLong ? Math.max(fixed, trail) : Math.min(fixed, trail);
  return Number.isFinite(stop) ? steps.stop(isLong ? -1 : 1, stop) : null;
}
