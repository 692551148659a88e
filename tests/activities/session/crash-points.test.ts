import { describe, expect, it } from '@jest/globals';
import type { SessionDependencies } from '../../../activities/session/dependencies.ts';
import { SessionBench, strategyWith } from './session-bench.ts';

/** The process was killed: nothing after this runs. */
class Killed extends Error {}

interface Plan {
  /** Which call of a port dies, from 1. */
  readonly call: number;
  /** `before`: its effect never happens; `after`: it happened, and nobody hears of it. */
  readonly moment: 'before' | 'after';
}

/** Counts every call of a port and kills the process in one of them. */
function crashing(bench: SessionBench, plan: Plan): () => readonly string[] {
  const calls: string[] = [];
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const work = Reflect.get(target, name, target) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]): Promise<unknown> => {
          calls.push(String(name));
          const dies = calls.length === plan.call;
          if (dies && plan.moment === 'before') throw new Killed(`before ${String(name)}`);
          const result = await work.apply(target, args);
          if (dies) throw new Killed(`after ${String(name)}`);
          return result;
        };
      },
    });
  const { store, decider, workflows, executions, candles, signals } = bench.deps;
  const deps: SessionDependencies = {
    ...bench.deps,
    store: guard(store),
    decider: guard(decider),
    workflows: guard(workflows),
    executions: guard(executions),
    candles: guard(candles),
    signals: guard(signals),
  };
  bench.deps = deps;
  return () => calls;
}

const BARS = 10;
const options = { bars: BARS, seed: 39, spec: strategyWith({ fast: 2, slow: 3, stopLoss: 0.004 }) };

/** What must be the same however often it was killed on the way. */
const storyOf = (bench: SessionBench) => ({
  journal: bench.sessions.entries,
  decisions: bench.sessions.decisions,
  trades: [...bench.sessions.trades.values()],
  orders: [...bench.orders.values()].map(({ execution, progress }) => ({
    id: execution.id,
    side: execution.plan.side,
    progress,
  })),
  books: bench.record.books,
  held: bench.held,
});

describe('a session that is killed', () => {
  it('at any call of any port, before or after its effect, does nothing twice and leaves nothing out', async () => {
    const whole = new SessionBench(options);
    const counted = crashing(whole, { call: Number.POSITIVE_INFINITY, moment: 'before' });
    await whole.until(BARS);
    const story = storyOf(whole);
    // It buys, is stopped out or sells, and is never without a stop while it holds.
    expect(story.orders.length).toBeGreaterThan(6);
    expect(story.trades.length).toBeGreaterThan(1);
    const calls = counted().length;
    for (const moment of ['before', 'after'] as const) {
      for (let call = 1; call <= calls; call++) {
        const bench = new SessionBench(options);
        const made = crashing(bench, { call, moment });
        await bench.until(BARS);
        const told = { killed: `${moment} call ${call}, ${made()[call - 1]}` };
        expect({ ...told, ...storyOf(bench) }).toEqual({ ...told, ...story });
      }
    }
  });
});
