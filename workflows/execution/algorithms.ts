import type { Schedule } from '../../domain/execution/algorithm.ts';
import { SINGLE_MAX_DURATION_MS, singleSchedule } from '../../domain/execution/single/schedule.ts';
import { TWAP_MAX_DURATION_MS, twapSchedule } from '../../domain/execution/twap/schedule.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

/** What running histories depend on of an algorithm. */
interface Known {
  readonly schedule: Schedule;
  readonly maxDurationMs: DurationMs;
}

/** One line for each algorithm. */
const algorithms: Readonly<Record<string, Known>> = {
  twap: { schedule: twapSchedule, maxDurationMs: TWAP_MAX_DURATION_MS },
  single: { schedule: singleSchedule, maxDurationMs: SINGLE_MAX_DURATION_MS },
};

/** The schedule of that algorithm. Throws a `RangeError` that names the known ones. */
export function scheduleOf(algo: string): Schedule {
  return knownOf(algo).schedule;
}

/** The longest that an execution of that algorithm may take. Throws a `RangeError` that names the known ones. */
export function maxDurationOf(algo: string): DurationMs {
  return knownOf(algo).maxDurationMs;
}

function knownOf(algo: string): Known {
  const known = algorithms[algo];
  if (known === undefined) {
    throw new RangeError(`there is no schedule for "${algo}"; known: ${Object.keys(algorithms).join(', ')}`);
  }
  return known;
}
