import { expect, it } from '@jest/globals';
import { createSessionActivities } from '../../../activities/session/session-activities.ts';
import { SessionBench } from './session-bench.ts';

it('the queue of sessions takes commands as well: an earlier build has put some there, and they are tried again for as long as nobody takes them', () => {
  expect(Object.keys(createSessionActivities(new SessionBench().deps)).toSorted()).toEqual([
    'commandSession',
    'runSession',
  ]);
});
