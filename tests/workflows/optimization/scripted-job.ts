import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import {
  createOptimizationActivities,
  createOptimizationRecords,
} from '../../../activities/optimization/optimization-activities.ts';
import type {
  OptimizationActivities,
  OptimizationOutcome,
  PositionRange,
} from '../../../domain/optimization/job/commands.ts';
import { COMPUTE_QUEUE } from '../../../workflows/backtest/messages.ts';
import {
  OPTIMIZATION_WORKFLOW,
  type OptimizationInput,
  optimizationWorkflowId,
} from '../../../workflows/optimization/messages.ts';
import { searchAttributes } from '../../../workflows/search-attributes.ts';
import { MemoryOptimization, type RunnerScript, scriptedRunner } from '../../activities/fakes/memory-optimizations.ts';
import { startTimeSkipping } from '../../helpers/time-skipping.ts';

export type Handle = WorkflowHandle<(input: OptimizationInput) => Promise<OptimizationOutcome>>;

/** One attempt at a chunk, as the compute worker saw it. */
export interface Attempt extends PositionRange {
  readonly try: number;
  readonly runId: string;
}

/** One job with everything around it. */
export interface World {
  readonly job: MemoryOptimization;
  readonly handle: Handle;
  readonly attempts: readonly Attempt[];
  /** The table that the Temporal UI shows. */
  readonly details: () => Promise<string>;
  /** Starts the workflow again, as a resume after a failure does. */
  readonly restart: () => Promise<Handle>;
}

export interface Script extends Partial<RunnerScript> {
  readonly positions?: number;
  readonly slots?: number;
  readonly chunksPerRun?: number;
  /** Before the activity does anything: what it throws is an attempt that failed. */
  beforeChunk?(attempt: Attempt): Promise<void>;
}

const SLOTS = 2;

/** The time-skipping test server with the bundle of our workflows. One for each test file. */
export class ScriptedJobs {
  private readonly environment: TestWorkflowEnvironment;
  private readonly codePath: string;
  /** The queue is one for all jobs, so its worker is too; each job has its own activities. */
  private readonly jobs = new Map<string, OptimizationActivities>();
  private worker: Worker | null = null;
  private working: Promise<void> = Promise.resolve();

  private constructor(environment: TestWorkflowEnvironment, codePath: string) {
    this.environment = environment;
    this.codePath = codePath;
  }

  static async start(): Promise<ScriptedJobs> {
    const { environment, codePath } = await startTimeSkipping();
    const jobs = new ScriptedJobs(environment, codePath);
    await jobs.startCompute();
    return jobs;
  }

  async stop(): Promise<void> {
    this.worker?.shutdown();
    await this.working;
    await this.environment.teardown();
  }

  private async startCompute(): Promise<void> {
    const of = ({ optimizationId }: { readonly optimizationId: string }): OptimizationActivities =>
      this.jobs.get(optimizationId)!;
    const activities: OptimizationActivities = {
      evaluateChunk: (command) => of(command).evaluateChunk(command),
      concludeOptimization: (command) => of(command).concludeOptimization(command),
    };
    this.worker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue: COMPUTE_QUEUE,
      maxConcurrentActivityTaskExecutions: SLOTS,
      maxHeartbeatThrottleInterval: '50ms',
      shutdownForceTime: '1s',
      activities,
    });
    this.working = this.worker.run();
  }

  /** Starts a job and runs `body` beside it. Fails when the job has not ended when the body has. */
  async run<T>(script: Script, body: (world: World) => Promise<T>): Promise<T> {
    const { client } = this.environment;
    const { positions = 1_000, slots = SLOTS, chunksPerRun } = script;
    const optimizationId = randomUUID();
    const job = new MemoryOptimization(optimizationId, positions);
    const attempts: Attempt[] = [];
    const runner = scriptedRunner({ portion: 50, msPerPosition: 100, ...script });
    const compute = createOptimizationActivities({ store: job.store, runner, worker: 'w1', slots });
    const taskQueue = `trading-of-${optimizationId}`;
    const workflowWorker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: this.codePath },
      activities: createOptimizationRecords(job.store),
    });
    this.jobs.set(optimizationId, {
      ...compute,
      evaluateChunk: async (command) => {
        const { attempt, workflowExecution } = activityInfo();
        const { from, to } = command;
        const seen = { from, to, try: attempt, runId: workflowExecution!.runId };
        attempts.push(seen);
        await script.beforeChunk?.(seen);
        return compute.evaluateChunk(command);
      },
    });
    const input: OptimizationInput = {
      optimizationId,
      title: 'optimisation of sma-cross on X',
      facts: { strategy: 'sma-cross', symbols: 'X' },
      total: positions,
      positions,
      priority: 4,
      ...(chunksPerRun === undefined ? {} : { chunksPerRun }),
    };
    const start = (): Promise<Handle> =>
      client.workflow.start(OPTIMIZATION_WORKFLOW, {
        workflowId: optimizationWorkflowId(optimizationId),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        taskQueue,
        args: [input],
        typedSearchAttributes: [{ key: searchAttributes.status, value: 'running' }],
      }) as Promise<Handle>;
    return workflowWorker.runUntil(async () => {
      await start();
      const handle = client.workflow.getHandle(optimizationWorkflowId(optimizationId)) as Handle;
      const details = async (): Promise<string> => {
        const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
        return metadata.currentDetails ?? '';
      };
      const result = await body({ job, handle, attempts, details, restart: start });
      await handle.result();
      return result;
    });
  }
}
