import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RunControl } from '../../../adapters/backtests/control.ts';
import type { Decided, DecideRequest, SessionDecider } from '../../../adapters/ports/session-decider.ts';
import { decide } from '../../../adapters/sessions/decide.ts';
import { WarmBooks } from '../../../adapters/sessions/warm-books.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { writeStrategy } from '../../helpers/user-strategies.ts';
import { SessionBench } from '../../activities/session/session-bench.ts';

const control = new RunControl();
const folder = tempFolder();

/** Decides on kept books and anew, and knows how often there were kept ones. */
class Both implements SessionDecider {
  readonly warm = new WarmBooks();
  steps = 0;
  kept = 0;
  last: DecideRequest | null = null;

  async decide(request: DecideRequest): Promise<Decided> {
    this.steps += 1;
    this.last = request;
    const take = this.warm.take.bind(this.warm);
    const spied = {
      take: (given: DecideRequest) => {
        const books = take(given);
        if (books !== null) this.kept += 1;
        return books;
      },
      keep: this.warm.keep.bind(this.warm),
    } as WarmBooks;
    const anew = await decide(request, control);
    expect(await decide(request, control, spied)).toEqual(anew);
    return anew;
  }

  async close(): Promise<void> {}
}

/** The lines of a higher timeframe need days of minutes by default. */
const PARAMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'trend-pullback': { trendHours: 1, fast: 2, slow: 3 },
};

/** A session of a user's file. */
const startedFrom = (file: string, decider: SessionDecider): SessionBench => {
  const strategyHash = createHash('sha256').update(readFileSync(file)).digest('hex');
  const spec = { strategy: { file, params: {} } };
  return new SessionBench({ bars: 80, warmUp: 5, spec, record: { strategyHash, params: {} }, decider });
};

/** Decides on kept books alone, where there are any. */
const onKept = (): SessionDecider => {
  const warm = new WarmBooks();
  return { decide: (request) => decide(request, control, warm), close: async () => undefined };
};

const started = (id: string, bars: number): { readonly bench: SessionBench; readonly both: Both } => {
  const both = new Both();
  return {
    both,
    bench: new SessionBench({ bars, warmUp: 400, spec: { strategy: { id, params: PARAMS[id] ?? {} } }, decider: both }),
  };
};

describe('books that are kept', () => {
  // 300 bars are more than the room for 256 that books of a short past have: they are folded anew once on the way.
  it.each(strategies.map(({ id }) => id))('of %s come to the same as those that are folded anew', async (id) => {
    const { bench, both } = started(id, 300);
    await bench.until(300);
    expect(both.steps).toBeGreaterThanOrEqual(300);
    expect(both.steps - both.kept).toBe(2);
  });

  it("of a user's strategy are folded anew more and more seldom, and come to the same", async () => {
    const both = new Both();
    const bench = startedFrom(writeStrategy(folder, 'turns.mjs'), both);
    const anewAt: number[] = [];
    for (let bars = 1; bars <= 60; bars++) {
      const before = both.steps - both.kept;
      await bench.until(bars);
      if (both.steps - both.kept > before) anewAt.push(bars - 1);
    }
    // Folded anew with c bars behind it, next with the first whole number of them from 1 + c * 9/8 on: 1, 2.125, 4.375, 6.625, 8.875, 11.125 and so on.
    expect(anewAt).toEqual([0, 1, 3, 5, 7, 9, 12, 15, 18, 22, 26, 31, 36, 42, 49, 57]);
  });

  it('of one that decides by dice are found out by that', async () => {
    const file = join(folder, 'dice.mjs');
    const content = `let seen = 0;
export default { id: 'own', title: 'Own', params: [], prepare: () => (context) => {
  if (globalThis.dice[seen++] > 0) context.buy();
} };
`;
    writeFileSync(file, content);
    const thrown = globalThis as { dice?: readonly number[] };
    thrown.dice = [1];
    const bench = startedFrom(file, onKept());
    await bench.until(1);
    thrown.dice = [0];
    bench.closed += 1;
    await bench.run();
    expect(bench.record).toMatchObject({ status: 'paused', problem: { code: 'REPLAY_DIFFERS' } });
  });

  it("are not used once a user's file has changed", async () => {
    const file = writeStrategy(folder, 'turns.mjs');
    const bench = startedFrom(file, onKept());
    // With 30 bars behind it: it was folded anew with 26, and the next time would be with 31.
    await bench.until(30);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    bench.closed += 1;
    await bench.run();
    expect(bench.record).toMatchObject({ status: 'paused', problem: { code: 'INVALID_STRATEGY' } });
  });

  it('are not used where the step that left them was not stored', async () => {
    const { bench, both } = started('sma-cross', 60);
    await bench.until(20);
    const { store } = bench.deps;
    let isLost = true;
    bench.deps = {
      ...bench.deps,
      store: {
        ...store,
        step: async (given) => {
          if (isLost) throw new Error('Postgres is away');
          await store.step(given);
        },
      },
    };
    await expect(bench.run()).rejects.toThrow('Postgres is away');
    isLost = false;
    const before = both.kept;
    await bench.until(21);
    expect(both.kept).toBe(before);
    await bench.until(25);
    expect(both.kept).toBeGreaterThan(before);
  });

  it('are not used with other candles, nor for another session', async () => {
    const { bench, both } = started('sma-cross', 60);
    await bench.until(20);
    const { last: request, warm } = both;
    const session = { ...request!.session, books: bench.record.books };
    const after = { ...request!, session };
    const [candles] = after.candles;
    const close = candles!.close.slice();
    close[3] = close[3]! + 0.01;
    expect(warm.take({ ...after, session: { ...session, id: 'another' } })).toBeNull();
    expect(warm.take({ ...after, candles: [{ ...candles!, close }] })).toBeNull();
    // What was refused once is kept no longer.
    expect(warm.take(after)).toBeNull();
  });
});
