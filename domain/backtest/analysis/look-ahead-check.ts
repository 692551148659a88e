import { firstAtOrAfter } from '../engine/equity-curve.ts';
import { runBacktest } from '../engine/run-backtest.ts';
import { BacktestFailure } from '../failure.ts';
import type { BacktestInput } from '../run.ts';
import { sliceCandles } from '../../market/candles.ts';
import {
  type Decision,
  detectLookAhead,
  detectWhileGrowing,
  firstDifference,
  type LookAheadFinding,
} from './look-ahead.ts';
import { cutsAfter, lengthsOf, type LookAheadWindow, windowOf } from './look-ahead-window.ts';
import { type Asked, type RecordedOrder, recordedStrategy } from './recorded-strategy.ts';

/** An order, or the failure of a strategy for which a bar of the future was not there. */
interface Decided extends Decision, Omit<RecordedOrder, 'action'> {
  readonly action: RecordedOrder['action'] | 'fails';
}

/** A place at which the strategy decided otherwise once later bars were there. */
export interface LookAheadPlace {
  /** Number of the bar in the data of its symbol, from 0, and when it opened (ISO 8601). */
  readonly bar: number;
  readonly time: string;
  readonly symbol: string;
  /** What it ordered with the later bars and without them; `null` for nothing. */
  readonly withLaterBars: string | null;
  readonly withoutThem: string | null;
  /** Fields of the order that differ; empty when there was none on one side. */
  readonly fields: readonly string[];
}

/** What became of the search for a look into the future. */
export interface LookAheadCheck {
  /** No difference, and two runs on the same bars decide the same. */
  readonly clean: boolean;
  /** How many times the data were cut off. */
  readonly checked: number;
  /** Bars of the joint time axis that were looked at, from the first that the strategy was asked at, and orders decided on them. */
  readonly bars: number;
  readonly orders: number;
  /** Two runs on the same bars decide the same. */
  readonly repeatable: boolean;
  readonly first: LookAheadPlace | null;
  /** The same as a sentence; `null` when there is none. */
  readonly difference: string | null;
}

export interface LookAheadOptions {
  /** For the places of cuts. */
  readonly seed: number;
  /** Told bars walked through and bars to walk through; `false` ends the check by throwing `RunCancelled`. */
  readonly onWork?: (done: number, planned: number) => boolean | undefined;
}

/**
 * Runs a strategy on data that end early, and compares what it orders. Orders are what is compared, not trades: a fill at the next open
 * would hide a look at that bar. The data grow first, since what a strategy has once been given it may have kept.
 *
 * Orders fill at the next open whatever the settings say and nothing is closed at the end, so that an end of the data is no event by
 * itself. Throws `BacktestFailure` when the strategy fails on the whole data too.
 */
export function checkLookAhead(input: BacktestInput, options: LookAheadOptions): LookAheadCheck {
  const window = windowOf(input);
  const { asked, times } = window;
  const bars = times.length;
  const whole: (readonly Decided[])[] = [];
  const work = new Work(options.onWork);
  const decide = (length: number): readonly Decided[] => {
    const decisions = decisionsOn(input, window, length, work);
    work.end(length);
    if (length === bars) whole.push(decisions);
    return decisions;
  };
  const growing = lengthsOf(window, options.seed);
  work.plan(growing, 2 * bars);
  const grown = detectWhileGrowing({ bars, decide }, growing);
  const around = detectLookAhead({
    bars,
    decide,
    cuts: (full) => {
      const cuts = cutsAfter(full, window);
      work.plan(cuts, 0);
      return cuts;
    },
  });
  const repeated = firstDifference(bars, whole[1] ?? [], whole[0] ?? []);
  const finding = repeated ?? earlier(grown.first, around.first);
  const place = finding === null ? null : placeOf(finding, window);
  return {
    clean: finding === null,
    checked: grown.cuts.length + around.cuts.length,
    bars: bars - asked,
    orders: around.decisions,
    repeatable: repeated === undefined,
    first: place,
    difference: place === null ? null : sentenceOf(place, finding!.cut, repeated !== undefined),
  };
}

/** Counts bars walked through over many runs. */
class Work {
  readonly #tell: LookAheadOptions['onWork'];
  #planned = 0;
  #done = 0;

  constructor(tell: LookAheadOptions['onWork']) {
    this.#tell = tell;
  }

  plan(cuts: readonly number[], more: number): void {
    this.#planned += more + cuts.reduce((total, cut) => total + cut, 0);
  }

  /** Takes the progress of a run. */
  at(barsDone: number): boolean | undefined {
    return this.#tell?.(this.#done + barsDone, this.#planned);
  }

  /** A run of so many bars is over. */
  end(length: number): void {
    this.#done += length;
    this.#tell?.(this.#done, this.#planned);
  }
}

function decisionsOn(input: BacktestInput, window: LookAheadWindow, length: number, work: Work): readonly Decided[] {
  const { times } = window;
  const end = length === times.length ? Number.POSITIVE_INFINITY : times[length]!;
  const last = times.at(-1)!;
  const markets = window.markets.map((candles) => {
    const bars = firstAtOrAfter(candles.time, Math.min(end, last + 1));
    return sliceCandles(candles, 0, bars);
  });
  const decisions: Decided[] = [];
  let at = 0;
  let asked: Asked | null = null;
  const strategy = recordedStrategy(input.strategy, {
    onAsked: (now) => {
      asked = now;
      while (times[at]! < now.time) at += 1;
    },
    onOrder: (order) => decisions.push({ bar: at, ...order }),
  });
  try {
    runBacktest({
      ...input,
      markets,
      strategy,
      broker: { ...input.broker, fill: 'next-open', finalize: false },
      recordEntryValues: false,
      onProgress: (barsDone) => work.at(barsDone),
    });
  } catch (error) {
    const failed = failureOf(error);
    if (failed === 'nothing to do') return decisions;
    if (failed === null || length === times.length) throw error;
    const { time, askedBar, askedSymbol } = asked ?? { time: times[length - 1]!, askedBar: -1, askedSymbol: '' };
    const order = { detail: failed };
    decisions.push({
      bar: asked === null ? length - 1 : at,
      time,
      askedBar,
      askedSymbol,
      symbol: askedSymbol,
      action: 'fails',
      order,
    });
  }
  return decisions;
}

/** What a strategy failed of; `null` when something else broke. Bars that are too few are no failure of a run that was cut. */
function failureOf(error: unknown): string | null {
  if (!(error instanceof BacktestFailure)) return null;
  const { code, detail } = error.problem;
  if (code === 'TOO_FEW_BARS' || code === 'EMPTY_RANGE') return 'nothing to do';
  return code === 'STRATEGY_FAILED' ? detail : null;
}

type Finding = LookAheadFinding<Decided>;

function earlier(one: Finding | null, other: Finding | null): Finding | null {
  if (one === null || other === null) return one ?? other;
  return other.bar < one.bar ? other : one;
}

function placeOf({ full, truncated, fields }: Finding, { offsets }: LookAheadWindow): LookAheadPlace {
  const decided = (full !== null && (truncated === null || full.bar <= truncated.bar) ? full : truncated)!;
  const { askedBar, askedSymbol, time } = decided;
  const here = (decision: Decided | null): string | null =>
    decision === null || decision.bar !== decided.bar || decision.askedSymbol !== askedSymbol ? null : textOf(decision);
  return {
    bar: askedBar + (offsets.get(askedSymbol) ?? 0),
    time: new Date(time).toISOString(),
    symbol: askedSymbol,
    withLaterBars: here(full),
    withoutThem: here(truncated),
    fields: fields.filter((name) => name !== 'bar' && name !== 'time' && name !== 'askedBar'),
  };
}

/** `buy BTC {"limit":99}` */
function textOf({ action, symbol, order }: Decided): string {
  const details = Object.keys(order).length === 0 ? '' : ` ${JSON.stringify(order)}`;
  return `${action} ${symbol}${details}`;
}

function sentenceOf(
  { bar, time, symbol, withLaterBars, withoutThem }: LookAheadPlace,
  cut: number,
  isOfSameBars: boolean,
): string {
  const place = `at bar ${bar} of ${symbol} (${time})`;
  const [one, other] = [withLaterBars ?? 'nothing', withoutThem ?? 'nothing'];
  if (isOfSameBars) {
    return (
      `${place} two runs on the same bars decide otherwise (${other}, then ${one}): the strategy uses random numbers or the clock, ` +
      'or keeps something outside of prepare'
    );
  }
  return (
    `${place} the strategy decides "${one}" when there are later bars, and "${other}" when the data end after ${cut} bars: ` +
    'it looks ahead, or keeps something outside of prepare from one run to the next'
  );
}
