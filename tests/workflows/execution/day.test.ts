import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Big from 'big.js';
import type { ChildCommand, ChildOutcome } from '../../../domain/execution/commands.ts';
import { amendUpdate, pauseUpdate, resumeUpdate } from '../../../workflows/execution/messages.ts';
import { ScriptedServer } from './scripted-run.ts';

// A day is skipped in a minute or two, more on a busy machine.
jest.setTimeout(600_000);

let server: ScriptedServer;
beforeAll(async () => {
  server = await ScriptedServer.start();
}, 120_000);
afterAll(() => server.stop());

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How much later than due a slice may be on a busy machine: real time passes while something runs. */
const SLACK_MS = 15_000;

describe('a TWAP of a day', () => {
  it('runs 1,440 slices each at its time, through pause and amendment, exact over all its runs', async () => {
    // Every seventh child fills by halves, every thirteenth not at all at first: what is wanting is caught up.
    const child = (
      { child: number, attempt, target }: ChildCommand,
      filled: string,
    ): Partial<ChildOutcome> & { trade?: string } => {
      const lacking = new Big(target).minus(filled);
      if (number % 13 === 0 && attempt === 1) return { result: 'expired' };
      if (number % 7 === 0) {
        const half = lacking.div('0.02').round(0, Big.roundDown).times('0.01');
        return half.lte(0) ? { result: 'expired' } : { result: 'partially-filled', trade: half.toFixed() };
      }
      return {};
    };
    await server.run(
      { durationMs: DAY_MS, quantity: '1440', params: { slices: 1_440, catchUpFactor: 100 } },
      { child: async (command, world) => child(command, world.filled()) },
      async (world) => {
        const { handle, plan } = world;
        // Half of the day, a pause of ten minutes, then two more hours and 180 more BTC.
        await world.sleep(12 * 60 * MINUTE_MS + 30_000);
        await handle.executeUpdate(pauseUpdate);
        await world.sleep(10 * MINUTE_MS);
        await handle.executeUpdate(amendUpdate, {
          args: [{ quantity: '1620', endAt: plan.startAt + DAY_MS + 2 * 60 * MINUTE_MS }],
        });
        await handle.executeUpdate(resumeUpdate);
        const result = await handle.result();
        expect(result).toMatchObject({ status: 'completed', filled: '1620', residual: '0' });

        const { calls } = world;
        const slices = calls.map(({ command }) => command.slice);
        // The last slice may be tried again; all others come once, in their order.
        const last = slices.at(-1)!;
        expect(last).toBe(1_560);
        const once = slices.slice(0, slices.indexOf(last) + 1);
        expect(once.every((slice, k) => k === 0 || slice > once[k - 1]!)).toBe(true);
        // 1,560 minutes, less the ten or eleven that the pause has passed over.
        expect(once.length).toBeGreaterThanOrEqual(1_560 - 12);
        for (const { at, command } of calls.slice(0, once.length)) {
          expect(command.dueAt).toBe(plan.startAt + (command.slice - 1) * MINUTE_MS);
          const late = at - (command.slice - 1) * MINUTE_MS;
          // The slice that a resume finds due is as late as the resume.
          const isResumed = command.slice === once[721];
          expect(late).toBeGreaterThanOrEqual(0);
          if (!isResumed) expect(late).toBeLessThan(SLACK_MS);
        }
        const targets = calls.map(({ command }) => new Big(command.target));
        expect(targets.every((target, k) => k === 0 || target.gte(targets[k - 1]!))).toBe(true);
        const names = calls.map(({ command }) => `${command.child}|${command.attempt}`);
        expect(new Set(names).size).toBe(names.length);
        // 200 slices a run.
        expect(new Set(calls.map(({ runId }) => runId)).size).toBeGreaterThanOrEqual(8);
        expect(world.closes).toHaveLength(1);
      },
    );
  });
});
