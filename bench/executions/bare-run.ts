import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { projectRoot } from '../../bin/terminal/home.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { BareLoopInput } from './bare-loop.ts';
import { inParallel } from './in-parallel.ts';
import { type Quantiles, quantilesOf } from './quantiles.ts';

/** Longest time before the steps that count: code is compiled and caches are filled then. */
const WARM_UP_MS: DurationMs = 20_000;
/** Time for each start, so that all loops wait before the first is due. */
const START_MS: DurationMs = 25;
const LEAST_LEAD_MS: DurationMs = 5_000;
const STARTS_AT_ONCE = 16;
const WORKFLOW = 'bareLoop';
const READY = 'tradewind:ready';
/** How much later than its due time a step may come before the run is given up. */
const PATIENCE_MS: DurationMs = 120_000;

export interface BareRunOptions {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  readonly loops: number;
  /** Phases spread evenly over the interval, or all steps due at once. */
  readonly phases?: Phases;
  readonly intervalMs: DurationMs;
  readonly measuredMs: DurationMs;
  /** Tells this run from others on the same server. */
  readonly name: string;
}

export type Phases = 'spread' | 'together';

interface Step {
  readonly dueAt: EpochMs;
  readonly at: EpochMs;
}

/**
 * Runs bare loops (a timer and an activity without work) on a worker process of their own and tells how late the activities began. Returns when
 * all loops have ended. Throws when the worker ends, or steps are missing long after they were due.
 */
export async function measureBareLoops(options: BareRunOptions): Promise<Quantiles> {
  const { address, namespace, client, loops, intervalMs, measuredMs, name, phases } = options;
  const taskQueue = `bare-${name}`;
  const worker = await startWorker([address, namespace, taskQueue]);
  try {
    const firstAt = Date.now() + Math.max(LEAST_LEAD_MS, loops * START_MS);
    const countedFrom = firstAt + Math.min(WARM_UP_MS, measuredMs);
    const endAt = countedFrom + measuredMs;
    const inputs = loopInputs(loops, intervalMs, firstAt, endAt, phases);
    await inParallel(STARTS_AT_ONCE, inputs, async (input, k) => {
      await client.workflow.start(WORKFLOW, { taskQueue, workflowId: `${taskQueue}/${k}`, args: [input] });
    });
    const expected = inputs.reduce((sum, { steps }) => sum + steps, 0);
    await worker.untilSteps(expected, endAt + PATIENCE_MS);
    // The last step's own bookkeeping is still to come: nothing of it may run into what is measured next.
    await inParallel(STARTS_AT_ONCE, inputs, (_, k) => client.workflow.getHandle(`${taskQueue}/${k}`).result());
    const late = worker.steps.filter(({ dueAt }) => dueAt >= countedFrom).map(({ dueAt, at }) => at - dueAt);
    const quantiles = quantilesOf(late);
    if (quantiles === null) throw new Error(`no step of ${loops} bare loops was due within ${measuredMs} ms`);
    return quantiles;
  } finally {
    await worker.stop();
  }
}

/** Loops whose steps, all together, are evenly spread over `[firstAt, endAt)`, or due at the same times; those that would have none are left out. */
export function loopInputs(
  loops: number,
  intervalMs: DurationMs,
  firstAt: EpochMs,
  endAt: EpochMs,
  phases: Phases = 'spread',
): readonly BareLoopInput[] {
  return Array.from({ length: loops }, (_, k) => {
    const own = phases === 'together' ? firstAt : firstAt + Math.floor((k * intervalMs) / loops);
    return { firstAt: own, intervalMs, steps: Math.max(0, Math.ceil((endAt - own) / intervalMs)) };
  }).filter(({ steps }) => steps > 0);
}

class BareWorker {
  readonly steps: Step[] = [];
  readonly #child: ChildProcess;
  #ended = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.once('exit', () => (this.#ended = true));
  }

  async untilSteps(count: number, deadline: EpochMs): Promise<void> {
    while (this.steps.length < count) {
      if (this.#ended) throw new Error('the worker of the bare loops has ended');
      if (Date.now() > deadline) {
        throw new Error(`only ${this.steps.length} of ${count} steps of the bare loops came: the machine is too busy`);
      }
      await delay(200);
    }
  }

  async stop(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}

async function startWorker(args: readonly string[]): Promise<BareWorker> {
  const program = join(projectRoot(), 'dist', 'bench', 'executions', 'bare-worker.js');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const worker = new BareWorker(child);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the worker of the bare loops ended with ${code}`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      if (line.startsWith(READY)) resolve();
      else if (line.startsWith('{')) worker.steps.push(JSON.parse(line) as Step);
    });
  });
  return worker;
}
