import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import {
  SESSIONS_QUEUE,
  type SessionActivities,
  type SessionCommand,
  type SessionGlance,
  type SessionRecords,
} from '../../../domain/session/commands.ts';
import { searchAttributes } from '../../../workflows/search-attributes.ts';
import {
  SESSION_WORKFLOW,
  type SessionEnd,
  type SessionInput,
  sessionWorkflowId,
} from '../../../workflows/session/messages.ts';
import { startTimeSkipping } from '../../helpers/time-skipping.ts';

export type Handle = WorkflowHandle<(input: SessionInput) => Promise<SessionEnd>>;

/** One session with everything around it. */
export interface World {
  readonly handle: Handle;
  /** Commands that were put on record, in order. */
  readonly commands: readonly SessionCommand[];
  /** The table that the Temporal UI shows. */
  readonly details: () => Promise<string>;
  /** How many events the history of each run has, oldest run first. */
  readonly historyLengths: () => Promise<readonly number[]>;
}

export interface Script {
  readonly barMs?: number;
  readonly callsPerRun?: number;
  /** The `n`-th call of `runSession`, from 1. */
  run(n: number): Promise<SessionGlance> | SessionGlance;
  command?(command: SessionCommand): Promise<SessionGlance> | SessionGlance;
}

export const glance = (changes: Partial<SessionGlance> = {}): SessionGlance => ({
  status: 'running',
  lastBar: null,
  bars: 0,
  facts: [['strategy', 'sma-cross']],
  problem: null,
  ...changes,
});

/** The time-skipping test server with the bundle of our workflows, and sessions whose activities are scripts. One for each test file. */
export class ScriptedSessions {
  private readonly environment: TestWorkflowEnvironment;
  private readonly codePath: string;
  /** The queue is one for all sessions, so its worker is too; each session has its own script. */
  private readonly sessions = new Map<string, SessionActivities & SessionRecords>();
  private worker: Worker | null = null;
  private working: Promise<void> = Promise.resolve();

  private constructor(environment: TestWorkflowEnvironment, codePath: string) {
    this.environment = environment;
    this.codePath = codePath;
  }

  static async start(): Promise<ScriptedSessions> {
    const { environment, codePath } = await startTimeSkipping();
    const sessions = new ScriptedSessions(environment, codePath);
    const activities: SessionActivities = {
      runSession: (command) => sessions.sessions.get(command.sessionId)!.runSession(command),
    };
    sessions.worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: SESSIONS_QUEUE,
      shutdownForceTime: '1s',
      activities,
    });
    sessions.working = sessions.worker.run();
    return sessions;
  }

  async stop(): Promise<void> {
    this.worker?.shutdown();
    await this.working;
    await this.environment.teardown();
  }

  /** Starts a session and runs `body` beside it. Fails when the session has not ended when the body has. */
  async run<T>(script: Script, body: (world: World) => Promise<T>): Promise<T> {
    const { client } = this.environment;
    const sessionId = randomUUID();
    const commands: SessionCommand[] = [];
    let calls = 0;
    this.sessions.set(sessionId, {
      runSession: async () => script.run(++calls),
      commandSession: async ({ command }) => {
        commands.push(command);
        if (script.command === undefined) throw new Error('no command is expected');
        return script.command(command);
      },
    });
    const taskQueue = `trading-of-${sessionId}`;
    const workflowWorker = await Worker.create({
      connection: this.environment.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: this.codePath },
      activities: {
        commandSession: (command) => this.sessions.get(sessionId)!.commandSession(command),
      } satisfies SessionRecords,
    });
    const { barMs = 60_000, callsPerRun } = script;
    const input: SessionInput = {
      sessionId,
      barMs,
      facts: [['strategy', 'sma-cross']],
      ...(callsPerRun === undefined ? {} : { callsPerRun }),
    };
    const workflowId = sessionWorkflowId(sessionId);
    return workflowWorker.runUntil(async () => {
      await client.workflow.start(SESSION_WORKFLOW, {
        workflowId,
        taskQueue,
        args: [input],
        typedSearchAttributes: [{ key: searchAttributes.status, value: 'running' }],
      });
      const handle = client.workflow.getHandle(workflowId) as Handle;
      const details = async (): Promise<string> => {
        const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
        return metadata.currentDetails ?? '';
      };
      const historyLengths = async (): Promise<readonly number[]> => {
        const lengths: number[] = [];
        for (let runId = (await handle.describe()).runId; runId !== '';) {
          const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
          const events = history.events ?? [];
          lengths.unshift(events.length);
          runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
        }
        return lengths;
      };
      const result = await body({ handle, commands, details, historyLengths });
      await handle.result();
      return result;
    });
  }
}
