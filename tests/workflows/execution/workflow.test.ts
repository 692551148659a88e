import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { ChildOutcome } from '../../../domain/execution/commands.ts';
import { ScriptedServer, type World } from './scripted-run.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(30_000);

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
}, 120_000);
afterAll(() => server.stop());

/** How much later than due a slice may be on a busy machine: real time passes while something runs. */
const SLACK_MS = 5_000;

/** Ten slices of 1 BTC, one every 10 s. */
const TEN = { durationMs: 100_000 };

const REFUSED = {
  result: 'refused',
  retryable: false,
  problem: { code: '-1013', detail: 'Filter failure: LOT_SIZE' },
} satisfies Partial<ChildOutcome>;

const childrenOf = ({ calls }: World): number[] => calls.map(({ command }) => command.child);
const slicesOf = ({ calls }: World): number[] => calls.map(({ command }) => command.slice);
const statusOf = async ({ handle }: World): Promise<unknown> => (await handle.result()).status;

/** The child came within the slack after that many seconds from the start. */
function expectAt(call: World['calls'][number] | undefined, seconds: number): void {
  expect(call?.at).toBeGreaterThanOrEqual(seconds * 1_000);
  expect(call?.at).toBeLessThan(seconds * 1_000 + SLACK_MS);
}

describe('an execution in time', () => {
  it('runs every slice at its time with what the schedule says', async () => {
    await server.run(TEN, {}, async ({ handle, calls, closes, plan }) => {
      await expect(handle.result()).resolves.toEqual({ status: 'completed', filled: '10', residual: '0' });
      expect(calls.map(({ command }) => command)).toEqual(
        Array.from({ length: 10 }, (_, k) => ({
          plan,
          amendment: 0,
          slice: k + 1,
          child: k + 1,
          attempt: 1,
          role: 'taker',
          dueAt: plan.startAt + k * 10_000,
          intervalMs: 10_000,
          target: String(k + 1),
          previousTarget: String(k),
          finalTarget: '10',
          notAfter: plan.startAt + (k + 1) * 10_000,
        })),
      );
      calls.forEach((call, k) => expectAt(call, k * 10));
      expect(closes).toEqual([{ executionId: plan.executionId, status: 'completed', problem: null }]);
    });
  });

  it('waits for a start that lies ahead', async () => {
    await server.run({ ...TEN, startsInMs: 60_000 }, {}, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      expectAt(world.calls[0], 0);
    });
  });

  it('begins with the slice that is due when it starts late', async () => {
    await server.run({ ...TEN, startsInMs: -35_000 }, {}, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      expect(world.calls[0]?.command).toMatchObject({ slice: 4, child: 4, target: '4', previousTarget: '3' });
      expect(slicesOf(world)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    });
  });

  it('passes over the slices that it missed while a child took long', async () => {
    let tries = 0;
    const script = {
      child: ({ child }: { child: number }) => {
        if (child !== 2 || (tries += 1) > 1) return Promise.resolve({});
        // The second child ends at +52 s only.
        return Promise.reject(ApplicationFailure.create({ message: 'the venue is away', nextRetryDelay: '42 s' }));
      },
    };
    await server.run(TEN, script, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      expect(slicesOf(world)).toEqual([1, 2, 2, 6, 7, 8, 9, 10]);
      expect(childrenOf(world)).toEqual([1, 2, 2, 6, 7, 8, 9, 10]);
      expectAt(world.calls[3], 52);
      // All that the curve wants by then; the bound on one child is the business of the venue's side.
      expect(world.calls[3]?.command).toMatchObject({ target: '6', previousTarget: '5' });
    });
  });

  it('expires with the residual when the venue trades nothing, after five tries of the last slice', async () => {
    const script = { child: () => Promise.resolve({ result: 'expired', trade: '0.25' } as const) };
    await server.run({ ...TEN, quantity: '10.004' }, script, async ({ handle, calls, closes, plan }) => {
      // 14 children of 0.25 make 3.5; 10.004 - 3.5
      await expect(handle.result()).resolves.toEqual({ status: 'expired', filled: '3.5', residual: '6.504' });
      expect(calls.slice(-5).map(({ command }) => [command.child, command.attempt, command.notAfter])).toEqual(
        [1, 2, 3, 4, 5].map((attempt) => [10, attempt, plan.endAt]),
      );
      expect(closes).toMatchObject([{ status: 'expired' }]);
    });
  });

  it('numbers a child anew when the last slice filled and still something is wanting', async () => {
    const script = {
      child: ({ child }: { child: number }) =>
        Promise.resolve({ result: 'filled', trade: child === 12 ? '0.1' : '0.9' } as const),
    };
    await server.run(TEN, script, async ({ handle, calls }) => {
      // Ten children of 0.9 make 9, one more 9.9.
      await expect(handle.result()).resolves.toEqual({ status: 'completed', filled: '10', residual: '0' });
      expect(calls.slice(-3).map(({ command }) => [command.child, command.attempt])).toEqual([
        [10, 1],
        [11, 1],
        [12, 1],
      ]);
    });
  });

  it('is complete when what is left is below the minimum of the venue', async () => {
    const script = {
      child: ({ child }: { child: number }) =>
        Promise.resolve(
          child < 10 ? {} : ({ result: 'carried', problem: { code: 'BELOW_MINIMUM', detail: 'too little' } } as const),
        ),
    };
    await server.run(TEN, script, async ({ handle, calls }) => {
      await expect(handle.result()).resolves.toEqual({ status: 'completed', filled: '9', residual: '1' });
      expect(calls).toHaveLength(10);
    });
  });

  it('fails after three refusals in a row that would come again, and says why', async () => {
    const script = { child: () => Promise.resolve(REFUSED) };
    await server.run(TEN, script, async (world) => {
      await expect(statusOf(world)).resolves.toBe('failed');
      expect(childrenOf(world)).toEqual([1, 2, 3]);
      expect(world.closes).toMatchObject([{ status: 'failed', problem: REFUSED.problem }]);
    });
  });

  it('goes on when a refusal may pass', async () => {
    const script = {
      child: ({ child }: { child: number }) =>
        Promise.resolve(child === 3 || child === 6 || child > 8 ? {} : { ...REFUSED, retryable: child === 8 }),
    };
    await server.run(TEN, script, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      expect(childrenOf(world)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });
  });
});

describe('an execution whose activities fail', () => {
  it('asks for the very same child again, however often', async () => {
    let failures = 0;
    const script = {
      child: ({ child }: { child: number }) => {
        if (child !== 2 || failures >= 8) return Promise.resolve({});
        failures += 1;
        return Promise.reject(ApplicationFailure.create({ message: 'no answer', type: 'VenueReadError' }));
      },
    };
    await server.run(TEN, script, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      const second = world.calls.filter(({ command }) => command.child === 2);
      expect(second.map((call) => call.try)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      for (const { command } of second) expect(command).toEqual(second[0]?.command);
    });
  });

  it('has its final status on record before the venue answers about the market', async () => {
    let asked = 0;
    const script = {
      endAtVenue: () => {
        asked += 1;
        return asked > 3
          ? Promise.resolve()
          : Promise.reject(ApplicationFailure.create({ message: 'the venue is away', nextRetryDelay: '60 s' }));
      },
    };
    await server.run({ durationMs: 10_000, params: { slices: 1 } }, script, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      // The venue was away for three minutes; the end was stored at once, and once.
      expect(asked).toBe(4);
      expect(await world.now()).toBeGreaterThanOrEqual(180_000);
      expect(world.closedAt()).toBeLessThan(SLACK_MS);
      expect(world.closes).toHaveLength(1);
    });
  });

  it('ends also when the market cannot be measured', async () => {
    const script = {
      marketMeasured: false,
      measureMarket: () => Promise.reject(ApplicationFailure.create({ message: 'no tape', type: 'VenueReadError' })),
    };
    await server.run({ durationMs: 10_000, params: { slices: 1 } }, script, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      // 2, 4, 8, 16, 32 and then 60 s apart, for a quarter of an hour.
      expect(world.measured()).toBeGreaterThan(10);
    });
  });

  it('measures the market once when that works', async () => {
    await server.run({ durationMs: 10_000, params: { slices: 1 } }, { marketMeasured: false }, async (world) => {
      await expect(statusOf(world)).resolves.toBe('completed');
      expect(world.measured()).toBe(1);
    });
  });
});

describe('an execution over several runs', () => {
  it('begins its history anew after three slices and stays exact over ten', async () => {
    const script = { child: () => Promise.resolve({}) };
    await server.run(
      { ...TEN, quantity: '1', params: { slices: 10 } },
      script,
      async (world) => {
        await expect(world.handle.result()).resolves.toEqual({ status: 'completed', filled: '1', residual: '0' });
        expect(childrenOf(world)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        const runs = [...new Set(world.calls.map(({ runId }) => runId))];
        expect(runs.map((run) => world.calls.filter(({ runId }) => runId === run).length)).toEqual([3, 3, 3, 1]);
        world.calls.forEach((call, k) => expectAt(call, k * 10));
      },
      3,
    );
  });

  it('keeps a pause from one run to the next', async () => {
    const script = {
      child: async ({ child }: { child: number }, { handle }: World) => {
        if (child === 3) await handle.executeUpdate('pause');
        return {};
      },
    };
    await server.run(
      TEN,
      script,
      async (world) => {
        await world.sleep(55_000);
        expect(childrenOf(world)).toEqual([1, 2, 3]);
        await expect(world.handle.executeUpdate('resume')).resolves.toMatchObject({ status: 'running' });
        await expect(statusOf(world)).resolves.toBe('completed');
        expect(slicesOf(world)).toEqual([1, 2, 3, 6, 7, 8, 9, 10]);
        expect(childrenOf(world)).toEqual([1, 2, 3, 6, 7, 8, 9, 10]);
        expect(world.calls[3]?.runId).not.toBe(world.calls[2]?.runId);
        expect(world.statuses).toEqual(['paused', 'running']);
      },
      3,
    );
  });
});
