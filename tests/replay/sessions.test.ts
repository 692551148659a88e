import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { replayHistories } from '../../workers/replay.ts';
import { installRuntime } from '../../workers/run-worker.ts';
import { workflowBundlePath } from '../helpers/workflow-bundle.ts';

jest.setTimeout(60_000);

const FOLDER = fileURLToPath(new URL('../histories/session/', import.meta.url));

/** What the tests touch of a history as JSON. */
interface Recorded {
  events: {
    eventType: string;
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
    activityTaskStartedEventAttributes?: { attempt?: number; lastFailure?: { message: string } };
    activityTaskCompletedEventAttributes?: { result: { payloads: { data: string }[] } };
    workflowExecutionUpdateAcceptedEventAttributes?: { acceptedRequest: { input: { name: string } } };
    workflowExecutionCancelRequestedEventAttributes?: object;
    workflowExecutionContinuedAsNewEventAttributes?: object;
  }[];
}

const read = (name: string): Recorded => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Recorded;
const updates = (name: string): readonly string[] =>
  read(name).events.flatMap(
    ({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted?.acceptedRequest.input.name ?? [],
  );

let codePath: string;
let folder: string;
beforeAll(async () => {
  installRuntime('replay');
  codePath = await workflowBundlePath();
  folder = mkdtempSync(join(tmpdir(), 'tradewind-replay-sessions-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Replays a history after `change`, and gives what was said against it. */
async function replayTampered(name: string, change: (history: Recorded) => void): Promise<readonly string[]> {
  const history = read(name);
  const before = JSON.stringify(history);
  change(history);
  if (JSON.stringify(history) === before) throw new Error('the history was not changed');
  const file = join(folder, 'tampered.json');
  writeFileSync(file, JSON.stringify(history));
  const { failed } = await replayHistories([file], codePath);
  return failed.map(({ error }) => error);
}

describe('recorded histories of sessions', () => {
  it('are of all that a session can be asked for', () => {
    expect(updates('plain')).toEqual(['stop']);
    expect(updates('paused')).toEqual(['pause', 'resume']);
    expect(read('paused').events.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
    expect(updates('amended')).toEqual(['amend', 'stop']);
    expect(read('continued-as-new').events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeDefined();
  });

  it('are of a worker that was killed while it waited for a bar', () => {
    const retried = read('crashed').events.filter(
      ({ activityTaskStartedEventAttributes: started }) => (started?.attempt ?? 1) > 1,
    );
    expect(
      retried.map(({ activityTaskStartedEventAttributes: started }) => started?.lastFailure?.message),
    ).toContainEqual(expect.stringMatching(/[Hh]eartbeat timeout/));
  });
});

describe('a history of a session that the workflow code cannot have written', () => {
  it('is refused when an activity is of another type', async () => {
    const errors = await replayTampered('plain', ({ events }) => {
      const asked = events.find((event) => event.activityTaskScheduledEventAttributes !== undefined);
      asked!.activityTaskScheduledEventAttributes!.activityType.name = 'runOther';
    });
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
    expect(errors[0]).toContain('runOther');
  });

  it('is refused when a session goes on although a step had said that it was over', async () => {
    const errors = await replayTampered('plain', ({ events }) => {
      const first = events.find((event) => event.activityTaskCompletedEventAttributes !== undefined)!;
      const [payload] = first.activityTaskCompletedEventAttributes!.result.payloads;
      const glance = JSON.parse(Buffer.from(payload!.data, 'base64').toString('utf8')) as object;
      payload!.data = Buffer.from(JSON.stringify({ ...glance, status: 'stopped' })).toString('base64');
    });
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });

  it('is refused when a command left no record', async () => {
    const errors = await replayTampered('amended', ({ events }) => {
      const asked = events.find(
        ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType.name === 'commandSession',
      );
      asked!.activityTaskScheduledEventAttributes!.activityType.name = 'runSession';
    });
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });
});
