import type { BrokerSettings } from '../../../domain/backtest/settings.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { completeParams } from '../../../domain/parameters/param-spec.ts';
import { LineBoard } from '../../../domain/strategies/lines/line-board.ts';
import type { BarContext, OrderRequest, Strategy } from '../../../domain/strategies/strategy.ts';

/** What a strategy asked for at the close of a bar. */
export interface Decision {
  readonly bar: number;
  readonly action: 'buy' | 'sell' | 'close' | 'cancel' | 'protect';
  readonly order: object;
}

interface Circumstances {
  readonly params?: Readonly<Record<string, number>>;
  readonly direction?: BrokerSettings['direction'];
  /** Orders of these bars wait until the strategy cancels them; all others are filled at once. */
  readonly thinBars?: readonly number[];
}

/**
 * Asks a strategy bar by bar, with a broker that fills every market order wholly and at once: one unit up or down. Limit and stop
 * orders are never reached.
 */
export function decisionsOf(strategy: Strategy, candles: Candles, circumstances: Circumstances = {}): Decision[] {
  const { params, direction = 'both', thinBars = [] } = circumstances;
  const board = new LineBoard(candles);
  const onBar = board.prepare(strategy, completeParams(strategy.params, params ?? {}).params);
  const decisions: Decision[] = [];
  let size = 0;
  let waiting = 0;

  const order = (action: 'buy' | 'sell', side: 1 | -1, given: OrderRequest = {}): void => {
    decisions.push({ bar: board.index, action, order: given });
    if (given.stop !== undefined || given.limit !== undefined) return;
    if (thinBars.includes(board.index)) waiting += 1;
    else size = side;
  };
  const context: BarContext = {
    symbol: candles.symbol,
    bar: board.bar,
    direction,
    position: {
      get size() {
        return size;
      },
      entryPrice: Number.NaN,
      barsHeld: 0,
      unrealised: 0,
    },
    account: { cash: 1_000, equity: 1_000, available: 1_000 },
    get workingOrders() {
      return waiting;
    },
    buy: (given) => order('buy', 1, given),
    sell: (given) => order('sell', -1, given),
    close: () => {
      decisions.push({ bar: board.index, action: 'close', order: {} });
      size = 0;
    },
    cancelOrders: () => {
      decisions.push({ bar: board.index, action: 'cancel', order: {} });
      waiting = 0;
    },
    protect: (exits) => void decisions.push({ bar: board.index, action: 'protect', order: exits }),
    market: () => context,
  };
  for (let bar = board.warmUpBars; bar < candles.length; bar++) {
    board.moveTo(bar);
    onBar(context);
  }
  return decisions;
}

/** Decisions as short text: `4 buy`. */
export function actionsOf(strategy: Strategy, candles: Candles, circumstances: Circumstances = {}): string[] {
  return decisionsOf(strategy, candles, circumstances).map(({ bar, action }) => `${bar} ${action}`);
}
