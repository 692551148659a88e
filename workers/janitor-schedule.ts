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
 * it is there; a person who has paused or changed it in the Temporal UI has done so for good. Tries until it works or `stop` comes.
 */
export async function scheduleJanitor(client: Client, everyMs: DurationMs, stop: AbortSignal): Promise<void> {
  for (let pause = 500; !stop.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await createSchedule(client, everyMs);
      return;
    } catch (error) {
      process.stderr.write(`the janitor cannot be scheduled: ${(error as Error).message}; again in ${pause} ms\n`);
      await delay(pause, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

async function createSchedule(client: Client, everyMs: DurationMs): Promise<void> {
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
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
