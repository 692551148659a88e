import { expect, test } from '@jest/globals';
import { VenueClock } from '../../../adapters/venues/venue-clock.ts';

/** A network whose outward and return journeys take the given times, and a venue that is `skew` ms ahead. */
async function measured(skew: number, journeys: readonly (readonly [number, number])[]): Promise<VenueClock> {
  let now = 1_000_000;
  let sample = 0;
  const clock = new VenueClock({ now: () => now });
  await clock.measure(() => {
    const [out, back] = journeys[sample] ?? [0, 0];
    sample += 1;
    now += out;
    const theirs = now + skew;
    now += back;
    return Promise.resolve(theirs);
  });
  return clock;
}

test('equal journeys give the offset exactly, in either direction', async () => {
  const even = [10, 20, 30, 40, 50].map((ms) => [ms, ms] as const);
  // 1.27 s: how far a recorder of this exchange's streams once was behind it.
  expect((await measured(1270, even)).offsetMs).toBe(1270);
  expect((await measured(-1270, even)).offsetMs).toBe(-1270);
});

test('one slow answer does not move it: the median of five is taken', async () => {
  const journeys = [
    [5, 5],
    [5, 5],
    [5, 2005],
    [5, 5],
    [5, 5],
  ] as const;
  expect((await measured(300, journeys)).offsetMs).toBe(300);
});

test('the error is half the difference of the journeys', async () => {
  // Venue time is read 20 ms after asking, 40 ms before the answer: 20 - (20 + 40) / 2 = -10.
  const journeys = Array.from({ length: 5 }, () => [20, 40] as const);
  expect((await measured(0, journeys)).offsetMs).toBe(-10);
});
