import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { OptimizationFailure, type OptimizationProblem } from '../../../domain/optimization/job/problem.ts';
import {
  cancelOptimizationUpdate,
  optimizationProgressQuery,
  pauseOptimizationUpdate,
  resumeOptimizationUpdate,
} from '../../../workflows/optimization/messages.ts';
import { type Attempt, ScriptedJobs } from './scripted-job.ts';

// Skipped time is quick, a busy machine is not.
jest.setTimeout(60_000);

let server: ScriptedJobs;
beforeAll(async () => {
  server = await ScriptedJobs.start();
}, 120_000);
afterAll(() => server.stop());

const PROBLEM: OptimizationProblem = {
  code: 'OPTIMIZATION_CHANGED',
  detail: 'the job cannot go on: data.0.hash: the bars of X have changed',
  errors: [{ field: 'data.0.hash', value: 'd', message: 'the bars of X have changed' }],
  place: null,
};

/**
 * Lets the first portion fail that holds position 200 or a later one, and every other wait until it is told to stop: this server, unlike the
 * real one, cannot take back an activity that has failed by itself in the meantime.
 */
function failing(problem: OptimizationProblem) {
  let failed = false;
  return async ({ to }: { to: number }): Promise<void> => {
    if (to <= 200) return;
    if (failed) return new Promise(() => undefined);
    failed = true;
    throw new OptimizationFailure(problem);
  };
}

/** A door that what is awaited stands before, until it is opened. */
function gate() {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const pass = (): Promise<void> => {
    reach();
    return opened;
  };
  return { open, reached, pass };
}

const sizes = (attempts: readonly Attempt[]): number[] => attempts.map(({ from, to }) => to - from);

describe('a job', () => {
  it('evaluates every position once, judges them, and ends as completed', async () => {
    await server.run({}, async ({ handle, job, details }) => {
      await expect(handle.result()).resolves.toEqual({
        status: 'completed',
        total: 1_000,
        done: 1_000,
        psr: 0.9,
        dsr: 0.5,
        pbo: 0.3,
        believable: false,
        sentence: 'Not believable: too many trials.',
        problem: null,
      });
      expect(job.isWhole).toBe(true);
      const table = await details();
      expect(table).toContain('| status | completed |');
      expect(table).toContain('| done | 1,000 of 1,000 (100 %) |');
      expect(table).toContain('| verdict | Not believable: too many trials. |');
    });
  });

  it('makes chunks of about ten seconds of work, from the pace of those before', async () => {
    // 10 positions a second and slot: 100 are ten seconds.
    await server.run({ positions: 2_000, slots: 1, msPerPosition: 100 }, async ({ handle, attempts }) => {
      await handle.result();
      const all = sizes(attempts);
      expect(all.slice(0, 2)).toEqual([16, 16]);
      expect(Math.max(...all)).toBe(100);
      expect(all.filter((size) => size === 100).length).toBeGreaterThan(14);
    });
  });

  it('begins its history anew after so many chunks, and loses nothing', async () => {
    const script = { positions: 1_500, chunksPerRun: 4 };
    await server.run(script, async ({ handle, job, attempts }) => {
      await expect(handle.result()).resolves.toMatchObject({ status: 'completed', done: 1_500 });
      expect(job.isWhole).toBe(true);
      const runs = [...new Set(attempts.map(({ runId }) => runId))];
      expect(runs.length).toBeGreaterThan(2);
      // What is known of the pace is carried over: the second run does not begin small again.
      expect(sizes(attempts.filter(({ runId }) => runId === runs[1]))[0]).toBeGreaterThan(16);
    });
  });

  it('ends at once when it was over before it began', async () => {
    await server.run({ beforePortion: failing(PROBLEM) }, async (world) => {
      await world.handle.result();
      const before = world.attempts.length;
      const again = await world.restart();
      await expect(again.result()).resolves.toMatchObject({ status: 'failed', problem: { code: PROBLEM.code } });
      expect(world.attempts).toHaveLength(before);
    });
  });
});

describe('a pause', () => {
  it('lets what is under way go, and a resume goes on at the first missing row', async () => {
    const door = gate();
    const beforePortion = async ({ from }: { from: number }) => {
      if (from >= 400) await door.pass();
    };
    await server.run({ beforePortion }, async ({ handle, job, attempts, details }) => {
      await door.reached;
      const answer = await handle.executeUpdate(pauseOptimizationUpdate);
      expect(answer.status).toBe('paused');
      const { stored } = job;
      const before = [stored.length, attempts.length];
      expect(job.record.status).toBe('paused');
      expect(await details()).toContain('| status | paused |');
      // A second pause changes nothing, and nothing is started meanwhile.
      await handle.executeUpdate(pauseOptimizationUpdate);
      expect([stored.length, attempts.length]).toEqual(before);
      door.open();
      expect((await handle.executeUpdate(resumeOptimizationUpdate)).status).toBe('running');
      await expect(handle.result()).resolves.toMatchObject({ status: 'completed', done: 1_000 });
      expect(job.isWhole).toBe(true);
      expect(job.statuses).toEqual(['running', 'paused', 'running']);
    });
  });

  it('is refused while the rows are being judged, and every command after the end', async () => {
    const door = gate();
    await server.run({ positions: 20, conclude: door.pass }, async ({ handle }) => {
      await door.reached;
      await expect(handle.executeUpdate(pauseOptimizationUpdate)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('being judged') },
      });
      door.open();
      await expect(handle.result()).resolves.toMatchObject({ status: 'completed' });
      await expect(handle.executeUpdate(cancelOptimizationUpdate)).rejects.toThrow(/completed|not found/);
    });
  });
});

describe('a cancel', () => {
  it('ends the job with the rows that it has, unjudged', async () => {
    const door = gate();
    let judged = 0;
    const script = {
      beforePortion: async ({ from }: { from: number }) => {
        if (from >= 300) await door.pass();
      },
      conclude: async () => {
        judged += 1;
      },
    };
    await server.run(script, async ({ handle, job }) => {
      await door.reached;
      await handle.executeUpdate(cancelOptimizationUpdate);
      const outcome = await handle.result();
      expect(outcome).toMatchObject({ status: 'cancelled', sentence: null, done: job.stored.length });
      expect(job.stored.length).toBeGreaterThanOrEqual(32);
      expect([job.record.status, judged]).toEqual(['cancelled', 0]);
    });
  });

  it('comes through from "Request Cancellation" in the Temporal UI, also while the job is paused or judged', async () => {
    const door = gate();
    await server.run({ beforePortion: door.pass }, async ({ handle }) => {
      await door.reached;
      await handle.executeUpdate(pauseOptimizationUpdate);
      await handle.cancel();
      await expect(handle.result()).resolves.toMatchObject({ status: 'cancelled' });
    });
    const judging = gate();
    await server.run({ positions: 20, conclude: judging.pass }, async ({ handle, job }) => {
      await judging.reached;
      await handle.cancel();
      await expect(handle.result()).resolves.toMatchObject({ status: 'cancelled', done: 20 });
      expect(job.isWhole).toBe(true);
    });
  });
});

describe('a chunk that fails', () => {
  it('is tried again from its first missing row, and holds nobody up', async () => {
    let failures = 0;
    const beforePortion = async ({ from }: { from: number }): Promise<void> => {
      if (from < 200 || failures >= 2) return;
      failures += 1;
      throw new Error('the thread died');
    };
    await server.run({ beforePortion, portion: 10 }, async ({ handle, job, attempts }) => {
      await expect(handle.result()).resolves.toMatchObject({ status: 'completed', done: 1_000 });
      expect(job.isWhole).toBe(true);
      const again = attempts.filter((attempt) => attempt.try > 1);
      expect(again.length).toBeGreaterThanOrEqual(1);
      for (const { from, to } of again)
        expect(attempts.some((first) => first.try === 1 && first.from === from && first.to === to)).toBe(true);
    });
  });

  it('for a reason that stays fails the job, which can be resumed when the reason is gone', async () => {
    let isChanged = true;
    const fail = failing(PROBLEM);
    const beforePortion = (portion: { to: number }) => (isChanged ? fail(portion) : Promise.resolve());
    await server.run({ beforePortion }, async ({ handle, job, restart }) => {
      await expect(handle.result()).resolves.toMatchObject({
        status: 'failed',
        problem: { code: 'OPTIMIZATION_CHANGED', detail: PROBLEM.detail },
      });
      expect(job.record).toMatchObject({ status: 'failed', problem: PROBLEM });
      const kept = job.stored.length;
      expect(kept).toBeGreaterThanOrEqual(32);
      isChanged = false;
      job.record = { ...job.record, status: 'queued', problem: null, runs: 2 };
      const again = await restart();
      await expect(again.result()).resolves.toMatchObject({ status: 'completed', done: 1_000 });
      expect(job.isWhole).toBe(true);
    });
  });

  it('of the judgement fails the job with its rows kept', async () => {
    const conclude = () => Promise.reject(new OptimizationFailure({ ...PROBLEM, code: 'OUT_OF_MEMORY' }));
    await server.run({ positions: 20, conclude }, async ({ handle, job }) => {
      await expect(handle.result()).resolves.toMatchObject({ status: 'failed', problem: { code: 'OUT_OF_MEMORY' } });
      expect(job.isWhole).toBe(true);
    });
  });
});

it('answers a query with counters and no rows', async () => {
  await server.run({ positions: 40 }, async ({ handle }) => {
    await handle.result();
    const progress = await handle.query(optimizationProgressQuery);
    expect(progress).toMatchObject({ done: 40, paused: false, best: { position: 39, score: 39 }, plan: { todo: [] } });
    expect(JSON.stringify(progress).length).toBeLessThan(1_000);
  });
});
