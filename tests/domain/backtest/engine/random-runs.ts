import fc from 'fast-check';
import type { BacktestInput } from '../../../../domain/backtest/run.ts';
import { type BrokerSettings, DEFAULT_BROKER, type Sizing } from '../../../../domain/backtest/settings.ts';
import type { Candles } from '../../../../domain/market/candles.ts';
import type { BarContext, OrderRequest, Strategy } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, type Row } from './scripted.ts';

const BARS = 40;

/** Something that a script does at a bar, with prices as ratios of the close. */
export interface Action {
  readonly bar: number;
  readonly symbol: 'A' | 'B';
  /** Given by the strategy of the other symbol, at its bar. */
  readonly isRemote: boolean;
  readonly kind: 'buy' | 'sell' | 'close' | 'cancel' | 'protect';
  readonly type: 'market' | 'limit' | 'stop' | 'stop-limit' | 'trail';
  readonly size: number | Sizing | null;
  readonly share: number;
  readonly distance: number;
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
  readonly trailingStop: number | null;
  readonly maxBars: number | null;
  readonly goodForBars: number | null;
  readonly oco: string | null;
  readonly reduceOnly: boolean;
}

const ratio = fc.integer({ min: 1, max: 60 }).map((thousandths) => thousandths / 1_000);
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });

const action: fc.Arbitrary<Action> = fc.record({
  bar: fc.integer({ min: 0, max: BARS - 1 }),
  symbol: fc.constantFrom('A', 'B'),
  isRemote: fc.constantFrom(false, false, false, true),
  kind: fc.constantFrom('buy', 'buy', 'sell', 'sell', 'close', 'cancel', 'protect'),
  type: fc.constantFrom('market', 'market', 'limit', 'stop', 'stop-limit', 'trail'),
  size: optional(
    fc.oneof(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 10 }).map((tenths): Sizing => ({ kind: 'cashShare', value: tenths / 10 })),
      fc.integer({ min: 1, max: 15 }).map((tenths): Sizing => ({ kind: 'equityShare', value: tenths / 10 })),
    ),
  ),
  share: fc.constantFrom(1, 0.5, 0.3),
  distance: fc.integer({ min: -40, max: 40 }).map((thousandths) => thousandths / 1_000),
  stopLoss: optional(ratio),
  takeProfit: optional(ratio),
  trailingStop: optional(ratio),
  maxBars: optional(fc.integer({ min: 1, max: 8 })),
  goodForBars: optional(fc.integer({ min: 1, max: 6 })),
  oco: optional(fc.constantFrom('one', 'two')),
  reduceOnly: fc.boolean(),
});

const cents = (price: number): number => Math.max(0.5, Math.round(price * 100) / 100);

const rows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      gap: fc.integer({ min: -20, max: 20 }),
      move: fc.integer({ min: -40, max: 40 }),
      up: fc.integer({ min: 0, max: 30 }),
      down: fc.integer({ min: 0, max: 30 }),
      volume: fc.integer({ min: 0, max: 400 }),
    }),
    { minLength: BARS, maxLength: BARS },
  )
  .map((steps) => {
    let last = 100;
    return steps.map(({ gap, move, up, down, volume }): Row => {
      const open = cents(last * (1 + gap / 1_000));
      const close = cents(open * (1 + move / 1_000));
      last = close;
      const high = cents(Math.max(open, close) * (1 + up / 1_000));
      const low = Math.min(open, close, cents(Math.min(open, close) * (1 - down / 1_000)));
      return [open, Math.max(open, close, high), low, close, volume];
    });
  });

const broker: fc.Arbitrary<BrokerSettings> = fc.record({
  cash: fc.constant(10_000),
  commission: fc.constantFrom(
    { maker: 0, taker: 0, fixed: 0 },
    { maker: 0.0005, taker: 0.001, fixed: 0 },
    { maker: -0.0002, taker: 0.001, fixed: 1 },
  ),
  spread: fc.constantFrom(0, 0.001),
  slippageBps: fc.constantFrom(0, 5),
  margin: fc.constantFrom(1, 0.25),
  fill: fc.constantFrom('next-open', 'close'),
  wholeUnits: fc.boolean(),
  exclusive: fc.constantFrom(false, false, true),
  finalize: fc.boolean(),
  direction: fc.constantFrom('both', 'both', 'long', 'short'),
  intrabar: fc.constantFrom('worst-first', 'open-high-low-close', 'open-low-high-close', 'nearest-first'),
  volumeShare: fc.constantFrom(null, null, 0.1),
  priceImpact: fc.constantFrom(0, 0, 0.1),
  instruments: fc.constantFrom({}, { A: { tick: 0.05, lot: 0.1, minNotional: 20 } }),
});

/** A run, as what it is made of. */
export interface RandomRun {
  readonly a: readonly Row[];
  readonly b: readonly Row[];
  /** Whether the second symbol takes part. */
  readonly both: boolean;
  /** Hours without a bar of the second. */
  readonly missing: readonly number[];
  readonly actions: readonly Action[];
  readonly broker: BrokerSettings;
}

export const randomRun: fc.Arbitrary<RandomRun> = fc.record({
  a: rows,
  b: rows,
  both: fc.boolean(),
  missing: fc.uniqueArray(fc.integer({ min: 1, max: BARS - 1 }), { maxLength: 12 }),
  actions: fc.array(action, { minLength: 5, maxLength: 60 }),
  broker,
});

/** The input of a run, of its first `bars` bars. */
export function inputOf(run: RandomRun, bars = BARS, settings: Partial<BrokerSettings> = {}): BacktestInput {
  const markets: Candles[] = [candlesOf(run.a.slice(0, bars), 'A')];
  if (run.both) markets.push(withoutHours(candlesOf(run.b.slice(0, bars), 'B'), run.missing));
  return {
    markets,
    strategy: strategyOf(run.actions, run.both),
    params: {},
    broker: { ...DEFAULT_BROKER, ...run.broker, ...settings },
    sizing: { kind: 'cashShare', value: 0.4 },
  };
}

/** Tags each order with the bar at which it was given. */
function withoutHours(candles: Candles, missing: readonly number[]): Candles {
  const kept = [...candles.time.keys()].filter((hour) => !missing.includes(hour));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (hour) => values[hour]!);
  const { time, open, high, low, close, volume } = candles;
  return {
    ...candles,
    length: kept.length,
    time: pick(time),
    open: pick(open),
    high: pick(high),
    low: pick(low),
    close: pick(close),
    volume: pick(volume),
  };
}

function strategyOf(actions: readonly Action[], both: boolean): Strategy {
  return {
    id: 'random',
    title: 'Random',
    params: [],
    prepare: () => (context) => {
      for (const each of actions) {
        if (each.bar !== context.bar.index) continue;
        if (!each.isRemote && each.symbol === context.symbol) act(context, each);
        if (both && each.isRemote && each.symbol !== context.symbol) act(context.market(each.symbol), each);
      }
    },
  };
}

function act(context: BarContext, each: Action): void {
  const close = context.bar.close.now;
  if (each.kind === 'close') context.close(each.share);
  else if (each.kind === 'cancel') context.cancelOrders();
  else if (each.kind === 'protect') {
    const side = context.position.size < 0 ? -1 : 1;
    context.protect({
      stopLoss: each.stopLoss === null ? null : close * (1 - side * each.stopLoss),
      takeProfit: each.takeProfit === null ? null : close * (1 + side * each.takeProfit),
    });
  } else {
    const request = requestOf(each, context.bar.index, close);
    if (each.kind === 'buy') context.buy(request);
    else context.sell(request);
  }
}

function requestOf(each: Action, bar: number, close: number): OrderRequest {
  const side = each.kind === 'buy' ? 1 : -1;
  const price = each.type === 'market' || each.type === 'trail' ? close : close * (1 + each.distance);
  const given = <K extends keyof OrderRequest>(name: K, value: OrderRequest[K] | null): Partial<OrderRequest> =>
    value === null ? {} : { [name]: value };
  return {
    tag: String(bar),
    ...given('size', each.size),
    ...(each.type === 'limit' ? { limit: price } : {}),
    ...(each.type === 'stop' ? { stop: price } : {}),
    ...(each.type === 'stop-limit' ? { stop: price, limit: price * (1 + side * 0.005) } : {}),
    ...(each.type === 'trail' ? { trail: Math.abs(each.distance) + 0.005 } : {}),
    ...given('stopLoss', each.stopLoss === null ? null : price * (1 - side * each.stopLoss)),
    ...given('takeProfit', each.takeProfit === null ? null : price * (1 + side * each.takeProfit)),
    ...given('trailingStop', each.trailingStop),
    ...given('maxBars', each.maxBars),
    ...given('goodForBars', each.goodForBars),
    ...given('oco', each.oco),
    reduceOnly: each.reduceOnly && each.share === 0.3,
  };
}
