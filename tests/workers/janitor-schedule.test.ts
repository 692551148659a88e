import { describe, expect, it } from '@jest/globals';
import { type Client, ScheduleAlreadyRunning } from '@temporalio/client';
import { scheduleJanitor } from '../../workers/janitor-schedule.ts';

/** A server whose schedule is there, with those intervals in ms; without any it is not, and can be created. */
function clientOf(intervals?: readonly number[]): {
  readonly client: Pick<Client, 'schedule'>;
  readonly created: number[];
} {
  const created: number[] = [];
  const schedule = {
    create: ({ spec }: { readonly spec: { readonly intervals: readonly { readonly every: number }[] } }) => {
      if (intervals !== undefined) return Promise.reject(new ScheduleAlreadyRunning('it is there', 'janitor'));
      created.push(...spec.intervals.map(({ every }) => every));
      return Promise.resolve({});
    },
    getHandle: () => ({
      describe: () => Promise.resolve({ spec: { intervals: intervals?.map((every) => ({ every, offset: 0 })) } }),
    }),
  };
  return { client: { schedule } as unknown as Pick<Client, 'schedule'>, created };
}

async function said(intervals: readonly number[] | undefined, everyMs: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await scheduleJanitor(clientOf(intervals).client, everyMs, new AbortController().signal, (line) => lines.push(line));
  return lines;
}

describe('the schedule of the janitor', () => {
  it('is created as often as asked for', async () => {
    const { client, created } = clientOf();
    await scheduleJanitor(client, 30_000, new AbortController().signal);
    expect(created).toEqual([30_000]);
  });

  it('is left alone, without a word, where it does what is asked for', async () => {
    await expect(said([60_000], 60_000)).resolves.toEqual([]);
  });

  it.each([
    ['another interval', [60_000], 'every 60 s, not every 30 s'],
    ['more than one interval', [30_000, 60_000], 'every 30 and 60 s, not every 30 s'],
    ['no interval', [], 'at no interval, not every 30 s'],
  ])('says how it runs where it has %s', async (_, intervals, text) => {
    const lines = await said(intervals, 30_000);
    expect(lines).toEqual([expect.stringContaining(text)]);
    expect(lines[0]).toContain('TRADEWIND_JANITOR_EVERY_S');
  });
});
