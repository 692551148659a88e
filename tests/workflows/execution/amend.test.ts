import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { AmendResult, ChildCommand } from '../../../domain/execution/commands.ts';
import {
  amendUpdate,
  cancelUpdate,
  pauseUpdate,
  progressQuery,
  resumeUpdate,
} from '../../../workflows/execution/messages.ts';
import { gate } from './gate.ts';
import { ScriptedServer, type World } from './scripted-run.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(60_000);

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
}, 120_000);
afterAll(() => server.stop());

/** Ten slices of 1 BTC, one every 10 s. */
const TEN = { durationMs: 100_000 };
const targetsOf = ({ calls }: World): string[] => calls.map(({ command }) => command.target);
const refusal = async (update: Promise<unknown>): Promise<unknown> => {
  const failure = await update.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(WorkflowUpdateFailedError);
  return (failure as WorkflowUpdateFailedError).cause;
};

describe('amend', () => {
  it('cuts what is left anew, and orders from then on are decided on the amended plan', async () => {
    await server.run(TEN, {}, async (world) => {
      const { handle, plan } = world;
      await world.sleep(35_000);
      const request = { quantity: '13', endAt: plan.startAt + 130_000, limit: '61000' };
      await expect(handle.executeUpdate(amendUpdate, { args: [request] })).resolves.toEqual({
        status: 'running',
        filled: '4',
      });
      await expect(handle.result()).resolves.toEqual({ status: 'completed', filled: '13', residual: '0' });
      // Nine slices of 10 s from +40 s on for the 9 that are left.
      expect(targetsOf(world)).toEqual(Array.from({ length: 13 }, (_, k) => String(k + 1)));
      expect(world.calls[3]?.command).toMatchObject({ amendment: 0, plan });
      expect(world.calls[4]?.command).toMatchObject({
        amendment: 1,
        plan: { ...plan, quantity: '13', endAt: plan.startAt + 130_000, limit: '61000' },
        dueAt: plan.startAt + 40_000,
        finalTarget: '13',
      });
      // Children are counted through, so that none shares a name with an earlier one.
      expect(world.calls.map(({ command }) => command.child)).toEqual(Array.from({ length: 13 }, (_, k) => k + 1));
    });
  });

  it('to what has been filled ends the execution', async () => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(35_000);
      await world.handle.executeUpdate(amendUpdate, { args: [{ quantity: '4' }] });
      await expect(world.handle.result()).resolves.toEqual({ status: 'completed', filled: '4', residual: '0' });
      expect(world.closedAt()).toBeLessThan(40_000);
    });
  });

  it('that changes nothing is not recorded', async () => {
    let recorded = 0;
    const script = {
      amend: async (): Promise<AmendResult> => {
        recorded += 1;
        return { accepted: true };
      },
    };
    await server.run(TEN, script, async (world) => {
      await world.sleep(5_000);
      await expect(world.handle.executeUpdate(amendUpdate, { args: [{ quantity: '10.0' }] })).resolves.toMatchObject({
        status: 'running',
      });
      await world.handle.executeUpdate(cancelUpdate);
      await world.handle.result();
      expect(recorded).toBe(0);
    });
  });

  it.each([
    ['nothing', {}, /give a new quantity, end or limit/],
    ['less than has filled', { quantity: '3.5' }, /below what has been filled, 4/],
    ['an end that has passed', { endAt: 1 }, /has passed/],
  ] as const)('to %s is refused before anything is written down', async (_, request, reason) => {
    await server.run(TEN, {}, async (world) => {
      await world.sleep(35_000);
      const cause = await refusal(world.handle.executeUpdate(amendUpdate, { args: [request] }));
      expect(cause).toMatchObject({ type: 'INVALID_AMENDMENT', message: expect.stringMatching(reason) });
      await expect(world.handle.query(progressQuery)).resolves.toMatchObject({ amendment: null });
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '10' });
    });
  });

  it('that the database refuses, since more may still fill, changes nothing', async () => {
    const script = {
      amend: async (): Promise<AmendResult> => ({ accepted: false, reason: 'below what may still fill' }),
    };
    await server.run(TEN, script, async (world) => {
      await world.sleep(35_000);
      const cause = await refusal(world.handle.executeUpdate(amendUpdate, { args: [{ quantity: '4.5' }] }));
      expect(cause).toMatchObject({ type: 'INVALID_AMENDMENT', message: 'below what may still fill' });
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '10' });
      expect(world.calls.every(({ command }) => command.amendment === 0)).toBe(true);
    });
  });

  it('is refused while another is being recorded, while a cancel is under way, and after the end', async () => {
    const recording = gate();
    const recorded = gate();
    const script = {
      amend: async (): Promise<AmendResult> => {
        recording.open();
        await recorded.opened;
        return { accepted: true };
      },
      child: async ({ child }: ChildCommand, { handle }: World) => {
        if (child !== 3) return {};
        await handle.executeUpdate(cancelUpdate);
        const cause = await refusal(handle.executeUpdate(amendUpdate, { args: [{ quantity: '9' }] }));
        expect(cause).toMatchObject({ type: 'CANCEL_REQUESTED' });
        return {};
      },
    };
    await server.run(TEN, script, async (world) => {
      const { handle } = world;
      await world.sleep(5_000);
      const first = handle.executeUpdate(amendUpdate, { args: [{ quantity: '12' }] });
      await recording.opened;
      const cause = await refusal(handle.executeUpdate(amendUpdate, { args: [{ quantity: '11' }] }));
      expect(cause).toMatchObject({ type: 'AMENDMENT_PENDING' });
      recorded.open();
      await first;
      await expect(handle.result()).resolves.toMatchObject({ status: 'cancelled' });
    });
  });

  it('while a child works keeps what the child fills, and cuts the rest from its target', async () => {
    const script = {
      child: async ({ child, target }: ChildCommand, { handle, filled }: World) => {
        if (child !== 3) return {};
        await handle.executeUpdate(amendUpdate, { args: [{ quantity: '17' }] });
        return { trade: String(Number(target) - Number(filled())) };
      },
    };
    await server.run(TEN, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '17' });
      // 3 at the third slice, which was worked; 14 over the seven left.
      expect(targetsOf(world)).toEqual(['1', '2', '3', '5', '7', '9', '11', '13', '15', '17']);
    });
  });

  it('of a paused execution holds once it is resumed, over several runs', async () => {
    await server.run(
      TEN,
      {},
      async (world) => {
        const { handle, plan } = world;
        await world.sleep(25_000);
        await handle.executeUpdate(pauseUpdate);
        await handle.executeUpdate(amendUpdate, { args: [{ endAt: plan.startAt + 150_000 }] });
        await world.sleep(30_000);
        await handle.executeUpdate(resumeUpdate);
        await expect(handle.result()).resolves.toEqual({ status: 'completed', filled: '10', residual: '0' });
        expect(new Set(world.calls.map(({ runId }) => runId)).size).toBeGreaterThan(3);
        // Every child after the third is of the amended plan, whichever run it is in.
        expect(world.calls.slice(3).every(({ command }) => command.amendment === 1)).toBe(true);
        const children = world.calls.map(({ command }) => command.child);
        // Each has a number of its own, and they rise.
        expect(children).toEqual([...new Set(children)].sort((a, b) => a - b));
      },
      2,
    );
  });
});
