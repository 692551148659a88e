import { describe, expect, it } from '@jest/globals';
import { RunControl } from '../../../adapters/backtests/control.ts';
import type { Decided, DecideRequest, SessionDecider } from '../../../adapters/ports/session-decider.ts';
import { decide } from '../../../adapters/sessions/decide.ts';
import { WarmBooks } from '../../../adapters/sessions/warm-books.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { SessionBench } from '../../activities/session/session-bench.ts';

const control = new RunControl();

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
