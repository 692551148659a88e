import { setTimeout as delay } from 'node:timers/promises';
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { ConfigError, type Environment, optional } from '../adapters/config.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import { TRADING_QUEUE } from '../workflows/execution/messages.ts';
import { JANITOR_SCHEDULE, JANITOR_WORKFLOW } from '../workflows/janitor/messages.ts';

const MINUTE_MS: DurationMs = 60_000;
/** A run that a dead worker left must not keep the next ones from starting for ever. */
const RUN_WITHIN_MS: DurationMs = 15 * MINUTE_MS;
const LONGEST_PAUSE_MS: DurationMs = 10_000;

/** How often the janitor runs, from the environment. Throws a `ConfigError` that names the variable. */
export function janitorEveryMs(env: Environment): DurationMs {
  const text = optional(env, 'TRADEWIND_JANITOR_EVERY_S', '60');
  const seconds = Number(text);
  if (/^[1-9]\d{0,4}$/.test(text) && seconds >= 10 && seconds <= 86_400) return seconds * 1_000;
  throw new ConfigError(`TRADEWIND_JANITOR_EVERY_S="${text}": give whole seconds from 10 to 86400`);
}

/**
 * Creates the schedule of the janitor, once for all workers: never two runs at a time, none made up for after an outage. Does nothing when
 * it is there, but says so when it runs at other times than asked for: a person who has paused or changed it in the Temporal UI has done so for good. Tries
 * until it works or `stop` comes.
 */
export async function scheduleJanitor(
  client: Pick<Client, 'schedule'>,
  everyMs: DurationMs,
  stop: AbortSignal,
  say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Promise<void> {
  for (let pause = 500; !stop.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      if (!(await createSchedule(client, everyMs))) await compareSchedule(client, everyMs, say);
      return;
    } catch (error) {
      say(`the janitor cannot be scheduled: ${(error as Error).message}; again in ${pause} ms`);
      await delay(pause, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

/** What `TRADEWIND_JANITOR_EVERY_S` says and the schedule does not do is told to whoever has set it. */
async function compareSchedule(
  client: Pick<Client, 'schedule'>,
  everyMs: DurationMs,
  say: (line: string) => void,
): Promise<void> {
  const { spec } = await client.schedule.getHandle(JANITOR_SCHEDULE).describe();
  const intervals = (spec.intervals ?? []).map(({ every }) => Number(every));
  if (intervals.length === 1 && intervals[0] === everyMs) return;
  const now = intervals.length === 0 ? 'at no interval' : `every ${intervals.map((ms) => ms / 1_000).join(' and ')} s`;
  say(
    `the janitor runs ${now}, not every ${everyMs / 1_000} s as TRADEWIND_JANITOR_EVERY_S says: that counts when its schedule is created. ` +
      `Change the schedule "${JANITOR_SCHEDULE}" in the Temporal UI, or delete it there and start a trading worker`,
  );
}

/** @returns whether there was none before */
async function createSchedule(client: Pick<Client, 'schedule'>, everyMs: DurationMs): Promise<boolean> {
  try {
    await client.schedule.create({
      scheduleId: JANITOR_SCHEDULE,
      spec: { intervals: [{ every: everyMs }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: MINUTE_MS },
      action: {
        type: 'startWorkflow',
        workflowType: JANITOR_WORKFLOW,
        workflowId: JANITOR_SCHEDULE,
        taskQueue: TRADING_QUEUE,
        args: [],
        workflowExecutionTimeout: RUN_WITHIN_MS,
        staticSummary: 'looks after orders and executions that nobody works',
      },
    });
    return true;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    return false;
  }
}
