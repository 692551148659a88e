import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { venueQueue } from '../../../domain/execution/commands.ts';
import type { JanitorActivities, Reconciliation } from '../../../domain/execution/janitor.ts';
import { JANITOR_WORKFLOW, type JanitorReport } from '../../../workflows/janitor/messages.ts';
import { NOTHING_FOUND } from '../../helpers/sample-findings.ts';
import { startTimeSkipping } from '../../helpers/time-skipping.ts';

jest.setTimeout(30_000);

let environment: TestWorkflowEnvironment;
let codePath: string;
beforeAll(async () => {
  ({ environment, codePath } = await startTimeSkipping());
}, 120_000);
afterAll(() => environment?.teardown());

const FOUND: Reconciliation = {
  findings: { ...NOTHING_FOUND, settled: 1, foreignOrders: 2 },
  differences: { USDT: '5' },
};

/** One round over accounts whose workers do this; an account without a worker is away. */
async function run(
  records: JanitorActivities,
  sweeps: Readonly<Record<string, () => Promise<Reconciliation>>>,
): Promise<JanitorReport> {
  const { nativeConnection: connection, client } = environment;
  const queue = randomUUID();
  const trading = await Worker.create({
    connection,
    taskQueue: queue,
    workflowBundle: { codePath },
    activities: { ...records },
  });
  const accounts = await Promise.all(
    Object.entries(sweeps).map(([venue, sweepAccount]) =>
      Worker.create({ connection, taskQueue: venueQueue(venue), activities: { sweepAccount } }),
    ),
  );
  const round = (): Promise<JanitorReport> =>
    client.workflow.execute(JANITOR_WORKFLOW, {
      workflowId: randomUUID(),
      taskQueue: queue,
      args: [{ workerWithinMs: 500 }],
    });
  const workers = [trading, ...accounts];
  return workers.reduce<() => Promise<JanitorReport>>((inner, worker) => () => worker.runUntil(inner), round)();
}

const records = (venues: readonly string[], abandoned: readonly string[] = []): JanitorActivities => ({
  listAccounts: async () => venues,
  closeAbandonedExecutions: async () => abandoned,
});

describe('a round of the janitor', () => {
  it('ends what is abandoned before it reconciles, so that their orders are looked after too', async () => {
    const order: string[] = [];
    const report = await run(
      {
        ...records(['round-a', 'round-b']),
        closeAbandonedExecutions: async () => {
          order.push('abandoned');
          return ['e1'];
        },
      },
      {
        'round-a': async () => {
          order.push('sweep');
          return FOUND;
        },
        'round-b': async () => FOUND,
      },
    );
    expect(report).toEqual({
      abandoned: ['e1'],
      accounts: [
        { venue: 'round-a', outcome: 'reconciled', ...FOUND },
        { venue: 'round-b', outcome: 'reconciled', ...FOUND },
      ],
    });
    expect(order).toEqual(['abandoned', 'sweep']);
  });

  it('is not held up by an account whose worker is away, or whose venue cannot be read', async () => {
    let tries = 0;
    const report = await run(records(['away', 'mute', 'well']), {
      mute: async () => {
        tries += 1;
        throw new Error('the venue gave no answer');
      },
      well: async () => FOUND,
    });
    expect(report.accounts).toEqual([
      { venue: 'away', outcome: 'not-reconciled', reason: 'no answer in time (SCHEDULE_TO_START)' },
      { venue: 'mute', outcome: 'not-reconciled', reason: 'the venue gave no answer' },
      { venue: 'well', outcome: 'reconciled', ...FOUND },
    ]);
    expect(tries).toBe(2);
  });

  it('fails when our own records cannot be read: the schedule shows it, and the next round tries again', async () => {
    await expect(
      run(
        {
          ...records([]),
          listAccounts: async () => {
            throw new Error('no database');
          },
        },
        {},
      ),
    ).rejects.toThrow('Workflow execution failed');
  });
});
