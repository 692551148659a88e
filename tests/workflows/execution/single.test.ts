import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChildCommand } from '../../../domain/execution/commands.ts';
import { amendUpdate, cancelUpdate, pauseUpdate, resumeUpdate } from '../../../workflows/execution/messages.ts';
import { gate } from './gate.ts';
import { type Script, ScriptedServer, type World } from './scripted-run.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(60_000);

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
}, 120_000);
afterAll(() => server.stop());

const DAY_MS = 86_400_000;
const STOP = {
  algo: 'single',
  side: 'sell',
  durationMs: 400 * DAY_MS,
  quantity: '4',
  params: { kind: 'stop', stopPrice: '58000', stopSlippageBps: 50, reduceOnly: 1 },
} as const;

const namesOf = ({ calls }: World) => calls.map(({ command: { slice, child, role } }) => [slice, child, role]);

/** A stop that waits until it is wanted back, then ends with so much traded; each later one does what `later` says. */
function taken(trade: string, later: () => ReturnType<NonNullable<Script['child']>>) {
  const waits = gate();
  const back = gate();
  const script: Script = {
    withdraw: () => back.open(),
    child: async ({ child }: ChildCommand) => {
      if (child !== 1) return later();
      waits.open();
      await back.opened;
      return trade === '0' ? { result: 'expired' } : { result: 'partially-filled', trade };
    },
  };
  return { waits, back, script };
}

describe('an execution of one order that rests', () => {
  it('is asked for once, for as long as it may rest, and is over when it has filled', async () => {
    await server.run(STOP, {}, async (world) => {
      await expect(world.handle.result()).resolves.toEqual({ status: 'completed', filled: '4', residual: '0' });
      expect(namesOf(world)).toEqual([[1, 1, 'resting']]);
      const { command } = world.calls[0]!;
      expect([command.notAfter, command.target, command.finalTarget]).toEqual([world.plan.endAt, '4', '4']);
    });
  });

  it('is over when its order has ended at the venue, and sends no other', async () => {
    const script = { child: () => Promise.resolve({ result: 'partially-filled', trade: '1' } as const) };
    await server.run(STOP, script, async (world) => {
      await expect(world.handle.result()).resolves.toEqual({ status: 'expired', filled: '1', residual: '3' });
      expect(world.calls).toHaveLength(1);
      expect(world.closes).toMatchObject([{ status: 'expired', problem: { code: 'ORDER_ENDED' } }]);
    });
  });

  it('fails at once with the code of a refusal that is for good', async () => {
    const problem = { code: 'TRIGGER_PASSED', detail: '-2010: Stop price would trigger immediately.' };
    const script = { child: () => Promise.resolve({ result: 'refused', retryable: false, problem } as const) };
    await server.run(STOP, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'failed', filled: '0' });
      expect(world.calls).toHaveLength(1);
      expect(world.closes).toMatchObject([{ status: 'failed', problem }]);
    });
  });

  it('is sent under the next attempt when it surely was never placed', async () => {
    const script = {
      child: ({ attempt }: ChildCommand) => Promise.resolve(attempt < 3 ? ({ result: 'not-placed' } as const) : {}),
    };
    await server.run(STOP, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
      expect(world.calls.map(({ command: { child, attempt } }) => [child, attempt])).toEqual([
        [1, 1],
        [1, 2],
        [1, 3],
      ]);
    });
  });

  it.each([
    ['an Update', (world: World) => world.handle.executeUpdate(cancelUpdate)],
    ['the cancellation of its workflow', (world: World) => world.handle.cancel()],
  ] as const)('is taken back by %s, with what it has traded by then', async (_, send) => {
    const { waits, script } = taken('1', () => Promise.resolve({}));
    await server.run(STOP, script, async (world) => {
      await waits.opened;
      await send(world);
      await expect(world.handle.result()).resolves.toEqual({ status: 'cancelled', filled: '1', residual: '3' });
      expect(world.withdrawn).toEqual([1]);
      expect(world.calls).toHaveLength(1);
    });
  });

  it('is taken back by a pause, and goes on as another child once it is resumed', async () => {
    const { waits, back, script } = taken('1', () => Promise.resolve({}));
    await server.run(STOP, script, async (world) => {
      await waits.opened;
      await world.handle.executeUpdate(pauseUpdate);
      await back.opened;
      await world.handle.executeUpdate(resumeUpdate);
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
      expect(namesOf(world)).toEqual([
        [1, 1, 'resting'],
        [1, 2, 'resting'],
      ]);
    });
  });

  it.each([
    ['another limit', { limit: '57000' }, '4', 1],
    ['another quantity', { quantity: '6' }, '6', 2],
  ] as const)('goes on with %s when it is amended', async (_, request, filled, slice) => {
    const { waits, script } = taken('1', () => Promise.resolve({}));
    await server.run(STOP, script, async (world) => {
      await waits.opened;
      await world.handle.executeUpdate(amendUpdate, { args: [request] });
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled });
      expect(namesOf(world)).toEqual([
        [1, 1, 'resting'],
        [slice, 2, 'resting'],
      ]);
      const { command } = world.calls[1]!;
      expect([command.amendment, command.plan.limit, command.finalTarget]).toEqual([
        1,
        'limit' in request ? request.limit : null,
        filled,
      ]);
    });
  });
});

describe('an execution of one marketable order', () => {
  const QUICK = {
    ...STOP,
    durationMs: 30_000,
    params: { kind: 'marketable', aggressionBps: 50, reduceOnly: 0 },
  } as const;

  it('tries what is left again while its time lasts', async () => {
    const script = {
      child: ({ attempt }: ChildCommand) =>
        Promise.resolve(attempt === 1 ? ({ result: 'partially-filled', trade: '1' } as const) : {}),
    };
    await server.run(QUICK, script, async (world) => {
      await expect(world.handle.result()).resolves.toMatchObject({ status: 'completed', filled: '4' });
      expect(namesOf(world)).toEqual([
        [1, 1, 'taker'],
        [1, 1, 'taker'],
      ]);
    });
  });
});
