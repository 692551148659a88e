import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChildCommand } from '../../../domain/execution/commands.ts';
import { amendUpdate, cancelUpdate, pauseUpdate, resumeUpdate } from '../../../workflows/execution/messages.ts';
import { gate } from './gate.ts';
import { ScriptedServer, type World } from './scripted-run.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(60_000);

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
}, 120_000);
afterAll(() => server.stop());

const SLACK_MS = 4_000;
/** Four slices of 1 BTC, one every 10 s, that cross after 6 s. */
const FOUR = {
  durationMs: 40_000,
  quantity: '4',
  params: { slices: 4, style: 'maker-first', crossAfter: 0.6 },
} as const;

const namesOf = ({ calls }: World) =>
  calls.map(({ command: { slice, child, role, notAfter, dueAt } }) => [slice, child, role, notAfter - dueAt]);

/** The world in which orders at the touch wait in vain. */
const inVain = {
  child: ({ role }: ChildCommand) => Promise.resolve(role === 'maker' ? ({ result: 'expired' } as const) : {}),
};

describe('a slice that waits at the touch', () => {
  it('is over when it fills there', async () => {
    await server.run(FOUR, {}, async (world) => {
      await expect(world.handle.result()).resolves.toEqual({ status: 'completed', filled: '4', residual: '0' });
      expect(namesOf(world)).toEqual([1, 2, 3, 4].map((n) => [n, n, 'maker', 6_000]));
    });
  });

  it('crosses what is left as a child of its own, when it is time and not before', async () => {
    const script = {
      child: ({ role }: ChildCommand) =>
        Promise.resolve(role === 'maker' ? ({ result: 'partially-filled', trade: '0.25' } as const) : {}),
    };
    await server.run(FOUR, script, async (world) => {
      await expect(world.handle.result()).resolves.toEqual({ status: 'completed', filled: '4', residual: '0' });
      expect(namesOf(world)).toEqual(
        [1, 2, 3, 4].flatMap((n) => [
          [n, 2 * n - 1, 'maker', 6_000],
          [n, 2 * n, 'taker', 10_000],
        ]),
      );
      world.calls.forEach(({ at }, k) => {
        const due = Math.floor(k / 2) * 10_000 + (k % 2) * 6_000;
        expect(at).toBeGreaterThanOrEqual(due);
        expect(at).toBeLessThan(due + SLACK_MS);
      });
    });
  });

  it('waits for the time to cross also when the venue refuses the order, since it would take', async () => {
    const script = {
      child: ({ role }: ChildCommand) =>
        Promise.resolve(
          role === 'maker'
            ? ({ result: 'refused', retryable: true, problem: { code: '-2010', detail: 'would take' } } as const)
            : {},
        ),
    };
    await server.run(FOUR, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
      expect(world.calls[1]!.at).toBeGreaterThanOrEqual(6_000);
    });
  });

  it('is carried without crossing when there is nothing to do', async () => {
    const script = {
      child: ({ slice }: ChildCommand) =>
        Promise.resolve(
          slice === 2 ? ({ result: 'carried', problem: { code: 'BELOW_MINIMUM', detail: 'too little' } } as const) : {},
        ),
    };
    await server.run(FOUR, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
      expect(namesOf(world).map(([slice]) => slice)).toEqual([1, 2, 3, 4]);
    });
  });

  it('is taken back by a pause, and crosses once it is resumed in time', async () => {
    const waits = gate();
    const back = gate();
    const script = {
      withdraw: () => back.open(),
      child: async ({ child, role }: ChildCommand) => {
        if (role === 'taker') return {};
        if (child !== 1) return {};
        waits.open();
        await back.opened;
        return { result: 'partially-filled', trade: '0.25' } as const;
      },
    };
    await server.run(FOUR, script, async (world) => {
      await waits.opened;
      await world.handle.executeUpdate(pauseUpdate);
      await back.opened;
      await world.handle.executeUpdate(resumeUpdate);
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
      expect(world.withdrawn).toEqual([1]);
      expect(namesOf(world)[1]).toEqual([1, 2, 'taker', 10_000]);
    });
  });

  it.each([
    ['a cancel', (world: World) => world.handle.executeUpdate(cancelUpdate), 'cancelled'],
    [
      'an amendment',
      (world: World) => world.handle.executeUpdate(amendUpdate, { args: [{ limit: '61000' }] }),
      'completed',
    ],
  ] as const)('is taken back by %s', async (_, send, status) => {
    const waits = gate();
    const back = gate();
    const script = {
      withdraw: () => back.open(),
      child: async ({ child, role }: ChildCommand) => {
        if (child !== 1 || role !== 'maker') return {};
        waits.open();
        await back.opened;
        return { result: 'expired' } as const;
      },
    };
    await server.run(FOUR, script, async (world) => {
      await waits.opened;
      await send(world);
      await back.opened;
      await expect(world.handle.result()).resolves.toMatchObject({ status });
      expect(world.withdrawn).toEqual([1]);
    });
  });

  it('keeps what is still to cross from one run to the next', async () => {
    await server.run(
      FOUR,
      inVain,
      async (world) => {
        await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
        expect(namesOf(world)).toHaveLength(8);
        // A run for each child: the crossing is in another run than the order that waited.
        expect(new Set(world.calls.map(({ runId }) => runId)).size).toBe(8);
      },
      1,
    );
  });
});
