import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import Big from 'big.js';
import {
  type AmendCommand,
  type AmendResult,
  type ChildCommand,
  type ChildOutcome,
  type EndCommand,
  type TradingActivities,
  type VenueActivities,
  venueQueue,
} from '../../../domain/execution/commands.ts';
import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import { searchAttributes } from '../../../workflows/search-attributes.ts';
import {
  EXECUTION_WORKFLOW,
  type ExecutionInput,
  type ExecutionSummary,
  executionWorkflowId,
} from '../../../workflows/execution/messages.ts';
import { startTimeSkipping } from '../../helpers/time-skipping.ts';

export type Handle = WorkflowHandle<(input: ExecutionInput) => Promise<ExecutionSummary>>;

/** One call of `executeChild`, as the venue worker saw it. */
export interface Call {
  readonly command: ChildCommand;
  /** Milliseconds after the plan's start, on the clock of the server. */
  readonly at: number;
  readonly runId: string;
  /** Number of the activity's own attempt: above 1 after a failure. */
  readonly try: number;
}

/** What a test lets the world do. Every part may be left out. */
export interface Script {
  /** What becomes of a child; the default fills what is wanting to its target. */
  child?(command: ChildCommand, world: World): Promise<Partial<ChildOutcome> & { readonly trade?: string }>;
  close?(command: EndCommand, world: World): Promise<void>;
  /** Whether an amendment holds; the default takes every one. */
  amend?(command: AmendCommand): Promise<AmendResult>;
  withdraw?(child: number): void;
  /** What the venue does when it is asked about the market at the end. */
  endAtVenue?(): Promise<void>;
  measureMarket?(): Promise<void>;
  recordStatus?(status: string): Promise<void>;
  readonly marketMeasured?: boolean;
}

/** One execution with everything around it. */
export interface World {
  readonly plan: ExecutionPlan;
  readonly handle: Handle;
  readonly calls: readonly Call[];
  readonly closes: readonly EndCommand[];
  /** Children whose orders were wanted back. */
  readonly withdrawn: readonly number[];
  /** When the last close was asked for, in milliseconds after the plan's start. */
  readonly closedAt: () => number;
  readonly statuses: readonly string[];
  readonly measured: () => number;
  readonly filled: () => string;
  /** Milliseconds after the plan's start. */
  now(): Promise<number>;
  /** Lets time pass for everybody. */
  sleep(ms: number): Promise<void>;
}

/** The time-skipping test server with the bundle of our workflows. One for each test file. */
export class ScriptedServer {
  private readonly environment: TestWorkflowEnvironment;
  private readonly codePath: string;

  private constructor(environment: TestWorkflowEnvironment, codePath: string) {
    this.environment = environment;
    this.codePath = codePath;
  }

  static async start(): Promise<ScriptedServer> {
    const { environment, codePath } = await startTimeSkipping();
    return new ScriptedServer(environment, codePath);
  }

  stop(): Promise<void> {
    return this.environment.teardown();
  }

  /**
   * Starts an execution with that plan (times are milliseconds after its start, the start `startsInMs` from now) and runs `body`
   * beside it. Fails when the execution has not ended when the body has.
   */
  async run<T>(
    given: Partial<Omit<ExecutionPlan, 'startAt' | 'endAt'>> & {
      readonly durationMs: number;
      readonly startsInMs?: number;
    },
    script: Script,
    body: (world: World) => Promise<T>,
    slicesPerRun?: number,
  ): Promise<T> {
    const { client } = this.environment;
    const { durationMs, startsInMs = 0, ...rest } = given;
    const startAt = (await this.environment.currentTimeMs()) + startsInMs;
    const executionId = randomUUID();
    const plan: ExecutionPlan = {
      executionId,
      algo: 'twap',
      venue: `venue-of-${executionId}`,
      symbol: 'BTC/USDT',
      side: 'buy',
      quantity: '10',
      lot: '0.01',
      limit: null,
      ...rest,
      startAt,
      endAt: startAt + durationMs,
      params: { slices: 10, catchUpFactor: 2, aggressionBps: 10, ...rest.params },
    };
    const calls: Call[] = [];
    const closes: EndCommand[] = [];
    const withdrawn: number[] = [];
    let ordered = plan.quantity;
    const statuses: string[] = [];
    let filled = new Big(0);
    let measured = 0;
    let closedAt = Number.NaN;
    const handle = client.workflow.getHandle(executionWorkflowId(executionId)) as Handle;
    const world: World = {
      plan,
      handle,
      calls,
      closes,
      withdrawn,
      statuses,
      closedAt: () => closedAt,
      measured: () => measured,
      filled: () => filled.toFixed(),
      now: async () => (await this.environment.currentTimeMs()) - startAt,
      sleep: (ms) => this.environment.sleep(ms),
    };
    const venue: VenueActivities = {
      executeChild: async (command) => {
        const info = activityInfo();
        calls.push({ command, at: await world.now(), runId: info.workflowExecution!.runId, try: info.attempt });
        const lacking = new Big(command.target).minus(filled);
        const wanting = lacking.lt(0) ? new Big(0) : lacking;
        const { trade, ...outcome } = (await script.child?.(command, world)) ?? {};
        filled = filled.plus(trade ?? (outcome.result === undefined ? wanting : 0));
        return { result: 'filled', totalFilled: filled.toFixed(), problem: null, retryable: true, ...outcome };
      },
      closeExecution: async () => {
        await script.endAtVenue?.();
        return { marketMeasured: script.marketMeasured ?? true };
      },
      measureMarket: async () => {
        measured += 1;
        await script.measureMarket?.();
      },
    };
    const trading: TradingActivities = {
      recordStatus: async ({ status }) => {
        await script.recordStatus?.(status);
        statuses.push(status);
      },
      recordAmendment: async (command) => {
        const answer = (await script.amend?.(command)) ?? { accepted: true };
        if (answer.accepted) ordered = command.amendment.quantity;
        return answer;
      },
      withdrawChild: async ({ child }) => {
        withdrawn.push(child);
        script.withdraw?.(child);
      },
      recordEnd: async (command) => {
        closes.push(command);
        closedAt = await world.now();
        await script.close?.(command, world);
        return { filled: filled.toFixed(), residual: new Big(ordered).minus(filled).toFixed() };
      },
    };
    const taskQueue = `trading-of-${executionId}`;
    const shared = { connection: this.environment.nativeConnection };
    const workflowWorker = await Worker.create({
      ...shared,
      taskQueue,
      workflowBundle: { codePath: this.codePath },
      activities: trading,
    });
    const venueWorker = await Worker.create({ ...shared, taskQueue: venueQueue(plan.venue), activities: venue });
    return venueWorker.runUntil(
      workflowWorker.runUntil(async () => {
        await client.workflow.start(EXECUTION_WORKFLOW, {
          workflowId: handle.workflowId,
          taskQueue,
          args: [{ plan, ...(slicesPerRun === undefined ? {} : { slicesPerRun }) }],
          typedSearchAttributes: [{ key: searchAttributes.status, value: 'running' }],
        });
        const result = await body(world);
        await handle.result();
        return result;
      }),
    );
  }
}
