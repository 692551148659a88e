import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from '@jest/globals';
import type { ChunkHeartbeat, ChunkOutcome, PositionRange } from '../../../domain/optimization/job/commands.ts';
import { OptimizationFailure } from '../../../domain/optimization/job/problem.ts';
import {
  createOptimizationActivities,
  createOptimizationRecords,
} from '../../../activities/optimization/optimization-activities.ts';
import { MemoryOptimization, rowsAt, type RunnerScript, scriptedRunner } from '../fakes/memory-optimizations.ts';

const COMMAND = { optimizationId: 'o1', from: 100, to: 200 };

function worldOf(script: Partial<RunnerScript> = {}) {
  const job = new MemoryOptimization('o1', 1_000);
  const runner = scriptedRunner({ portion: 30, msPerPosition: 2, ...script });
  const activities = createOptimizationActivities({ store: job.store, runner, worker: 'w1', slots: 2 });
  const attempt = (heartbeatDetails?: ChunkHeartbeat, command = COMMAND) => {
    const environment = new MockActivityEnvironment(
      heartbeatDetails === undefined ? {} : { attempt: 2, heartbeatDetails },
    );
    const beats: number[] = [];
    environment.on('heartbeat', ({ next }: ChunkHeartbeat) => beats.push(next));
    const run = (): Promise<ChunkOutcome> => environment.run((own) => activities.evaluateChunk(own), command);
    return { environment, beats, run };
  };
  return { job, runner, activities, attempt };
}

const positions = ({ from, to }: PositionRange): number[] => [...rowsAt({ from, to }).positions];

describe('a chunk', () => {
  it('stores its rows portion by portion, beats with what is stored, and tells how it went', async () => {
    const { job, attempt } = worldOf();
    const { beats, run } = attempt();
    expect(await run()).toEqual({
      evaluated: 100,
      busyMs: 200,
      done: 100,
      best: { position: 199, score: 199 },
      worker: 'w1',
      slots: 2,
    });
    expect(job.stored).toEqual(positions(COMMAND));
    expect(beats).toEqual([100, 100, 130, 160, 190, 200]);
  });

  it('goes on at the first row that is missing, also when no heartbeat tells of it', async () => {
    const { job, runner, attempt } = worldOf();
    await job.store.writeRows(1, COMMAND, rowsAt({ from: 100, to: 160 }), { next: 160, busyMs: 1, best: null });
    expect(await attempt().run()).toMatchObject({ evaluated: 40, done: 100 });
    expect(runner.asked).toEqual([{ from: 160, to: 200 }]);
    expect(job.stored).toEqual(positions(COMMAND));
  });

  it('goes on where the heartbeat says when that is further', async () => {
    const { runner, attempt } = worldOf();
    await attempt({ next: 190 }).run();
    expect(runner.asked).toEqual([{ from: 190, to: 200 }]);
  });

  it('goes on where chunks of other sizes have left it', async () => {
    const { job, runner, attempt } = worldOf();
    for (const chunk of [
      { from: 50, to: 120 },
      { from: 120, to: 150 },
      { from: 170, to: 200 },
    ])
      await job.store.writeRows(1, chunk, rowsAt(chunk), { next: chunk.to, busyMs: 1, best: null });
    await attempt().run();
    expect(runner.asked).toEqual([{ from: 150, to: 200 }]);
  });

  it('computes nothing when all its rows are there, or the job is over', async () => {
    const { job, runner, attempt } = worldOf();
    await attempt().run();
    expect(await attempt().run()).toMatchObject({ evaluated: 0, busyMs: 0, done: 100 });
    await job.store.recordEnd('o1', 'cancelled', null);
    expect(await attempt(undefined, { ...COMMAND, from: 300, to: 400 }).run()).toMatchObject({ evaluated: 0 });
    expect(runner.asked).toHaveLength(1);
  });

  it('lets go when it is told to, and keeps what is stored', async () => {
    const { job, attempt } = worldOf({
      beforePortion: async ({ from }) => {
        if (from < 160) return;
        environment.cancel();
        await new Promise(() => undefined);
      },
    });
    const { environment, run } = attempt();
    await expect(run()).rejects.toThrow('CANCELLED');
    expect(job.stored).toEqual(positions({ from: 100, to: 160 }));
  });

  it('is not tried again for what trying again does not help', async () => {
    const problem = { code: 'STRATEGY_FAILED', detail: 'it threw', errors: [], place: null } as const;
    const { attempt } = worldOf({ beforePortion: () => Promise.reject(new OptimizationFailure(problem)) });
    await expect(attempt().run()).rejects.toMatchObject({
      type: 'OptimizationFailure',
      nonRetryable: true,
      details: [problem],
    });
  });

  it('is left to another attempt for everything else', async () => {
    const { attempt } = worldOf({ beforePortion: () => Promise.reject(new Error('the thread died')) });
    await expect(attempt().run()).rejects.toThrow('the thread died');
  });
});

describe('the records of a job', () => {
  it('tell what is left to do, and begin it', async () => {
    const { job } = worldOf();
    const records = createOptimizationRecords(job.store);
    for (const chunk of [
      { from: 0, to: 20 },
      { from: 500, to: 520 },
    ])
      await job.store.writeRows(1, chunk, rowsAt(chunk), { next: chunk.to - 5, busyMs: 1, best: null });
    expect(await records.openOptimization({ optimizationId: 'o1' })).toEqual({
      outcome: null,
      todo: [
        { from: 15, to: 500 },
        { from: 515, to: 1_000 },
      ],
      done: 40,
    });
    expect(job.record.status).toBe('running');
  });

  it('answer with the end that came first', async () => {
    const { job } = worldOf();
    const records = createOptimizationRecords(job.store);
    const problem = { code: 'RUN_FAILED', detail: 'it broke', errors: [], place: null } as const;
    await records.endOptimization({ optimizationId: 'o1', status: 'failed', problem });
    const outcome = await records.endOptimization({ optimizationId: 'o1', status: 'cancelled', problem: null });
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'RUN_FAILED', detail: 'it broke' } });
    expect((await records.openOptimization({ optimizationId: 'o1' })).outcome).toEqual(outcome);
  });

  it('are about a job that there is', async () => {
    const records = createOptimizationRecords(worldOf().job.store);
    await expect(records.openOptimization({ optimizationId: 'o2' })).rejects.toThrow('there is no optimisation o2');
  });
});

describe('the judgement', () => {
  it('is stored once and answered again without being made again', async () => {
    let made = 0;
    const { job, activities } = worldOf({
      conclude: async () => {
        made += 1;
      },
    });
    const run = () =>
      new MockActivityEnvironment().run(() => activities.concludeOptimization({ optimizationId: 'o1' }));
    const outcome = await run();
    expect(outcome).toMatchObject({ status: 'completed', dsr: 0.5, pbo: 0.3, believable: false });
    expect(await run()).toEqual(outcome);
    expect([made, job.record.status]).toEqual([1, 'completed']);
  });
});
