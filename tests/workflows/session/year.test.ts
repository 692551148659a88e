import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SessionCommand, SessionGlance } from '../../../domain/session/commands.ts';
import { amendSessionUpdate, pauseSessionUpdate, resumeSessionUpdate } from '../../../workflows/session/messages.ts';
import { glance, ScriptedSessions } from './scripted-session.ts';

// 8,760 activities: a minute or two, more on a busy machine.
jest.setTimeout(900_000);

let server: ScriptedSessions;
beforeAll(async () => {
  server = await ScriptedSessions.start();
}, 120_000);
afterAll(() => server.stop());

const HOUR = 3_600_000;
const BARS = 8_760;
/** The server warns at 10,240 events of a history and ends it at 51,200. */
const EVENTS_WARNED_OF = 10_240;

describe('a year of 1-hour bars', () => {
  it('is one session in small histories, with commands in between', async () => {
    let bars = 0;
    let status: SessionGlance['status'] = 'running';
    const waiting = new Map<number, () => void>();
    const at = (bar: number): Promise<void> => new Promise((resolve) => waiting.set(bar, resolve));
    const seen = (): SessionGlance => glance({ status, bars, lastBar: bars === 0 ? null : (bars - 1) * HOUR });
    const script = {
      barMs: HOUR,
      run: (): SessionGlance => {
        bars += 1;
        waiting.get(bars)?.();
        if (bars >= BARS) status = 'stopped';
        return seen();
      },
      command: ({ kind }: SessionCommand): SessionGlance => {
        if (kind === 'pause') status = 'paused';
        if (kind === 'resume') status = 'running';
        return seen();
      },
    };
    const marks = [500, 3_000, 7_000].map((bar) => at(bar));
    await server.run(script, async ({ handle, commands, historyLengths }) => {
      for (const mark of marks) {
        await mark;
        await handle.executeUpdate(pauseSessionUpdate, { args: [{ mode: 'keep', by: 'ann' }] });
        await handle.executeUpdate(amendSessionUpdate, { args: [{ params: { fast: 4 }, by: 'ann' }] });
        await handle.executeUpdate(resumeSessionUpdate, { args: [{ reason: 'looked', by: 'ann' }] });
      }
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: BARS });
      expect(commands).toHaveLength(9);
      const lengths = await historyLengths();
      // 500 calls a run: 17 whole ones and the rest.
      expect(lengths).toHaveLength(Math.ceil(BARS / 500));
      expect(Math.max(...lengths)).toBeLessThan(EVENTS_WARNED_OF);
      const perBar = lengths.reduce((sum, length) => sum + length, 0) / BARS;
      expect(perBar).toBeLessThan(7);
    });
  });
});
