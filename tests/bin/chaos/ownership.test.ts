import { describe, expect, it } from '@jest/globals';
import { type AccountWork, intrusionsOf } from '../../../bin/chaos/ownership.ts';

const takeOver = (epoch: number, pid: number, at: number) => ({ venue: 'sim', epoch, owner: `host/${pid}`, at });
const work = (pid: number, startedAt: number, queue = 'venue-sim'): AccountWork => ({
  workflowId: 'execution/a',
  queue,
  worker: `${pid}@host`,
  startedAt,
});

describe('work on a venue account', () => {
  const takeOvers = [takeOver(1, 11, 1_000), takeOver(2, 22, 50_000)];

  it('is in order when its owner of the time did it', () => {
    expect(intrusionsOf([work(11, 1_000), work(11, 49_999), work(22, 50_000), work(22, 90_000)], takeOvers)).toEqual(
      [],
    );
  });

  it('is an intrusion when somebody else did it', () => {
    const intruders = [work(22, 30_000), work(11, 60_000), work(33, 60_000), work(11, 500)];
    expect(intrusionsOf(intruders, takeOvers)).toEqual([
      { ...work(22, 30_000), venue: 'sim', owner: 'host/11' },
      { ...work(11, 60_000), venue: 'sim', owner: 'host/22' },
      { ...work(33, 60_000), venue: 'sim', owner: 'host/22' },
      { ...work(11, 500), venue: 'sim', owner: 'nobody' },
    ]);
  });

  it('may be begun by the last owner until it has heard that its time is over', () => {
    expect(intrusionsOf([work(11, 54_999)], takeOvers)).toEqual([]);
    expect(intrusionsOf([work(11, 55_000)], takeOvers)).toHaveLength(1);
  });

  it('is told from other work', () => {
    expect(intrusionsOf([work(99, 30_000, 'trading'), work(99, 30_000, 'venue-simulated')], takeOvers)).toEqual([]);
  });
});
