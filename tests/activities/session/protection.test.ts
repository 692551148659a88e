import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { type BenchOptions, SessionBench, strategyWith } from './session-bench.ts';

const REFUSED = { code: '-1013', detail: 'Filter failure: STOP_NOT_TODAY' };

/** A session that has just bought, and whose stop the venue does not take: the bar stands still from there on. */
async function unprotected(): Promise<SessionBench> {
  const bench = new SessionBench({ bars: 60 });
  bench.stopProblem = REFUSED;
  while (bench.record.block === null) {
    if (bench.closed === bench.candles.length) throw new Error('the market gives no position');
    await bench.run();
  }
  bench.standStill();
  return bench;
}

/** What the session watches because the venue does not have it. */
const ownWatch = (bench: SessionBench) => bench.record.watched.filter(({ held }) => held === 'session');

const stopsSent = (bench: SessionBench): number =>
  [...bench.orders.values()].filter(({ execution }) => execution.plan.params['kind'] === 'stop').length;

/** The last price is that from now on. */
function priceIs(bench: SessionBench, price: Big): void {
  const last = price.toFixed();
  bench.deps = {
    ...bench.deps,
    prices: {
      last: async () => ({ last, bid: null, ask: null, at: null, receivedAt: bench.clock.now() }),
      range: async () => null,
    },
  };
}

describe('a protective stop that the venue refuses', () => {
  it("is watched at once, and blocks entries with the venue's words", async () => {
    const bench = await unprotected();
    expect(stopsSent(bench)).toBe(3);
    expect(bench.record.watched).toMatchObject([{ kind: 'stop', purpose: 'stop-loss', held: 'session' }]);
    expect(bench.record.block).toMatchObject({ reason: 'ORDERS', problem: { code: 'STOP_NOT_PLACED' } });
    expect(bench.record.block!.problem.detail).toContain('-1013: Filter failure: STOP_NOT_TODAY');
    const facts = Object.fromEntries((await bench.run(1_000)).facts);
    expect(facts['entries']).toMatch(/^blocked: STOP_NOT_PLACED: the stop of 9\.99 SYN\/USD at/);
  });

  it('is sent again each minute by the clock, however long the bar is', async () => {
    const bench = await unprotected();
    await bench.run(58_000);
    expect(stopsSent(bench)).toBe(3);
    await bench.run(65_000);
    expect(stopsSent(bench)).toBe(4);
    await bench.run(150_000);
    // One a minute, and a second or two in which the venue refuses it.
    expect(stopsSent(bench)).toBe(6);
    expect(bench.record.block).toMatchObject({ reason: 'ORDERS' });
  });

  it('lifts the block by itself once the venue takes it', async () => {
    const bench = await unprotected();
    bench.stopProblem = null;
    const glance = await bench.run(120_000);
    expect([bench.stops.length, bench.record.block, ownWatch(bench)]).toEqual([1, null, []]);
    expect(Object.fromEntries(glance.facts)['entries']).toBe('open');
  });

  it('lets nothing be opened while it cannot be placed, not even after a person has lifted the block', async () => {
    const bench = new SessionBench({ bars: 60 });
    bench.stopProblem = REFUSED;
    while (bench.record.block === null) await bench.run();
    const { bars } = bench.record;
    await bench.sessions.store.command('s1', { kind: 'resume', by: 'ann', reason: 'try' }, 'k');
    expect(bench.record.block).toBeNull();
    await bench.until(bars + 1);
    const after = bench.sessions.decisions.slice(bars);
    expect(after.map(({ mode, blocked }) => `${mode} ${blocked}`)).toEqual(['exits ORDERS']);
    expect(bench.record.block).toMatchObject({ reason: 'ORDERS' });
  });

  it('is sold at market at once when the price is reached, in the same bar', async () => {
    const bench = await unprotected();
    const [stop] = bench.record.watched;
    const { bars } = bench.record;
    priceIs(bench, new Big(stop!.stop!));
    await bench.run(10_000);
    const sold = [...bench.orders.values()].filter(({ execution }) => execution.plan.side === 'sell').at(-1)!;
    expect(sold.execution.plan).toMatchObject({ quantity: stop!.quantity, params: { kind: 'marketable' } });
    expect(sold.progress.filled).toBe(stop!.quantity);
    expect(bench.record.bars).toBe(bars);
    expect([bench.record.books!.positions[0]!.units, bench.record.block]).toEqual([0, null]);
  });
});

const BRACKET: BenchOptions = { bars: 60, spec: strategyWith({ stopLoss: 0.2, takeProfit: 0.15 }) };

/** Holds a position with its stop at the venue and its target watched; the bar stands still from there on. */
async function bracketed(): Promise<SessionBench> {
  const bench = new SessionBench(BRACKET);
  while (!(bench.stops.length > 0 && ownWatch(bench).length > 0 && bench.record.settled)) {
    if (bench.closed === bench.candles.length) throw new Error('the market gives no position');
    await bench.run();
  }
  bench.standStill();
  return bench;
}

/** The market moves on, to a last price each second. */
async function prices(bench: SessionBench, ...course: readonly Big[]): Promise<void> {
  for (const price of course) {
    priceIs(bench, price);
    await bench.run(1_000);
  }
}

const sells = (bench: SessionBench) =>
  [...bench.orders.values()].filter(({ execution }) => execution.plan.side === 'sell');

/** Notes how the stop stood when an exit at market was sent. */
function witness(bench: SessionBench): string[] {
  const seen: string[] = [];
  const { workflows } = bench.deps;
  const start: typeof workflows.start = async (execution) => {
    if (execution.plan.params['kind'] === 'marketable') {
      const stop = sells(bench).find((order) => order.execution.plan.params['kind'] === 'stop')!;
      seen.push(`${execution.plan.side} while its stop is ${stop.progress.final?.status ?? 'there'}`);
    }
    await workflows.start(execution);
  };
  bench.deps = { ...bench.deps, workflows: { ...workflows, start } };
  return seen;
}

describe('a target beside a stop', () => {
  it('is sold once its price is reached and its stop is gone: never both', async () => {
    const bench = await bracketed();
    const seen = witness(bench);
    const [target] = ownWatch(bench);
    priceIs(bench, new Big(target!.limit!));
    await bench.run(10_000);
    expect(seen).toEqual(['sell while its stop is cancelled']);
    expect(sells(bench).map(({ progress }) => [progress.final?.status, progress.filled])).toEqual([
      ['cancelled', '0'],
      ['completed', target!.quantity],
    ]);
    expect(bench.record).toMatchObject({ settled: true, watched: [], books: { positions: [{ units: 0 }] } });
  });

  it('counts a price that came and went while nobody looked', async () => {
    const bench = await bracketed();
    const [target] = ownWatch(bench);
    const asked: number[] = [];
    const range = async (_venue: string, _symbol: string, since: number) => {
      asked.push(since);
      return { high: target!.limit!, low: target!.limit! };
    };
    const began = target!.since!;
    expect(began).toBeLessThanOrEqual(bench.clock.now());
    // The worker was dead for a while; the price is back where it was.
    bench.clock.advance(30_000);
    const below = new Big(target!.limit!).times('0.9').toFixed();
    const last = { last: below, bid: null, ask: null, at: null, receivedAt: bench.clock.now() };
    bench.deps = { ...bench.deps, prices: { last: async () => last, range } };
    await bench.run(10_000);
    expect(asked[0]).toBe(began + 1_000);
    expect(sells(bench).map(({ progress }) => progress.final?.status)).toEqual(['cancelled', 'completed']);
    // For so short a time that its stop is not away for long.
    const { startAt, endAt, limit } = sells(bench).at(-1)!.execution.plan;
    expect([endAt - startAt, limit]).toEqual([2_000, target!.limit]);
    expect(bench.record.books!.positions[0]!.units).toBe(0);
  });

  it('is not sold when its stop fills while that is taken back', async () => {
    const bench = await bracketed();
    const seen = witness(bench);
    bench.cancelsLose = true;
    priceIs(bench, new Big(ownWatch(bench)[0]!.limit!));
    await bench.run(10_000);
    expect(seen).toEqual([]);
    expect(sells(bench).map(({ progress }) => progress.final?.status)).toEqual(['completed']);
    expect(bench.sessions.trades.size).toBe(1);
    expect(bench.record).toMatchObject({ settled: true, watched: [], books: { positions: [{ units: 0 }] } });
    expect(bench.held).toBe(bench.record.books!.dust['SYN/USD']);
  });
});

describe('a target that nobody takes', () => {
  it('does not leave its position without a stop: the price of that is watched meanwhile, and it is back at once', async () => {
    const bench = await bracketed();
    const [target] = ownWatch(bench);
    const stop = bench.record.watched.find(({ kind }) => kind === 'stop')!;
    bench.holdsMarketOrders = true;
    await prices(bench, ...Array.from({ length: 3 }, () => new Big(target!.limit!)));
    expect(bench.stops).toEqual([]);
    expect(ownWatch(bench)).toMatchObject([{ order: stop.order, kind: 'stop', stop: stop.stop, held: 'session' }]);
    expect(bench.record.block).toBeNull();
    // Its time is over, and the price is back.
    bench.expireMarketOrders();
    await prices(bench, ...Array.from({ length: 3 }, () => new Big(target!.limit!).times('0.95')));
    expect(bench.stops).toHaveLength(1);
    expect(bench.stops[0]!.execution.plan.params['stopPrice']).toBe(stop.stop);
    // The same bar, and the price is there again.
    const { bars } = bench.record;
    bench.holdsMarketOrders = false;
    await prices(bench, ...Array.from({ length: 4 }, () => new Big(target!.limit!)));
    expect([bench.record.bars, bench.record.books!.positions[0]!.units]).toEqual([bars, 0]);
  });

  it('is given up for the stop when the market falls to that', async () => {
    const bench = await bracketed();
    const [target] = ownWatch(bench);
    const stop = bench.record.watched.find(({ kind }) => kind === 'stop')!;
    bench.holdsMarketOrders = true;
    await prices(bench, ...Array.from({ length: 3 }, () => new Big(target!.limit!)));
    await prices(bench, new Big(stop.stop!));
    bench.holdsMarketOrders = false;
    await prices(bench, ...Array.from({ length: 4 }, () => new Big(stop.stop!)));
    expect(sells(bench).at(-1)!.execution.plan).toMatchObject({ limit: null, params: { kind: 'marketable' } });
    expect(bench.record.books!.positions[0]!.units).toBe(0);
  });
});

describe('bars of an outage', () => {
  it('take no stop away for a target that one of them has seen, unless it is the newest or the price is still there', async () => {
    const bench = await bracketed();
    const [target] = ownWatch(bench);
    const { closed, candles } = bench;
    candles.high[closed] = Number(target!.limit) * 2;
    bench.closed += 3;
    for (let bar = closed + 1; bar < bench.closed; bar++) candles.high[bar] = candles.close[bar]!;
    bench.clock.advance(3 * 60_000);
    await bench.until(bench.record.bars + 3);
    expect(bench.sessions.entries.filter(({ event }) => event.kind === 'reached')).toEqual([]);
    candles.high[bench.closed] = Number(target!.limit) * 2;
    bench.closed += 1;
    bench.clock.advance(60_000);
    await bench.run();
    expect(bench.sessions.entries.filter(({ event }) => event.kind === 'reached')).toHaveLength(1);
  });
});

describe('a stop at the venue that the market has jumped over', () => {
  it('is taken back and sold at market in the same bar', async () => {
    const bench = await bracketed();
    const { bars } = bench.record;
    const stop = bench.record.watched.find(({ kind }) => kind === 'stop')!;
    expect(stop.held).toBe('venue');
    // Between trigger and worst price it fills at the venue: that is not ours to do.
    await prices(bench, new Big(stop.limit!).plus('0.01'));
    expect(bench.sessions.entries.some(({ event }) => event.kind === 'reached')).toBe(false);
    await prices(bench, ...Array.from({ length: 5 }, () => new Big(stop.limit!).minus('0.01')));
    expect(
      sells(bench).map(({ execution, progress }) => [execution.plan.params['kind'], progress.final?.status]),
    ).toEqual([
      ['stop', 'cancelled'],
      ['marketable', 'completed'],
    ]);
    expect(bench.record).toMatchObject({ bars, books: { positions: [{ units: 0 }] } });
  });
});
