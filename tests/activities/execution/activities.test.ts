import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { lookUpPause } from '../../../activities/execution/backoff.ts';
import { createTradingActivities } from '../../../activities/execution/trading-activities.ts';
import { createVenueActivities } from '../../../activities/execution/venue-activities.ts';
import { VenueReadError } from '../../../adapters/ports/venue.ts';
import { Bench, firstChild, plan } from '../fakes/bench.ts';
import { MemoryStore } from '../fakes/memory-store.ts';

let bench: Bench;
let store: MemoryStore;
let environment: MockActivityEnvironment;
let heartbeats: number;
beforeEach(() => {
  bench = new Bench();
  store = new MemoryStore();
  environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  heartbeats = 0;
  environment.on('heartbeat', () => (heartbeats += 1));
});
afterEach(() => {
  jest.useRealTimers();
});

const activities = () => createVenueActivities(bench.deps({ store }));
const run = (command = firstChild) => environment.run(() => activities().executeChild(command));

describe('the activities of a venue account', () => {
  it('run a child order, and give no sign of life when it is done at once', async () => {
    await expect(run()).resolves.toMatchObject({ result: 'filled' });
    expect(heartbeats).toBe(0);
  });

  it('give a sign of life each second for as long as they run, and none after', async () => {
    jest.useFakeTimers();
    const quote = bench.venue.quote.bind(bench.venue);
    bench.venue.quote = async () => {
      await jest.advanceTimersByTimeAsync(10_000);
      return quote();
    };
    await run();
    expect(heartbeats).toBe(10);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(heartbeats).toBe(10);
  });

  it('close an execution and measure its market', async () => {
    await expect(environment.run(() => activities().closeExecution({ plan }))).resolves.toEqual({
      marketMeasured: true,
    });
    await expect(environment.run(() => activities().measureMarket({ plan }))).resolves.toBeUndefined();
  });

  it('do what 0.2 asked for: a child that knew no amendment, and the end and the market in one', async () => {
    const { amendment: _, role: __, intervalMs: ___, ...earlier } = firstChild;
    await expect(environment.run(() => activities().executeChild(earlier as typeof firstChild))).resolves.toMatchObject(
      { result: 'filled' },
    );
    await expect(
      environment.run(() => activities().closeExecution({ plan, status: 'completed', problem: null })),
    ).resolves.toMatchObject({ marketMeasured: true, filled: expect.any(String), residual: expect.any(String) });
  });

  it('pass a failed read on as a failure to be tried again, when the venue says so', async () => {
    bench.venue.quote = () => Promise.reject(new VenueReadError('too many requests', { retryAfterMs: 7_000 }));
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'VenueReadError',
      message: 'too many requests',
      nonRetryable: false,
      nextRetryDelay: 7_000,
    });
  });

  it('leave the time of the next try open where the venue says nothing', async () => {
    bench.venue.fail('balances', 1);
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'VenueReadError', nonRetryable: false });
    expect((failure as ApplicationFailure).nextRetryDelay).toBeUndefined();
  });

  it('pass any other error on as it is', async () => {
    const wrong = { ...firstChild, plan: { ...plan, algo: 'no-such' } };
    await expect(run(wrong)).rejects.toThrow(new RangeError('there is no execution algorithm "no-such"'));
  });
});

describe('the activities of the trading worker', () => {
  it('store a status', async () => {
    await createTradingActivities(store, bench.clock).recordStatus({ executionId: 'e1', status: 'paused' });
    expect(store.record.status).toBe('paused');
  });

  it('store the end, and ask no venue for it', async () => {
    const end = { executionId: 'e1', status: 'cancelled', problem: null } as const;
    await expect(createTradingActivities(store, bench.clock).recordEnd(end)).resolves.toEqual({
      filled: '0.25',
      residual: '4.75',
    });
    expect(store.ends).toEqual([end]);
    expect(bench.venue.reads).toEqual([]);
  });
});

describe('the pause between two look-ups', () => {
  it('is short at first and never longer than 5 s', () => {
    expect([0, 1, 2, 3, 4, 100].map(lookUpPause)).toEqual([250, 500, 1_000, 2_000, 5_000, 5_000]);
  });
});
