import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { replayHistories } from '../../workers/replay.ts';
import { installRuntime } from '../../workers/run-worker.ts';
import { workflowBundlePath } from '../helpers/workflow-bundle.ts';

jest.setTimeout(60_000);

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
const RECORDED = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort();

/** What the tests touch of a history as JSON. */
interface Recorded {
  events: {
    eventId: string;
    eventType: string;
    activityTaskScheduledEventAttributes?: { activityType: { name: string }; activityId: string };
    workflowExecutionContinuedAsNewEventAttributes?: object;
    workflowExecutionStartedEventAttributes?: { input: { payloads: { data: string }[] } };
    activityTaskStartedEventAttributes?: { attempt?: number; lastFailure?: { message: string } };
    activityTaskCompletedEventAttributes?: { result?: { payloads: { data: string }[] } };
    timerStartedEventAttributes?: { timerId: string };
    workflowTaskTimedOutEventAttributes?: object;
    workflowExecutionUpdateAcceptedEventAttributes?: object;
  }[];
}

const readHistory = (name: string): Recorded => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded;

let codePath: string;
let folder: string;
beforeAll(async () => {
  installRuntime('replay');
  codePath = await workflowBundlePath();
  folder = mkdtempSync(join(tmpdir(), 'tradewind-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const payloadOf = ({ data }: { readonly data: string }): unknown =>
  JSON.parse(Buffer.from(data, 'base64').toString('utf8'));

const replay = (...names: string[]) =>
  replayHistories(
    names.map((name) => join(FOLDER, name)),
    codePath,
  );

/** Replays a history, the plain one if none is named, after `change`, and gives what was said against it. */
async function replayTampered(change: (history: Recorded) => void, name = 'plain'): Promise<readonly string[]> {
  const history = readHistory(`execution/${name}.json`);
  const before = JSON.stringify(history);
  change(history);
  if (JSON.stringify(history) === before) throw new Error('the history was not changed');
  const file = join(folder, 'tampered.json');
  writeFileSync(file, JSON.stringify(history));
  const { failed } = await replayHistories([file], codePath);
  return failed.map(({ error }) => error);
}

/** Events numbered without a gap again, with all that refers to them. */
function renumbered(events: Recorded['events']): Recorded['events'] {
  const numbers = new Map(events.map(({ eventId }, index) => [eventId, String(index + 1)]));
  return JSON.parse(
    JSON.stringify(events, (name, value: unknown) =>
      /eventId$/i.test(name) ? (numbers.get(value as string) ?? value) : value,
    ),
  ) as Recorded['events'];
}

describe('recorded histories', () => {
  it.each(RECORDED)('%s replays with the workflow code as it is', async (name) => {
    await expect(replay(name)).resolves.toEqual({ checked: 1, failed: [] });
  });

  it('are among them: amended ones, one of slices that wait at the touch, and one that began and ended as new', () => {
    const scheduled = (name: string) =>
      readHistory(`execution/${name}.json`).events.flatMap(
        (event) => event.activityTaskScheduledEventAttributes?.activityType.name ?? [],
      );
    expect(scheduled('amended').filter((name) => name === 'recordAmendment')).toHaveLength(2);
    // A pause took the first order back, and each slice is a child that waits and one that crosses.
    expect(scheduled('maker-first')).toContain('withdrawChild');
    expect(scheduled('maker-first').filter((name) => name === 'executeChild').length).toBeGreaterThan(3);
    const { events } = readHistory('execution/continued-as-new.json');
    const [input] = events[0]!.workflowExecutionStartedEventAttributes!.input.payloads;
    expect(payloadOf(input!)).toMatchObject({
      progress: { handledSlices: 3, amendment: { number: 1, quantity: '0.1' } },
    });
    expect(events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeDefined();
  });

  it('are among them: single orders that filled at once, rested until they filled, and were taken back', () => {
    const activitiesOf = (name: string) =>
      readHistory(`execution/single-${name}.json`).events.flatMap(({ activityTaskScheduledEventAttributes: asked }) =>
        asked?.activityType.name === 'executeChild' || asked?.activityType.name === 'withdrawChild'
          ? [asked.activityType.name]
          : [],
      );
    expect(activitiesOf('marketable')).toEqual(['executeChild']);
    expect(activitiesOf('stop-filled')).toEqual(['executeChild']);
    expect(activitiesOf('stop-cancelled')).toEqual(['executeChild', 'withdrawChild']);
    // By the pause, and by the amendment.
    expect(activitiesOf('limit-amended')).toEqual([
      'executeChild',
      'withdrawChild',
      'executeChild',
      'withdrawChild',
      'executeChild',
    ]);
  });

  it('are among them: those that 0.2 wrote, which asked for the market and the end in one and recorded no end', () => {
    const earlier = RECORDED.filter((name) => name.startsWith('execution/0.2/'));
    expect(earlier).toHaveLength(5);
    for (const name of earlier) {
      const { events } = readHistory(name);
      const types = events.flatMap(({ activityTaskScheduledEventAttributes: asked }) => asked?.activityType.name ?? []);
      expect(types).toContain('closeExecution');
      expect(types).not.toContain('recordEnd');
    }
  });

  it('are among them: a plain one, one with messages, and one of killed workers', () => {
    const has = (name: string, holds: (event: Recorded['events'][number]) => boolean) =>
      readHistory(name).events.some(holds);
    expect(has('execution/plain.json', (event) => (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1)).toBe(
      false,
    );
    expect(
      has('execution/paused.json', (event) => event.workflowExecutionUpdateAcceptedEventAttributes !== undefined),
    ).toBe(true);
    // The venue worker died in a child, and the trading worker before it could hear of its end.
    expect(
      has('execution/crashed.json', ({ activityTaskStartedEventAttributes: started }) =>
        /Heartbeat timeout/.test(started?.lastFailure?.message ?? ''),
      ),
    ).toBe(true);
    expect(has('execution/crashed.json', (event) => event.workflowTaskTimedOutEventAttributes !== undefined)).toBe(
      true,
    );
    // The compute worker died in a run, and another began it anew.
    expect(
      has('backtest/crashed.json', ({ activityTaskStartedEventAttributes: started }) =>
        /Heartbeat timeout/.test(started?.lastFailure?.message ?? ''),
      ),
    ).toBe(true);
  });
});

describe('a run that 0.2 began with what it carried of the one before', () => {
  /** The history of 0.2 as the second run of an execution whose first came to no child. */
  const begunWith = (progress: object) =>
    replayTampered(({ events }) => {
      const [payload] = events[0]!.workflowExecutionStartedEventAttributes!.input.payloads;
      const input = { ...(payloadOf(payload!) as object), progress };
      payload!.data = Buffer.from(JSON.stringify(input)).toString('base64');
    }, '0.2/plain');
  const carried = {
    paused: false,
    cancelRequested: false,
    retry: null,
    exhausted: false,
    refusals: 0,
    lastProblem: null,
  };

  it('replays: what it does not say of children, crossings and amendments is nothing', async () => {
    await expect(begunWith({ ...carried, handledSlices: 0, filled: '0' })).resolves.toEqual([]);
  });

  it('is refused when it carried other slices than its children show', async () => {
    await expect(begunWith({ ...carried, handledSlices: 3, filled: '0.03' })).resolves.toEqual([
      expect.stringMatching(/[Nn]ondeterminism|non-deterministic/),
    ]);
  });
});

describe('a history that the workflow code cannot have written', () => {
  it('is refused when an activity is of another type', async () => {
    const errors = await replayTampered(({ events }) => {
      const child = events.find((event) => event.activityTaskScheduledEventAttributes !== undefined);
      child!.activityTaskScheduledEventAttributes!.activityType.name = 'executeOther';
    });
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
    expect(errors[0]).toContain('executeOther');
  });

  it('is refused when a timer is missing', async () => {
    const isTimer = (event: Recorded['events'][number]): boolean =>
      ['EVENT_TYPE_TIMER_STARTED', 'EVENT_TYPE_TIMER_FIRED'].includes(event.eventType);
    const errors = await replayTampered((history) => {
      const [started, fired] = history.events.filter(isTimer);
      history.events = renumbered(history.events.filter((event) => event !== started && event !== fired));
    });
    expect(errors).toEqual([expect.stringMatching(/Nondeterminism.*imer/s)]);
  });

  it('is refused when a child ended otherwise than the next step needs', async () => {
    const errors = await replayTampered(({ events }) => {
      const ended = events.find((event) => event.activityTaskCompletedEventAttributes?.result !== undefined);
      const payload = ended!.activityTaskCompletedEventAttributes!.result!.payloads[0]!;
      const outcome = JSON.parse(Buffer.from(payload.data, 'base64').toString('utf8')) as Record<string, unknown>;
      // All of the order: then no timer follows, but the end.
      payload.data = Buffer.from(JSON.stringify({ ...outcome, totalFilled: '0.04' })).toString('base64');
    });
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });

  it('is refused when a run began with another amendment than its children show', async () => {
    const errors = await replayTampered(({ events }) => {
      const [payload] = events[0]!.workflowExecutionStartedEventAttributes!.input.payloads;
      const input = payloadOf(payload!) as { progress: { amendment: { course: { startAt: number } } } };
      // An hour later: no slice would have been due.
      input.progress.amendment.course.startAt += 3_600_000;
      payload!.data = Buffer.from(JSON.stringify(input)).toString('base64');
    }, 'continued-as-new');
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });

  it('is refused when an amendment was recorded that nobody had asked for', async () => {
    const errors = await replayTampered((history) => {
      const first = history.events.find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType.name === 'executeChild',
      );
      first!.activityTaskScheduledEventAttributes!.activityType.name = 'recordAmendment';
    }, 'amended');
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });

  it('is refused when 0.2 is said to have stored the end first', async () => {
    const errors = await replayTampered(({ events }) => {
      const close = events.find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType.name === 'closeExecution',
      );
      close!.activityTaskScheduledEventAttributes!.activityType.name = 'recordEnd';
    }, '0.2/plain');
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });

  it('is refused when an order that waited was not taken back', async () => {
    const errors = await replayTampered((history) => {
      const pause = history.events.find((event) => event.workflowExecutionUpdateAcceptedEventAttributes !== undefined);
      const withdrawal = history.events.find(
        (event) => event.activityTaskScheduledEventAttributes?.activityType.name === 'withdrawChild',
      );
      expect(pause).toBeDefined();
      withdrawal!.activityTaskScheduledEventAttributes!.activityType.name = 'recordStatus';
    }, 'maker-first');
    expect(errors).toEqual([expect.stringMatching(/[Nn]ondeterminism|non-deterministic/)]);
  });

  it('is refused without the flags of the SDK, since its replay would prove nothing', async () => {
    const file = join(folder, 'without-flags.json');
    const text = readFileSync(join(FOLDER, 'execution/plain.json'), 'utf8');
    writeFileSync(file, text.replaceAll('coreUsedFlags', 'langUsedFlags'));
    await expect(replayHistories([file], codePath)).resolves.toEqual({
      checked: 1,
      failed: [{ file, error: expect.stringContaining('coreUsedFlags') }],
    });
  });

  it.each([
    ['no JSON', 'not a history'],
    ['JSON that is no history', '{"coreUsedFlags": []}'],
    ['nothing', ''],
  ])('is refused when it is %s, and those beside it are checked', async (_, text) => {
    const file = join(folder, 'rubbish.json');
    writeFileSync(file, text);
    const result = await replayHistories(
      [file, join(FOLDER, 'execution/plain.json'), join(folder, 'not-there.json')],
      codePath,
    );
    expect(result.checked).toBe(3);
    expect(result.failed.map((each) => basename(each.file))).toEqual(['rubbish.json', 'not-there.json']);
  });
});
