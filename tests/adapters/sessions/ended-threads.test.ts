import { describe, expect, it, jest } from '@jest/globals';
import type { SessionDecider } from '../../../adapters/ports/session-decider.ts';
import { createSessionDecider } from '../../../adapters/sessions/session-decider.ts';
import { SessionBench } from '../../activities/session/session-bench.ts';

jest.setTimeout(180_000);

/** Of the registry: the default one of the bench. */
const sessionWith = (decider: SessionDecider) => new SessionBench({ decider });

describe('a thread that ends with a strategy of the registry in it', () => {
  it('for want of memory pauses the session, with what to do, instead of being opened for ever', async () => {
    // Less than what the thread's own code takes.
    const decider = createSessionDecider({ threads: 1, stuckAfterMs: 600_000, maxHeapMb: 2 });
    try {
      const bench = sessionWith(decider);
      bench.closed += 1;
      await bench.run();
      const problem = { code: 'OUT_OF_MEMORY', detail: expect.stringMatching(/more than 2 MB.*TRADEWIND_RUN_HEAP_MB/) };
      expect(bench.record).toMatchObject({
        status: 'paused',
        bars: 0,
        problem,
        block: { reason: 'STRATEGY', problem },
      });
      expect(bench.orders.size).toBe(0);
    } finally {
      await decider.close();
    }
  });

  it('because the worker stops says nothing of the session', async () => {
    const decider = createSessionDecider({ threads: 1, stuckAfterMs: 600_000, maxHeapMb: 512 });
    const closing: Promise<void>[] = [];
    const bench = sessionWith({
      ...decider,
      decide: (request) => {
        const decided = decider.decide(request);
        // Its thread has begun, and has not answered.
        if (closing.length === 0) closing.push(decider.close());
        return decided;
      },
    });
    bench.closed += 1;
    await expect(bench.run()).rejects.toThrow('the thread ended');
    await Promise.all(closing);
    expect(bench.record).toMatchObject({ status: 'running', bars: 0, problem: null, block: null });
  });
});
