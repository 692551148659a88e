import type { Schedule } from '../../domain/execution/algorithm.ts';
import { twapSchedule } from '../../domain/execution/twap/schedule.ts';

/** The schedules that running histories depend on: one line for each algorithm. */
const schedules: Readonly<Record<string, Schedule>> = {
  twap: twapSchedule,
};

/** The schedule of that algorithm. Throws a `RangeError` that names the known ones. */
export function scheduleOf(algo: string): Schedule {
  const schedule = schedules[algo];
  if (schedule === undefined) {
    throw new RangeError(`there is no schedule for "${algo}"; known: ${Object.keys(schedules).join(', ')}`);
  }
  return schedule;
}
