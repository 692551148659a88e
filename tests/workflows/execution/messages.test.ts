import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { cancelUpdate, pauseUpdate, progressQuery, resumeUpdate } from '../../../workflows/execution/messages.ts';
import { gate } from './gate.ts';
import { ScriptedServer, type World } from './scripted-run.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(30_000);

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
}, 120_000);
afterAll(() => server.stop());

/** Ten slices of 1 BTC, one every 10 s. */
const TEN = { durationMs: 100_000 };
const childrenOf = ({ calls }: World): number[] => calls.map(({ command }) => command.child);

describe('pause and resume', () => {
  it('send nothing in between, and catch up by the curve', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(15_000);
      await expect(world.handle.executeUpdate(pauseUpdate)).resolves.toEqual({ status: 'paused', filled: '2' });
      await world.sleep(40_000);
      expect(childrenOf(world)).toEqual([1, 2]);
      await expect(world.handle.executeUpdate(resumeUpdate)).resolves.toMatchObject({ status: 'running' });
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '10' });
      // Resumed at +55 s: slice 6 was due at +50 s.
      expect(world.calls.map(({ command }) => command.slice)).toEqual([1, 2, 6, 7, 8, 9, 10]);
      expect(world.calls[2]?.command).toMatchObject({ target: '6' });
      expect(world.statuses).toEqual(['paused', 'running']);
    });
  });

  it('change nothing the second time', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(15_000);
      for (const _ of [1, 2]) await world.handle.executeUpdate(pauseUpdate);
      for (const _ of [1, 2]) await world.handle.executeUpdate(resumeUpdate);
      await world.handle.result();
      expect(world.statuses).toEqual(['paused', 'running']);
    });
  });

  it('are stored in the order they came, also when the first is stored only at its second try', async () => {
    let tries = 0;
    const script = {
      recordStatus: () => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Error('the database was away')) : Promise.resolve();
      },
    };
    await server.run(TEN, script, async (world) => {
      await world.sleep(15_000);
      // Accepted before the other is sent: of two that are sent at once, either may come first.
      const pausing = await world.handle.startUpdate(pauseUpdate, { waitForStage: 'ACCEPTED' });
      await Promise.all([pausing.result(), world.handle.executeUpdate(resumeUpdate)]);
      await world.handle.result();
      expect(tries).toBeGreaterThan(1);
      expect(world.statuses.at(-1)).toBe('running');
    });
  });

  it('let the working child end and count it', async () => {
    const script = {
      child: async ({ child }: { child: number }, { handle }: World) => {
        if (child === 3) await handle.executeUpdate(pauseUpdate);
        return {};
      },
    };
    await server.run(TEN, script, async (world) => {
      await world.sleep(45_000);
      expect(childrenOf(world)).toEqual([1, 2, 3]);
      await expect(world.handle.query(progressQuery)).resolves.toMatchObject({
        paused: true,
        filled: '3',
        handledSlices: 3,
      });
      await world.handle.executeUpdate(resumeUpdate);
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed' });
    });
  });

  it('past the end expire the execution with its residual', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(15_000);
      await world.handle.executeUpdate(pauseUpdate);
      await expect(world.handle.result()).resolves.toEqual({ status: 'expired', filled: '2', residual: '8' });
      expect(world.closedAt()).toBeGreaterThanOrEqual(100_000);
      expect(world.closedAt()).toBeLessThan(110_000);
      expect(childrenOf(world)).toEqual([1, 2]);
    });
  });
});

describe('cancel', () => {
  it('ends a waiting execution at once', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(15_000);
      await expect(world.handle.executeUpdate(cancelUpdate)).resolves.toEqual({ status: 'running', filled: '2' });
      await expect(world.handle.result()).resolves.toEqual({ status: 'cancelled', filled: '2', residual: '8' });
      expect(world.closedAt()).toBeLessThan(20_000);
      expect(world.closes).toMatchObject([{ status: 'cancelled', problem: null }]);
    });
  });

  it('ends a paused execution', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(15_000);
      await world.handle.executeUpdate(pauseUpdate);
      await expect(world.handle.executeUpdate(cancelUpdate)).resolves.toMatchObject({ status: 'paused' });
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'cancelled', filled: '2' });
    });
  });

  it('waits for the working child and counts what it traded', async () => {
    const script = {
      child: async ({ child }: { child: number }, { handle }: World) => {
        if (child === 3) await handle.executeUpdate(cancelUpdate);
        return {};
      },
    };
    await server.run(TEN, script, async (world) => {
      await expect(world.handle.result()).resolves.toEqual({ status: 'cancelled', filled: '3', residual: '7' });
      expect(childrenOf(world)).toEqual([1, 2, 3]);
    });
  });

  it('is complete rather than cancelled when the working child fills the rest', async () => {
    const script = {
      child: async ({ child }: { child: number }, { handle }: World) => {
        if (child === 10) await handle.executeUpdate(cancelUpdate);
        return {};
      },
    };
    await server.run(TEN, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '10' });
    });
  });

  it('is what a cancellation request of Temporal means: the child that works is accounted for', async () => {
    const script = {
      child: async ({ child }: { child: number }, { handle }: World) => {
        if (child === 3) await handle.cancel();
        return {};
      },
    };
    await server.run(TEN, script, async (world) => {
      await expect(world.handle.result()).resolves.toEqual({ status: 'cancelled', filled: '3', residual: '7' });
      expect(childrenOf(world)).toEqual([1, 2, 3]);
      expect(world.closes).toMatchObject([{ status: 'cancelled' }]);
    });
  });

  it('reaches also an execution that waits', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(15_000);
      await world.handle.cancel();
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'cancelled', filled: '2' });
    });
  });
});

describe('messages after the end', () => {
  it.each([pauseUpdate, resumeUpdate, cancelUpdate])(
    'refuse $name while the execution is being closed',
    async (update) => {
      const closing = gate();
      const released = gate();
      const script = {
        close: async () => {
          closing.open();
          await released.opened;
        },
      };
      await server.run({ durationMs: 10_000, params: { slices: 1 } }, script, async ({ handle, statuses }) => {
        await closing.opened;
        const failure = await handle.executeUpdate(update).catch((error: unknown) => error);
        released.open();
        expect(failure).toBeInstanceOf(WorkflowUpdateFailedError);
        expect(failure).toMatchObject({ cause: { type: 'EXECUTION_ENDED', message: 'the execution has ended' } });
        await expect(handle.result()).resolves.toMatchObject({ status: 'completed' });
        expect(statuses).toEqual([]);
      });
    },
  );

  it('find no execution once it has ended', async () => {
    await server.run({ durationMs: 10_000, params: { slices: 1 } }, {}, async ({ handle }) => {
      await handle.result();
      await expect(handle.executeUpdate(pauseUpdate)).rejects.toThrow(WorkflowNotFoundError);
    });
  });
});

describe('what an operator sees', () => {
  it('is the progress', async () => {
    await server.run(TEN, {}, async (world) => {
      const { handle } = world;
      await world.sleep(25_000);
      await expect(handle.query(progressQuery)).resolves.toEqual({
        paused: false,
        cancelRequested: false,
        handledSlices: 3,
        children: 3,
        crossing: null,
        amendment: null,
        retry: null,
        filled: '3',
        exhausted: false,
        refusals: 0,
        lastProblem: null,
      });
      await handle.executeUpdate(cancelUpdate);
    });
  });

  it('is a table with the next step in the Temporal UI', async () => {
    await server.run(TEN, {}, async (world) => {
      const { handle } = world;
      await world.sleep(25_000);
      const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
      expect(currentDetails).toContain('| status | running |');
      expect(currentDetails).toContain('| filled | 3 of 10 |');
      expect(currentDetails).toContain('| slices | 3 of 10 handled |');
      expect(currentDetails).toMatch(/\| next \| slice 4\/10: buy 1 BTC, to 4 in all at \d\d:\d\d:\d\d UTC \|/);
      await handle.executeUpdate(cancelUpdate);
    });
  });
});
