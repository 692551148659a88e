import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { SessionCommand, SessionGlance } from '../../../domain/session/commands.ts';
import {
  amendSessionUpdate,
  pauseSessionUpdate,
  resumeSessionUpdate,
  sessionGlanceQuery,
  stopSessionUpdate,
} from '../../../workflows/session/messages.ts';
import { gate } from '../execution/gate.ts';
import { glance, ScriptedSessions } from './scripted-session.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(60_000);

let server: ScriptedSessions;
beforeAll(async () => {
  server = await ScriptedSessions.start();
}, 120_000);
afterAll(() => server.stop());

const MINUTE = 60_000;
const by = 'ann';

/** A session that handles a bar a call, and waits at the bar `hold` until it is let go. Commands change its status at once, as in the store. */
class Market {
  bars = 0;
  status: SessionGlance['status'] = 'running';
  stopAfter = Number.POSITIVE_INFINITY;
  readonly #hold: number;
  #release: () => void = () => undefined;
  readonly #released: Promise<void>;
  #arrive: () => void = () => undefined;
  readonly held: Promise<void>;

  constructor(hold = Number.POSITIVE_INFINITY) {
    this.#hold = hold;
    this.#released = new Promise((resolve) => (this.#release = resolve));
    this.held = new Promise((resolve) => (this.#arrive = resolve));
  }

  readonly run = async (): Promise<SessionGlance> => {
    if (this.bars === this.#hold) {
      this.#arrive();
      await this.#released;
    }
    if (this.status === 'stopping') this.status = 'stopped';
    else this.bars += 1;
    if (this.bars > this.stopAfter) this.status = 'stopped';
    return this.seen();
  };

  readonly command = (command: SessionCommand): SessionGlance => {
    if (command.kind === 'pause') this.status = 'paused';
    if (command.kind === 'resume') this.status = 'running';
    if (command.kind === 'stop') this.status = 'stopping';
    return this.seen();
  };

  go(): void {
    this.#release();
  }

  seen(): SessionGlance {
    const lastBar = this.bars === 0 ? null : (this.bars - 1) * MINUTE;
    return glance({ status: this.status, bars: this.bars, lastBar, facts: [['position', `${this.bars} BTC`]] });
  }
}

describe('a session', () => {
  it('takes one bar after another until it has ended, and shows how it stands', async () => {
    const market = new Market();
    market.stopAfter = 3;
    await server.run(market, async ({ handle, details }) => {
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: 4 });
      const table = await details();
      expect(table).toContain('| status\u00A0\u00A0 | stopped |');
      expect(table).toContain('| position\u00A0\u00A0 | 4 BTC |');
      expect(table).toContain('| problem\u00A0\u00A0 | none |');
    });
  });

  it('names the bar that it waits for beside the activity', async () => {
    const market = new Market(3);
    await server.run(market, async ({ handle }) => {
      await market.held;
      const { events = [] } = await handle.fetchHistory();
      const summaries = events!.flatMap(({ userMetadata }) => {
        const data = userMetadata?.summary?.data;
        return data === undefined || data === null ? [] : [JSON.parse(Buffer.from(data).toString('utf8')) as string];
      });
      expect(summaries).toEqual(['first bar', 'bar 00:01', 'bar 00:02', 'bar 00:03']);
      market.stopAfter = 3;
      market.go();
    });
  });

  it('takes commands beside a step: answered once they are on record', async () => {
    const market = new Market(2);
    await server.run(market, async ({ handle, commands, details }) => {
      await market.held;
      const pause = await handle.executeUpdate(pauseSessionUpdate, { args: [{ mode: 'flatten', by }] });
      expect(pause).toEqual({ status: 'paused', bars: 2 });
      expect(await details()).toContain('| status\u00A0\u00A0 | paused |');
      await handle.executeUpdate(resumeSessionUpdate, { args: [{ reason: 'looked', by }] });
      await handle.executeUpdate(amendSessionUpdate, { args: [{ params: { fast: 4 }, by }] });
      const stop = await handle.executeUpdate(stopSessionUpdate, { args: [{ mode: 'cancel', by }] });
      expect(stop.status).toBe('stopping');
      market.go();
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: 2 });
      expect(commands).toEqual([
        { kind: 'pause', mode: 'flatten', by },
        { kind: 'resume', reason: 'looked', by },
        { kind: 'amend', params: { fast: 4 }, by },
        { kind: 'stop', mode: 'cancel', by },
      ]);
    });
  });

  it('is not said to run by a step that had looked before it was paused and tells of it afterwards', async () => {
    const arrived = [gate(), gate()];
    const release = [gate(), gate()];
    const script = {
      run: async (n: number): Promise<SessionGlance> => {
        arrived[n - 1]!.open();
        await release[n - 1]!.opened;
        // The second is of a database that was restored from a copy: an end is an end.
        return n === 1 ? glance({ bars: 1, version: 6 }) : glance({ status: 'stopped', bars: 1, version: 2 });
      },
      command: (): SessionGlance => glance({ status: 'paused', bars: 1, version: 7 }),
    };
    await server.run(script, async ({ handle, details }) => {
      await arrived[0]!.opened;
      await handle.executeUpdate(pauseSessionUpdate, { args: [{ mode: 'keep', by }] });
      release[0]!.open();
      await arrived[1]!.opened;
      expect(await details()).toContain('| status\u00A0\u00A0 | paused |');
      release[1]!.open();
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: 1 });
    });
  });

  it('refuses at once, without a record, what a session that is being stopped cannot have', async () => {
    const market = new Market(1);
    await server.run(market, async ({ handle, commands }) => {
      await market.held;
      await handle.executeUpdate(stopSessionUpdate, { args: [{ mode: 'keep', by }] });
      await expect(handle.executeUpdate(resumeSessionUpdate, { args: [{ reason: 'no', by }] })).rejects.toMatchObject({
        cause: { type: 'SESSION_STOPPING' },
      });
      // A stop can still be made another.
      await handle.executeUpdate(stopSessionUpdate, { args: [{ mode: 'flatten', by }] });
      market.go();
      await handle.result();
      expect(commands.map(({ kind }) => kind)).toEqual(['stop', 'stop']);
    });
  });

  it('passes on why the record refused a command', async () => {
    const market = new Market(1);
    const script = {
      run: market.run,
      command: (command: SessionCommand): SessionGlance => {
        if (command.kind === 'stop') return market.command(command);
        throw ApplicationFailure.nonRetryable('the session is stopped', 'SESSION_ENDED');
      },
    };
    await server.run(script, async ({ handle }) => {
      await market.held;
      await expect(handle.executeUpdate(pauseSessionUpdate, { args: [{ mode: 'keep', by }] })).rejects.toMatchObject({
        cause: { type: 'SESSION_ENDED', message: 'the session is stopped' },
      });
      await handle.executeUpdate(stopSessionUpdate, { args: [{ mode: 'keep', by }] });
      market.go();
    });
  });

  it('takes a request for cancellation as a stop that keeps positions', async () => {
    const market = new Market(2);
    await server.run(market, async ({ handle, commands }) => {
      await market.held;
      await handle.cancel();
      while (market.status !== 'stopping') await handle.query(sessionGlanceQuery);
      market.go();
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: 2 });
      expect(commands).toEqual([{ kind: 'stop', mode: 'keep', by: 'Temporal' }]);
    });
  });

  it('goes on when its activity fails, however often', async () => {
    const market = new Market();
    market.stopAfter = 2;
    let calls = 0;
    const run = (): Promise<SessionGlance> => {
      calls += 1;
      if (calls % 3 !== 0) throw new Error('the database is away');
      return market.run();
    };
    await server.run({ run }, async ({ handle }) => {
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: 3 });
      expect(calls).toBe(9);
    });
  });

  it('begins its history anew and carries on what it knows', async () => {
    const market = new Market();
    market.stopAfter = 9;
    await server.run({ run: market.run, callsPerRun: 4 }, async ({ handle, historyLengths, details }) => {
      await expect(handle.result()).resolves.toEqual({ status: 'stopped', bars: 10 });
      expect(await historyLengths()).toHaveLength(3);
      expect(await details()).toContain('| position\u00A0\u00A0 | 10 BTC |');
    });
  });
});
