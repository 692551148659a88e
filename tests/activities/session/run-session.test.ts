import { describe, expect, it } from '@jest/globals';
import { BacktestFailure, failure } from '../../../domain/backtest/failure.ts';
import type { SessionCommand } from '../../../domain/session/commands.ts';
import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import { ownDecider, SessionBench, strategyWith, SYMBOL } from './session-bench.ts';

const MINUTE_MS = 60_000;
const by = 'ann';

let keys = 0;
const command = (bench: SessionBench, given: SessionCommand): Promise<unknown> =>
  bench.sessions.store.command('s1', given, `key ${++keys}`);

/** Runs bars until the session holds a position that its stop protects. */
async function holding(bench: SessionBench): Promise<void> {
  for (let bars = bench.record.bars + 1; bench.stops.length === 0; bars++) {
    if (bench.closed === bench.candles.length) throw new Error('the market gives no position');
    await bench.until(bars);
  }
}

/** From here on not even the session's past can be folded. */
function losePast(bench: SessionBench): void {
  const decide: SessionDecider['decide'] = () => {
    throw failure('INVALID_STRATEGY', 'the file is gone');
  };
  bench.deps = { ...bench.deps, decider: { ...bench.deps.decider, decide } };
}

const reasons = (bench: SessionBench): readonly string[] =>
  bench.sessions.entries.flatMap(({ event }) => (event.kind === 'bar' ? [`${event.mode} ${event.reason}`] : []));

describe('a running session', () => {
  it('handles each bar once, in order, and returns after each', async () => {
    const bench = new SessionBench({ bars: 20 });
    for (let bars = 1; bars <= 20; bars++) {
      const glance = await bench.run();
      expect([glance.bars, glance.lastBar]).toEqual([bars, bench.candles.time[10 + bars - 1]]);
    }
    expect(bench.sessions.decisions.map(({ bar }) => bar)).toEqual(Array.from(bench.candles.time.subarray(10, 30)));
  });

  it('decides no bar while an order at market is on its way: it would not know what it holds', async () => {
    const bench = new SessionBench({ bars: 60, spec: { catchUp: 'replay' } });
    bench.holdsMarketOrders = true;
    for (let bars = 1; bench.orders.size === 0; bars++) await bench.until(bars);
    const { bars } = bench.record;
    bench.closed += 2;
    await bench.run(5_000);
    expect([bench.record.bars, bench.orders.size]).toEqual([bars, 1]);
    bench.holdsMarketOrders = false;
    await bench.until(bars + 2);
    expect(bench.sessions.decisions.at(-1)!.position).toBeCloseTo(9.99, 9);
  });

  it('protects what it buys by a stop at the venue, and sells no more than it holds', async () => {
    const bench = new SessionBench({ bars: 200, spec: strategyWith({ stopLoss: 0.006 }) });
    await bench.until(200);
    expect(bench.sessions.trades.size).toBeGreaterThan(5);
    expect(Number(bench.held)).toBeCloseTo(
      bench.record.books!.positions[0]!.units + Number(bench.record.books!.dust[SYMBOL]),
      9,
    );
    const sold = [...bench.orders.values()].filter(({ execution }) => execution.plan.side === 'sell');
    expect(sold.every(({ execution }) => execution.plan.params['reduceOnly'] === 1)).toBe(true);
  });

  it('says in its facts what a person wants to know', async () => {
    const bench = new SessionBench();
    await holding(bench);
    const facts = Object.fromEntries((await bench.run()).facts);
    expect(facts['strategy']).toContain('sma-cross (fast 2, slow 5');
    expect(facts['market']).toBe('SYN/USD on sim, 1m bars');
    expect(facts['position']).toMatch(/^9\.99 SYN, stop /);
    expect(facts['open orders']).toBe('1');
  });

  it('returns when its time is over, although no bar has come', async () => {
    const bench = new SessionBench({ bars: 1 });
    await bench.until(1);
    const glance = await bench.run(5_000);
    expect([glance.bars, glance.status]).toEqual([1, 'running']);
  });

  it('knows nothing of a session that is not there', async () => {
    const bench = new SessionBench();
    bench.sessions.record = { ...bench.record, id: 'another' };
    await expect(bench.deps.store.find('s1')).resolves.toBeNull();
  });
});

describe('bars that nobody decided in time', () => {
  const afterAnOutage = async (catchUp: 'skip' | 'latest' | 'replay', lateMs: number): Promise<SessionBench> => {
    const bench = new SessionBench({ bars: 20, spec: { catchUp } });
    await bench.until(3);
    bench.closed += 5;
    bench.clock.advance(5 * MINUTE_MS + lateMs);
    await bench.run();
    return bench;
  };

  it('are marked as missed, but for the newest', async () => {
    const bench = await afterAnOutage('latest', 0);
    expect(bench.record.bars).toBe(8);
    expect(reasons(bench)).toEqual(Array.from({ length: 4 }, () => 'mute MISSED'));
    expect(bench.sessions.decisions.at(-1)!.mode).toBe('ask');
  });

  it('are all missed under "skip" when the newest is late as well', async () => {
    const bench = await afterAnOutage('skip', 11_000);
    expect(reasons(bench)).toEqual(Array.from({ length: 5 }, () => 'mute MISSED'));
  });

  it('are decided one after the other under "replay"', async () => {
    const bench = await afterAnOutage('replay', 30_000);
    expect(bench.record.bars).toBe(4);
    await bench.until(8);
    expect(reasons(bench)).toEqual([]);
  });
});

describe('commands', () => {
  it('pauses and keeps: the stop stays, nothing is opened, bars go by', async () => {
    const bench = new SessionBench({ bars: 60 });
    await holding(bench);
    await command(bench, { kind: 'pause', mode: 'keep', by });
    const before = bench.orders.size;
    const { bars } = bench.record;
    await bench.until(bars + 1);
    expect([bench.record.status, bench.stops.length, bench.orders.size]).toEqual(['paused', 1, before]);
    expect(reasons(bench)).toEqual(['mute PAUSED']);
  });

  it('pauses and flattens: the stop is taken back first, then all that is held is sold', async () => {
    const bench = new SessionBench({ bars: 60 });
    await holding(bench);
    await command(bench, { kind: 'pause', mode: 'flatten', by });
    await bench.until(bench.record.bars + 1);
    expect(bench.record.books!.positions[0]!.units).toBe(0);
    expect(bench.stops).toEqual([]);
    const kinds = bench.sessions.entries.slice(-4).map(({ event }) => event.kind);
    expect(kinds).toEqual(expect.arrayContaining(['ended', 'execution']));
  });

  it('stops in each of the three ways', async () => {
    for (const [mode, stops, held] of [
      ['keep', 1, true],
      ['cancel', 0, true],
      ['flatten', 0, false],
    ] as const) {
      const bench = new SessionBench({ bars: 60 });
      await holding(bench);
      await command(bench, { kind: 'stop', mode, by });
      await bench.until(1_000);
      expect([mode, bench.record.status, bench.stops.length]).toEqual([mode, 'stopped', stops]);
      expect(bench.record.books!.positions[0]!.units > 0).toBe(held);
      // No stop is shown that nobody holds.
      expect(bench.record.books!.positions[0]!.stopLoss !== null).toBe(stops > 0);
      expect((await bench.run()).status).toBe('stopped');
    }
  });

  it('does not end with "keep" before an exit at market has ended, whose trades are its own', async () => {
    const bench = new SessionBench({ bars: 60 });
    await holding(bench);
    await command(bench, { kind: 'pause', mode: 'flatten', by });
    bench.holdsMarketOrders = true;
    bench.standStill();
    for (let call = 0; call < 3; call++) await bench.run(5_000);
    for (const order of bench.orders.values()) {
      if (order.progress.final === null) order.progress = { ...order.progress, atVenue: true };
    }
    await bench.run(5_000);
    expect(bench.record.settled).toBe(true);
    await command(bench, { kind: 'stop', mode: 'keep', by });
    await bench.run(5_000);
    expect(bench.record.status).toBe('stopping');
    bench.holdsMarketOrders = false;
    await bench.run(5_000);
    expect([bench.record.status, bench.record.books!.positions[0]!.units]).toEqual(['stopped', 0]);
    expect(bench.sessions.trades.size).toBe(1);
  });

  it('changes parameters from the next bar on', async () => {
    const bench = new SessionBench({ bars: 30 });
    await bench.until(3);
    const params = { ...bench.record.params, fast: 3 };
    await command(bench, { kind: 'amend', params, by });
    await bench.until(4);
    expect(bench.record.params['fast']).toBe(3);
    expect(Object.keys(bench.sessions.decisions[3]!.values)).not.toEqual([]);
    expect(bench.sessions.entries.map(({ event }) => event.kind)).toContain('params');
  });
});

describe('a strategy that fails', () => {
  /** Fails at the bars with these numbers, from 1, for as long as `isBad`. */
  const failing = (state: { isBad: boolean }, at: number): SessionDecider => ({
    ...ownDecider,
    decide: async (request) => {
      if (
        state.isBad &&
        request.bars.length > 0 &&
        request.bars[0]!.reason !== 'STRATEGY' &&
        request.session.startBar + (at - 1) * MINUTE_MS === request.bars[0]!.time
      )
        throw failure('STRATEGY_FAILED', `the strategy threw at bar ${at}: no idea`);
      return ownDecider.decide(request);
    },
  });

  it('pauses its session and names the bar; nothing is traded, and its stop stays', async () => {
    const probe = new SessionBench({ bars: 60 });
    await holding(probe);
    const at = probe.record.bars + 1;
    const state = { isBad: true };
    const bench = new SessionBench({ bars: 60, decider: failing(state, at) });
    await holding(bench);
    const orders = bench.orders.size;
    const glance = await bench.run();
    expect(glance.status).toBe('paused');
    expect(glance.problem).toBe(`STRATEGY_FAILED: the strategy threw at bar ${at}: no idea`);
    expect(bench.record).toMatchObject({ bars: at - 1, block: { reason: 'STRATEGY' } });
    // It is not asked again, and the bar goes by.
    await bench.run();
    expect([bench.record.bars, bench.orders.size, bench.stops.length]).toEqual([at, orders, 1]);
    expect(reasons(bench)).toEqual(['mute STRATEGY']);
    // A person has mended it: it is asked about the next bar.
    state.isBad = false;
    await command(bench, { kind: 'resume', by, reason: 'mended' });
    await bench.until(at + 1);
    expect(bench.record).toMatchObject({ status: 'running', block: null, problem: null });
    expect(bench.sessions.decisions.at(-1)).toMatchObject({ mode: 'ask', blocked: null });
  });

  it('goes on telling what its orders did although its bars are not asked about', async () => {
    const options = { bars: 200, spec: strategyWith({ stopLoss: 0.006 }) };
    const probe = new SessionBench(options);
    await holding(probe);
    const at = probe.record.bars + 1;
    const bench = new SessionBench({ ...options, decider: failing({ isBad: true }, at) });
    await holding(bench);
    while (bench.stops.length > 0 && bench.closed < bench.candles.length) await bench.run();
    await bench.run();
    expect(bench.stops).toEqual([]);
    expect(bench.record.books!.positions[0]!.units).toBe(0);
    expect(bench.sessions.trades.size).toBe(1);
  });

  it('is left alone where not even its past can be folded, and its orders with it', async () => {
    const bench = new SessionBench({ bars: 60 });
    await holding(bench);
    losePast(bench);
    expect((await bench.run()).problem).toBe('INVALID_STRATEGY: the file is gone');
    const { version } = bench.record;
    await bench.run();
    expect([bench.record.version, bench.stops.length]).toEqual([version, 1]);
  });

  it.each([
    ['keep', 1, true],
    ['cancel', 0, true],
    ['flatten', 0, false],
  ] as const)('can be stopped all the same where its past cannot be folded: %s', async (mode, stops, holds) => {
    const bench = new SessionBench({ bars: 60 });
    await holding(bench);
    losePast(bench);
    await bench.run();
    await command(bench, { kind: 'stop', mode, by });
    await bench.until(1_000);
    expect([bench.record.status, bench.stops.length]).toEqual(['stopped', stops]);
    expect(Number(bench.held) > 0.01).toBe(holds);
    const { positions, dust, cash } = bench.record.books!;
    expect(positions[0]!.units + Number(dust[SYMBOL])).toBeCloseTo(Number(bench.held), 9);
    expect(positions[0]!.stopLoss !== null).toBe(stops > 0);
    if (!holds) expect(cash).toBeGreaterThan(9_900);
    expect((await bench.run()).status).toBe('stopped');
  });

  it('takes back an entry that waits when its past cannot be folded any more', async () => {
    const bench = new SessionBench({ bars: 60 });
    await holding(bench);
    const [id, placed] = [...bench.sessions.orders][0]!;
    const entry = { ...placed.order, executionId: 'waits', state: 'working', kind: 'limit' } as const;
    bench.sessions.orders.set('waits', { ...bench.sessions.orders.get(id)!, order: entry });
    losePast(bench);
    await bench.run();
    expect(bench.sessions.orders.get('waits')!.order.cancelRequested).toBe(true);
    expect(bench.stops).toHaveLength(1);
  });

  it('is told apart from our own failures, which are tried again', async () => {
    let calls = 0;
    const decider: SessionDecider = {
      ...ownDecider,
      decide: async (request) => {
        calls += 1;
        if (calls === 2) throw new Error('a thread died');
        return ownDecider.decide(request);
      },
    };
    const bench = new SessionBench({ decider });
    await expect(bench.until(2, 0)).rejects.toThrow('a thread died');
    await bench.until(3);
    expect(bench.record).toMatchObject({ bars: 3, status: 'running' });
    expect(new BacktestFailure(failure('RUN_FAILED', 'x').problem).problem.code).toBe('RUN_FAILED');
  });
});
