import { describe, expect, it } from '@jest/globals';
import { rangeSinceEntry } from '../../../activities/session/open-candle.ts';
import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import type { Seen } from '../../../activities/session/seen.ts';
import { failure } from '../../../domain/backtest/failure.ts';
import type { SessionEvent } from '../../../domain/session/journal.ts';
import type { WatchedOrder } from '../../../domain/session/order.ts';
import type { BarContext } from '../../../domain/strategies/strategy.ts';
import { decideWith } from './decide-with.ts';
import { SessionBench, strategyWith, SYMBOL } from './session-bench.ts';

const MINUTE_MS = 60_000;

/** On a venue that replays candles: holds a position with its stop at the venue and its target watched; the bar stands still from there on. */
async function replayed(marketTime: 'wall' | 'candles' = 'candles'): Promise<SessionBench> {
  const bench = new SessionBench({ bars: 60, spec: strategyWith({ stopLoss: 0.2, takeProfit: 0.15 }) });
  const [venue] = bench.venues;
  bench.venues = [{ ...venue!, profile: { ...venue!.profile, marketTime } }];
  while (!(bench.stops.length > 0 && targetOf(bench) !== undefined && bench.record.settled)) {
    if (bench.closed === bench.candles.length) throw new Error('the market gives no position');
    await bench.run();
  }
  bench.standStill();
  return bench;
}

const targetOf = (bench: SessionBench) => bench.record.watched.find(({ held }) => held === 'session');
const sells = (bench: SessionBench) =>
  [...bench.orders.values()].filter(({ execution }) => execution.plan.side === 'sell');

/** The candle after the last one that was handled. */
function openCandle(bench: SessionBench, high: number, volume = 1) {
  return { time: bench.record.lastBar! + MINUTE_MS, high, low: high * 0.9, volume };
}

describe('a target in the candle that is open', () => {
  it('is sent at its own price once the candle has been there, whatever the last price is', async () => {
    const bench = await replayed();
    const target = targetOf(bench)!;
    const { bars } = bench.record;
    bench.running = openCandle(bench, Number(target.limit));
    await bench.run(10_000);
    expect(sells(bench).map(({ execution }) => execution.plan.params['kind'])).toEqual(['stop', 'marketable']);
    expect(sells(bench).at(-1)!.execution.plan.params).toMatchObject({ atPrice: target.limit });
    expect(bench.record).toMatchObject({ bars, settled: true, books: { positions: [{ units: 0 }] } });
  });

  it('waits while the candle has not been there, and how far it has been seen is noted once', async () => {
    const bench = await replayed();
    const { limit } = targetOf(bench)!;
    const below = openCandle(bench, Number(limit) - 0.01);
    bench.running = below;
    await bench.run(10_000);
    expect(targetOf(bench)).toMatchObject({ limit });
    expect(bench.sessions.seen).toEqual([below]);
  });

  it.each([
    [
      'its past cannot be folded',
      (bench: SessionBench) => {
        const decide: SessionDecider['decide'] = () => {
          throw failure('INVALID_STRATEGY', 'the file is gone');
        };
        bench.deps = { ...bench.deps, decider: { ...bench.deps.decider, decide } };
      },
    ],
    [
      'candles are missing',
      (bench: SessionBench) => {
        bench.deps = { ...bench.deps, candles: { ...bench.deps.candles, list: async () => null } };
      },
    ],
  ])('is not told to have been looked for while %s: nothing was done about it', async (_, lose) => {
    const bench = await replayed();
    const { candles, decider } = bench.deps;
    lose(bench);
    const reached = openCandle(bench, Number(targetOf(bench)!.limit));
    bench.running = reached;
    // Two calls: the second finds the block that the first has set.
    await bench.run(5_000);
    await bench.run(5_000);
    expect([bench.sessions.seen, sells(bench).length]).toEqual([[], 1]);
    bench.deps = { ...bench.deps, candles, decider };
    await bench.sessions.store.command('s1', { kind: 'resume', by: 'ann', reason: 'restored' }, 'resume');
    await bench.run(10_000);
    expect([bench.sessions.seen, sells(bench).length]).toEqual([[reached], 2]);
  });

  it.each([
    [
      'in which nothing was traded: it shows the price of before',
      (bench: SessionBench, high: number) => openCandle(bench, high, 0),
    ],
    [
      'that was handled already',
      (bench: SessionBench, high: number) => ({ ...openCandle(bench, high), time: bench.record.lastBar! }),
    ],
  ])('is not looked for in one %s', async (_, candleOf) => {
    const bench = await replayed();
    bench.running = candleOf(bench, Number(targetOf(bench)!.limit) * 2);
    await bench.run(10_000);
    expect(bench.sessions.entries.filter(({ event }) => event.kind === 'reached')).toEqual([]);
    expect(targetOf(bench)).toBeDefined();
  });

  it('does not take a last price of before for one of the bar', async () => {
    const bench = await replayed();
    const { limit } = targetOf(bench)!;
    const last = { last: limit, bid: null, ask: null, at: null, receivedAt: bench.clock.now() };
    bench.deps = { ...bench.deps, prices: { last: async () => last, range: async () => null } };
    await bench.run(10_000);
    expect(targetOf(bench)).toBeDefined();
  });

  it('is not looked for there where prices go by the clock: they tell it themselves', async () => {
    const bench = await replayed('wall');
    bench.deps = { ...bench.deps, running: { find: () => Promise.reject(new Error('nobody asks for it')) } };
    await bench.run(10_000);
    expect(bench.sessions.seen).toEqual([]);
  });
});

describe('two trades with brackets on one symbol', () => {
  /** Bought at two closes, each with a stop far below and a target: 20 and 30 percent above its close. */
  async function holdingTwo(): Promise<{ readonly bench: SessionBench; readonly targets: readonly WatchedOrder[] }> {
    const bracket = (gain: number) => (context: BarContext) => {
      const close = context.bar.close.now;
      context.buy({ size: 1, stopLoss: close * 0.5, takeProfit: close * (1 + gain) });
    };
    const decider = decideWith(decideWith.script({ 0: bracket(0.2), 1: bracket(0.3) }));
    const bench = new SessionBench({ bars: 10, decider });
    const [venue] = bench.venues;
    bench.venues = [{ ...venue!, profile: { ...venue!.profile, marketTime: 'candles' } }];
    const targets = () => bench.record.watched.filter(({ held }) => held === 'session');
    while (!(targets().length === 2 && bench.stops.length === 2 && bench.record.settled)) {
      if (bench.closed === bench.candles.length) throw new Error('the script gives no two trades');
      await bench.run();
    }
    bench.standStill();
    return { bench, targets: targets().toSorted((a, b) => Number(a.limit) - Number(b.limit)) };
  }
  const soldAt = (bench: SessionBench) =>
    sells(bench).flatMap(({ execution: { plan } }) => (plan.params['kind'] === 'stop' ? [] : [plan.params['atPrice']]));

  it('leave both in one look, each at its own price, and the note of the candle answers for both', async () => {
    const { bench, targets } = await holdingTwo();
    const candle = openCandle(bench, Number(targets[1]!.limit));
    bench.running = candle;
    const { saw } = bench.sessions.store;
    const reachedAtNote: number[] = [];
    const noting = async (...given: Parameters<typeof saw>): Promise<void> => {
      reachedAtNote.push(bench.sessions.entries.filter(({ event }) => event.kind === 'reached').length);
      await saw(...given);
    };
    bench.deps = { ...bench.deps, store: { ...bench.deps.store, saw: noting } };
    await bench.run(10_000);
    expect([reachedAtNote, bench.sessions.seen]).toEqual([[2], [candle]]);
    expect(new Set(soldAt(bench))).toEqual(new Set(targets.map(({ limit }) => limit)));
    expect(soldAt(bench)).toHaveLength(2);
    expect(bench.record.books!.positions.map(({ units }) => units)).toEqual([0]);
  });

  it('leave one after the other: what one was noted of does not answer for what the other has not seen', async () => {
    const { bench, targets } = await holdingTwo();
    const [near, far] = targets;
    const first = openCandle(bench, Number(near!.limit));
    bench.running = first;
    await bench.run(10_000);
    expect([soldAt(bench), bench.stops.length]).toEqual([[near!.limit], 1]);
    const wider = { ...first, high: Number(far!.limit) };
    bench.running = wider;
    await bench.run(10_000);
    expect(bench.sessions.seen).toEqual([first, wider]);
    expect([soldAt(bench), bench.stops.length]).toEqual([[near!.limit, far!.limit], 0]);
  });
});

describe('what the open candle tells of a target whose trade was entered in its bar', () => {
  const target = { order: 3, version: 1, symbol: SYMBOL, purpose: 'take-profit', kind: 'limit', stop: null, bar: 0 };
  const stopLoss = { order: 2, version: 1, symbol: SYMBOL, purpose: 'stop-loss', kind: 'stop', stop: '90', bar: 0 };
  const bought = (order: number): SessionEvent => ({
    kind: 'execution',
    order,
    version: 1,
    quantity: '1',
    price: '100',
    feeBase: '0',
    feeQuote: '0',
    maker: false,
  });
  const candle = { time: MINUTE_MS, high: 110, low: 95, volume: 1 };
  /** Order 1 has bought after the bar of 0, by an order of that kind. */
  function seen(kind: 'marketable' | 'limit' | 'stop', change: object = {}): Seen {
    return {
      record: { lastBar: 0, spec: { timeframe: '1m' }, watched: [stopLoss, target] },
      journal: [{ seq: 1, after: 0, event: bought(1) }],
      placed: [{ order: 1, version: 1, symbol: SYMBOL, side: 'buy', kind }],
      intake: { events: [] },
      candles: [{ symbol: SYMBOL, length: 1, time: [0] }],
      open: new Map([[SYMBOL, candle]]),
      ...change,
    } as unknown as Seen;
  }
  const range = (of: Seen) => rangeSinceEntry(of, target as unknown as WatchedOrder);
  const all = { high: 110, low: 95 };

  it('is all of it after an order at market, which has filled at its open', () => {
    expect(range(seen('marketable'))).toEqual(all);
  });

  it('is nothing after a limit: the bar may have been there before', () => {
    expect(range(seen('limit'))).toBeNull();
    // Of this look, too.
    const events = { journal: [], intake: { events: [bought(1)] } };
    expect(range(seen('limit', events))).toBeNull();
  });

  it('is all of it after a stop, which lies below, unless the bar has been to the stop loss', () => {
    expect(range(seen('stop'))).toEqual(all);
    const low = (price: number) => ({ open: new Map([[SYMBOL, { ...candle, low: price }]]) });
    expect(range(seen('stop', low(90.01)))).toEqual({ high: 110, low: 90.01 });
    expect(range(seen('stop', low(90)))).toBeNull();
  });

  it('is nothing after an order that nobody knows any more', () => {
    expect(range(seen('marketable', { placed: [] }))).toBeNull();
  });

  it('is all of it where nothing was bought, where another symbol was, and where it was entered in an earlier bar', () => {
    expect(range(seen('limit', { journal: [] }))).toEqual(all);
    expect(
      range(seen('limit', { placed: [{ order: 1, version: 1, symbol: 'X/USD', side: 'buy', kind: 'limit' }] })),
    ).toEqual(all);
    const later = { record: { lastBar: MINUTE_MS, spec: { timeframe: '1m' }, watched: [stopLoss, target] } };
    const next = new Map([[SYMBOL, { ...candle, time: 2 * MINUTE_MS }]]);
    expect(range(seen('limit', { ...later, open: next }))).toEqual(all);
  });

  it('is nothing once the bar after the last that was handled has closed: what is open is a later one', () => {
    const candles = [{ symbol: SYMBOL, length: 2, time: [0, MINUTE_MS] }];
    const open = new Map([[SYMBOL, { ...candle, time: 2 * MINUTE_MS }]]);
    expect(range(seen('marketable', { candles, open }))).toBeNull();
  });
});
