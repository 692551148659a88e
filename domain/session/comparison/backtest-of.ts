import { recordedStrategy } from '../../backtest/analysis/recorded-strategy.ts';
import { runBacktest } from '../../backtest/engine/run-backtest.ts';
import type { BacktestRun } from '../../backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER, type Sizing } from '../../backtest/settings.ts';
import type { Candles } from '../../market/candles.ts';
import type { EpochMs } from '../../market/decimal.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { BarContext, OnBar, OrderRequest, Strategy, StrategyParams } from '../../strategies/strategy.ts';
import type { Signal } from '../decision.ts';
import type { SessionBroker } from '../spec.ts';
import { backtestTrades } from './backtest-trades.ts';
import type { ComparedTrade } from './compared-trade.ts';

/** Parameters of a session from the bar after `after` on; `null` for those of its start. */
export interface ParamsFrom {
  readonly after: EpochMs | null;
  readonly params: StrategyParams;
}

/** What a session was made of. */
export interface SessionCourse {
  readonly strategy: Strategy;
  /** In the order in which they came to hold; the first is that of the start. */
  readonly params: readonly ParamsFrom[];
  readonly sizing: Sizing;
  readonly broker: SessionBroker;
  /** One for each symbol, in the order of the session's symbols, from its first candle on. */
  readonly candles: readonly Candles[];
  /** Opening times of the first bar that it may have decided, and of the last that it has handled. */
  readonly startBar: EpochMs;
  readonly lastBar: EpochMs;
}

/** What the strategy asked for at a bar of the backtest. */
export interface BacktestDecision {
  readonly symbol: string;
  /** Opening time of the bar. */
  readonly bar: EpochMs;
  readonly close: number;
  readonly values: Readonly<Record<string, number | null>>;
  /** Units held when it was asked. */
  readonly position: number;
  readonly signals: readonly BacktestSignal[];
}

export interface BacktestSignal extends Pick<Signal, 'action' | 'side'> {
  /** Price that an order waits for, as it was asked for: its stop, else its limit; `null` at market. */
  readonly level: number | null;
  readonly isStop: boolean;
}

export interface SessionBacktest {
  readonly run: BacktestRun;
  /** In time, and at one time in the order of the symbols. */
  readonly decisions: readonly BacktestDecision[];
  readonly trades: readonly ComparedTrade[];
}

/** The broker of a session's backtest: spot, long only, orders fill at the next open, and nothing costs but fees. */
export function brokerOf({ cash, commission, instruments }: SessionBroker): BrokerSettings {
  return { ...DEFAULT_BROKER, cash, commission, instruments, direction: 'long', margin: 1, fill: 'next-open' };
}

/**
 * The backtest that a session is compared with: the same strategy over the same candles, with the parameters that held at each bar, filled by the
 * event engine. Throws what `runBacktest` throws.
 */
export function backtestOf(course: SessionCourse): SessionBacktest {
  const decisions: DraftDecision[] = [];
  const strategy = followingParams(course, decisions);
  const run = runBacktest({
    markets: course.candles,
    strategy,
    params: course.params[0]!.params,
    broker: brokerOf(course.broker),
    sizing: course.sizing,
    from: course.startBar,
    to: course.lastBar + 1,
  });
  return { run, decisions, trades: backtestTrades(run, decisions, course.broker) };
}

interface DraftDecision extends BacktestDecision {
  readonly signals: BacktestSignal[];
}

/** A symbol with the parameters of one stretch of time. */
interface Stretch {
  readonly board: LineBoard;
  readonly onBar: OnBar;
}

/**
 * The strategy with the parameters that hold at each bar, all it decides being written down. Where they change it is prepared anew on lines of its own,
 * as the session does: the lines of later parameters are no warm-up of earlier ones.
 */
function followingParams({ strategy, params, candles }: SessionCourse, decisions: DraftDecision[]): Strategy {
  let current: DraftDecision | null = null;
  let asked: BarContext | null = null;
  const recorded = recordedStrategy(strategy, {
    onAsked: () => undefined,
    onOrder: ({ action, symbol, order }) => {
      // Where nothing waits, a cancel is no decision; a session writes down none either.
      if (action === 'cancelOrders' && asked!.market(symbol).workingOrders === 0) return;
      current!.signals.push({
        action: action === 'cancelOrders' ? 'cancel' : action,
        side: action === 'buy' || action === 'sell' ? action : action === 'close' ? 'sell' : null,
        ...levelOf(order),
      });
    },
  });
  const prepare = (symbol: string, given: StrategyParams): Stretch => {
    const board = new LineBoard(candles.find((each) => each.symbol === symbol)!);
    return { board, onBar: board.prepare(recorded, given) };
  };
  return {
    id: strategy.id,
    title: strategy.title,
    params: strategy.params,
    ...(strategy.rules === undefined ? {} : { rules: strategy.rules }),
    prepare: () => {
      let at = -1;
      let stretch: Stretch | null = null;
      return (context) => {
        const { index, time, close } = context.bar;
        const holding = indexAt(params, time);
        if (holding !== at) stretch = prepare(context.symbol, params[holding]!.params);
        at = holding;
        const { board, onBar } = stretch!;
        if (index < board.warmUpBars) return;
        board.moveTo(index);
        current = {
          symbol: context.symbol,
          bar: time,
          close: close.now,
          values: board.valuesAt(index),
          position: context.position.size,
          signals: [],
        };
        asked = context;
        decisions.push(current);
        onBar(context);
      };
    },
  };
}

/** Which parameters hold at the bar that opens at `time`. */
function indexAt(params: readonly ParamsFrom[], time: EpochMs): number {
  let index = 0;
  for (let i = 1; i < params.length; i += 1) if (time > (params[i]!.after ?? Number.NEGATIVE_INFINITY)) index = i;
  return index;
}

function levelOf({ stop, limit }: OrderRequest): Pick<BacktestSignal, 'level' | 'isStop'> {
  return { level: stop ?? limit ?? null, isStop: stop !== undefined };
}
