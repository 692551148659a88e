import { describe, expect, it } from '@jest/globals';
import { eventsPerTimer } from '../../../bench/executions/history-events.ts';

/** Numbers of event types as the server's API defines them. */
const TIMER_STARTED = 17;
const TIMER_FIRED = 18;
const WORKFLOW_TASK = [5, 6, 7];
const ACTIVITY = [10, 11, 12];
const START = [1, ...WORKFLOW_TASK];
/** Timer, workflow task, activity, workflow task. */
const STEP = [TIMER_STARTED, TIMER_FIRED, ...WORKFLOW_TASK, ...ACTIVITY, ...WORKFLOW_TASK];

describe('events that a slice adds', () => {
  it('are 11 for one timer and one activity', () => {
    expect(eventsPerTimer([...START, ...STEP, ...STEP, ...STEP, 2])).toBe(11);
  });

  it('cannot be told from one timer', () => {
    expect(eventsPerTimer([...START, ...STEP, 2])).toBeNull();
  });
});
