import { expect, it } from '@jest/globals';
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { problemOf } from '../../../workflows/backtest/problem-of.ts';

const failed = (cause: Error): ActivityFailure =>
  new ActivityFailure('Activity task failed', 'runBacktest', '1', 'MAXIMUM_ATTEMPTS_REACHED', 'worker', cause);

it('is a lost worker when the last attempt was not heard of any more', () => {
  const timeout = new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT');
  expect(problemOf(failed(timeout), 10)).toEqual({
    code: 'WORKER_LOST',
    detail: expect.stringMatching(/^in 10 attempts no worker lived/),
  });
});

it.each([
  [new TimeoutFailure('activity StartToClose timeout', undefined, 'START_TO_CLOSE'), 'activity StartToClose timeout'],
  [ApplicationFailure.retryable('the database is away'), 'the database is away'],
])('is a failure of ours otherwise: %s', (cause, detail) => {
  expect(problemOf(failed(cause), 10)).toEqual({ code: 'RUN_FAILED', detail });
});
