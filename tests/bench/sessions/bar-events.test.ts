import { describe, expect, it } from '@jest/globals';
import { eventsPerBar } from '../../../bench/sessions/bar-events.ts';

/** Numbers of event types as the server's API defines them. */
const WORKFLOW_TASK = [5, 6, 7];
const ACTIVITY_SCHEDULED = 10;
const ACTIVITY_DONE = [11, 12];
const START = [1, ...WORKFLOW_TASK];
const BAR = [ACTIVITY_SCHEDULED, ...ACTIVITY_DONE, ...WORKFLOW_TASK];

describe('events that a bar adds to the history of a session', () => {
  it('are 6 for one activity and one workflow task; the call that waits for the next bar has begun', () => {
    expect(eventsPerBar([...START, ...BAR, ...BAR, ...BAR, ACTIVITY_SCHEDULED], 3)).toBe(6);
  });

  it('are more where a call handled no bar', () => {
    expect(eventsPerBar([...START, ...BAR, ...BAR, ...BAR, ACTIVITY_SCHEDULED], 2)).toBe(9);
  });

  it.each([
    ['before the first bar', [...START, ACTIVITY_SCHEDULED], 0],
    ['when nothing was called', START, 0],
  ])('cannot be told %s', (_case, types, bars) => {
    expect(eventsPerBar(types, bars)).toBeNull();
  });
});
